"""Finds out whose database this is, and of which version, before anything is written to it; and
migrates one of an earlier version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Engine, inspect, text

from engine.storage.database import bare
from engine.storage.migrations import revisions
from engine.storage.tables import Base

UnusableState = Literal["newer", "foreign"]
_MARK = "alembic_version"
"""The table in which Alembic records a database's revision. Other programs use it too: the
revisions show whose they are."""


@dataclass(frozen=True)
class DatabaseState:
    """What a database holds: its backend, its tables except ``alembic_version``, and the revisions
    recorded there (usually one)."""

    backend: str
    tables: frozenset[str]
    revisions: frozenset[str]


def inspect_database(url: str) -> DatabaseState:
    """Inspects a database without changing anything, not even SQLite's journal mode. Raises
    SQLAlchemy's errors if it cannot be opened."""
    engine = bare(url)
    try:
        with engine.connect() as connection:
            return _state(connection)
    finally:
        engine.dispose()


def latest_revision() -> str:
    """The revision to which this version migrates a database."""
    return revisions()[-1]


def bring_up_to_date(engine: Engine) -> None:
    """Runs every missing migration. Where none is missing, nothing waits for those who write, and
    Alembic, which takes some ten MB for as long as the process lives, is not loaded."""
    with engine.connect() as connection:
        current = _state(connection).revisions == {latest_revision()}
    if not current:
        from engine.storage.migrate import upgrade

        upgrade(engine)


def why_unusable(seen: DatabaseState) -> UnusableState | None:
    """Why this version must leave a database alone; None if it is empty, or of this or an earlier
    version.

    ``newer``: a revision of ours that this version does not know. ``foreign``: another program's
    revision, or tables without a revision: any table on SQLite, where a file belongs to one
    program; on PostgreSQL only tables with the names of ours.
    """
    unknown = seen.revisions.difference(revisions())
    if unknown:
        return "newer" if all(_is_dated(revision) for revision in unknown) else "foreign"
    if seen.revisions or not seen.tables:
        return None
    return (
        "foreign" if seen.backend == "sqlite" or seen.tables & Base.metadata.tables.keys() else None
    )


def _is_dated(revision: str) -> bool:
    """Whether a revision is named like ours, after the day and minute it was written:
    ``20261122_0342``."""
    day, _, minute = revision.partition("_")
    return day.isdecimal() and minute.isdecimal() and (len(day), len(minute)) == (8, 4)


def _state(connection: Connection) -> DatabaseState:
    tables = frozenset(inspect(connection).get_table_names())
    marked = (
        connection.execute(text("SELECT version_num FROM alembic_version"))
        if _MARK in tables
        else ()
    )
    return DatabaseState(
        connection.dialect.name, tables - {_MARK}, frozenset(str(row[0]) for row in marked)
    )
