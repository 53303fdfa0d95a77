"""Whether a database can be written to: what a full disk looks like, and a try."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy.exc import DBAPIError

from engine.storage.database import Database
from engine.storage.tables import Throttle

_SQLITE = ("database or disk is full", "readonly database", "disk I/O error")
_POSTGRESQL = ("53100", "25006")
"""disk_full and read_only_sql_transaction (PostgreSQL, appendix A)."""


def cannot_be_written(wrong: BaseException) -> bool:
    """Whether a database refused a write because its disk is full, or because it takes none at
    all; it may still be read."""
    reported = getattr(wrong, "orig", None)
    return isinstance(wrong, DBAPIError) and (
        any(words in str(reported) for words in _SQLITE)
        or getattr(reported, "sqlstate", None) in _POSTGRESQL
    )


def try_writing(db: Database, wall: datetime) -> None:
    """Writes a row and takes it out again, in one transaction that is committed. On SQLite the row
    needs pages of its own, as longer texts do, so that a small one's lucky gap says nothing.

    Raises SQLAlchemy's ``DBAPIError`` if that is impossible.
    """
    padding = "." * 10_000 if db.engine.dialect.name == "sqlite" else ""
    row = Throttle(key=f"room-{uuid4().hex}{padding}", since=wall, tries=0)
    with db.shared(write=True) as session:
        session.add(row)
        session.flush()
        session.delete(row)
        session.commit()
