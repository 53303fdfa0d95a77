"""Bringing a database to the tables of this version and back, and writing the next migration.

After a change of the tables: ``python -m engine.storage.migrate "what changed and why"`` writes a
dated file into ``migrations/versions``; read it before it is committed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine

from engine.storage.database import connect
from engine.storage.tables import Base

HOME = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run every migration that is missing, in one transaction; several processes may start at
    once."""
    _run(engine, lambda config: command.upgrade(config, to))


def downgrade(engine: Engine, to: str = "base") -> None:
    """Undo migrations down to that revision; ``base`` leaves no table of ours."""
    _run(engine, lambda config: command.downgrade(config, to))


def differences(engine: Engine) -> list[Any]:
    """What the database has otherwise than the tables say; empty when migrations tell the whole
    story."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, Base.metadata))


def write_next(message: str, today: datetime) -> None:
    """Write the migration that leads from the last one to the tables as they stand, dated."""
    with TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/empty.db")
        upgrade(engine)
        _run(
            engine,
            lambda config: command.revision(
                config, message, autogenerate=True, rev_id=f"{today:%Y%m%d_%H%M}"
            ),
        )
        engine.dispose()


def _run(engine: Engine, what: Any) -> None:
    with engine.execution_options(relecture_write=True).begin() as connection:
        _take_turns(connection)
        config = Config()
        config.set_main_option("script_location", str(HOME).replace("%", "%%"))
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        config.attributes["connection"] = connection
        what(config)


def _take_turns(connection: Connection) -> None:
    """On PostgreSQL an advisory lock held until commit; SQLite's BEGIN IMMEDIATE already lets
    one writer in at a time."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(823741)")


if __name__ == "__main__":
    write_next(sys.argv[1], datetime.now(UTC))
