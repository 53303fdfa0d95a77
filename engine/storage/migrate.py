"""Migrates a database to the tables of this version and back, and writes the next migration.

After changing the tables, ``python -m engine.storage.migrate "what changed and why"`` writes a
dated file into ``migrations/versions``; read it before you commit it. Operations that would fail on
tables with rows are refused; ``--by-hand`` then writes an empty dated file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect

from engine.storage.database import connect
from engine.storage.migrations import HOME
from engine.storage.rowsafe import faults
from engine.storage.scrubbing import mark_rewritten
from engine.storage.tables import Base
from engine.values.errors import Bug


class UnsafeMigration(Bug):
    """A migration that would fail, or lose data, on tables with rows. A developer's mistake:
    nothing was changed."""


def upgrade(engine: Engine, to: str = "head", home: Path = HOME) -> None:
    """Runs every missing migration in one transaction; several processes may start at once.
    ``home`` is the folder of the migrations.

    A SQLite file that held something before may have to be rewritten (``scrubbing``) afterwards.
    """

    def up(config: Config) -> None:
        connection = config.attributes["connection"]
        new = not inspect(connection).get_table_names()
        command.upgrade(config, to)
        if new:
            mark_rewritten(connection)

    _run(engine, up, home)


def downgrade(engine: Engine, to: str = "base") -> None:
    """Undoes migrations down to that revision; ``base`` removes all of our tables."""
    _run(engine, lambda config: command.downgrade(config, to))


def differences(engine: Engine) -> list[Any]:
    """How the database differs from the table definitions; empty if the migrations are complete."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, Base.metadata))


def write_next(message: str, today: datetime, home: Path = HOME, *, by_hand: bool = False) -> None:
    """Writes the dated migration from the last one to the current tables, or an empty one
    ``by_hand``. Raises ``UnsafeMigration`` for what cannot be applied to rows."""

    def write(config: Config) -> None:
        command.revision(
            config,
            message,
            autogenerate=not by_hand,
            rev_id=f"{today:%Y%m%d_%H%M}",
            process_revision_directives=_refuse_unsafe,
        )

    with TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/empty.db")
        upgrade(engine, home=home)
        _run(engine, write, home)
        engine.dispose()


def _refuse_unsafe(_context: Any, _revision: Any, scripts: list[MigrationScript]) -> None:
    for script in scripts:
        found = faults(script.upgrade_ops.ops if script.upgrade_ops else [], Base.metadata)
        if found:
            raise UnsafeMigration("\n".join(map(str, found)))


def _run(engine: Engine, what: Any, home: Path = HOME) -> None:
    config = Config()
    config.set_main_option("script_location", str(home).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    writing = engine.execution_options(relecture_write=True)
    with writing.connect() as connection, _transaction(connection):
        _take_turns(connection)
        config.attributes["connection"] = connection
        what(config)


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    """Turns foreign keys off for a migration on SQLite, and checks all references before they come
    back on.

    SQLite changes a table by copying it and dropping the old one, which with foreign keys on would
    delete the rows that refer to it. Its manual asks to turn them off meanwhile (lang_altertable,
    7).
    """
    if connection.dialect.name != "sqlite":
        with connection.begin():
            yield
        return
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
    try:
        with connection.begin():
            yield
            lost = {row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
            if lost:
                raise UnsafeMigration(f"rows refer to nothing in {', '.join(sorted(lost))}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _take_turns(connection: Connection) -> None:
    """Waits for other migrating processes: on PostgreSQL with an advisory lock held until commit.
    SQLite's BEGIN IMMEDIATE already admits one writer at a time."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(823741)")


if __name__ == "__main__":
    try:
        write_next(sys.argv[-1], datetime.now(UTC), by_hand="--by-hand" in sys.argv)
    except UnsafeMigration as fault:
        sys.exit(str(fault))
