"""Leaves nothing of what was deleted in the files of a SQLite database. PostgreSQL reclaims and
overwrites space by itself: nothing is done there.

Three things keep deleted words. Freed space in the file: every connection overwrites it
(``secure_delete``, in ``database.py``). The write-ahead log, which holds earlier versions of pages
until it is emptied. And copies that remain in unused space when a page is split and its rows move
to another page: SQLite never overwrites these, and only a rewrite of the whole file is free of
them. Rewriting takes about a second for 170 MB, during which others can read and writers wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy import Connection, Engine

REWRITTEN = 1
"""The file's ``user_version`` where no rewriting is owed. Every erasure makes it one less, so that
a rewriting can tell whether another one came meanwhile. Files of versions that did not overwrite
what they deleted have 0."""
LONGEST_WAIT = 5.0
"""How many seconds to wait for those who read or write. Writers wait meanwhile, so it is short."""


def scrub(engine: Engine) -> bool:
    """Rewrites the file and empties its log, so that only what is stored now is in them. To be
    called after an erasure was committed, with no transaction open in this thread.

    Returns False, and logs why, if it could not: the disk is full, or somebody is reading what was
    there before. The hourly tidying empties the log, and rewrites the file once a night.
    """
    rewritten = _done(engine, "VACUUM")
    return empty_log(engine) and rewritten


def empty_log(engine: Engine) -> bool:
    """Moves everything from the log into the file and cuts the log to nothing.

    Returns False, and logs it, if a reader still needs the log; what was deleted stays in it until
    the next time.
    """
    return _done(engine, "PRAGMA wal_checkpoint(TRUNCATE)")


def must_be_rewritten(engine: Engine) -> bool:
    """Whether a rewriting is owed: after an erasure, or by a version that left deleted words in
    the file."""
    with engine.connect() as connection:
        return _version(connection) < REWRITTEN


def rewrite_once(engine: Engine) -> bool:
    """Scrubs the file, and marks it as rewritten unless something was erased meanwhile; returns
    whether it could be scrubbed. If it is interrupted the rewriting stays owed."""
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        before = _version(connection)
    if not scrub(engine):
        return False
    with engine.execution_options(relecture_write=True).begin() as connection:
        if _version(connection) == before:
            mark_rewritten(connection)
    return True


def owe_rewriting(connection: Connection) -> None:
    """Records that the file is to be rewritten: something was erased from it, in the transaction of
    this connection."""
    _mark(connection, _version(connection) - 1)


def mark_rewritten(connection: Connection) -> None:
    """Records that whatever was deleted from the file was overwritten."""
    _mark(connection, REWRITTEN)


def _version(connection: Connection) -> int:
    if connection.dialect.name != "sqlite":
        return REWRITTEN
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _mark(connection: Connection, version: int) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version={version}")


def _done(engine: Engine, statement: str) -> bool:
    """Runs it; returns False if it failed or, as a checkpoint reports in its first column, was held
    up."""
    if engine.dialect.name != "sqlite":
        return True
    why: object = "it is being read or written"
    with _plain(engine) as connection:
        try:
            row = connection.execute(statement).fetchone()
            if row is None or row[0] == 0:
                return True
        except engine.dialect.loaded_dbapi.OperationalError as failed:
            why = failed
    structlog.get_logger("storage").warning("not-scrubbed", statement=statement, why=str(why))
    return False


@contextmanager
def _plain(engine: Engine) -> Iterator[Any]:
    """A connection without a transaction, in which neither statement could run."""
    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        before = connection.execute("PRAGMA busy_timeout").fetchone()[0]
        connection.execute(f"PRAGMA busy_timeout={LONGEST_WAIT * 1000:.0f}")
        try:
            yield connection
        finally:
            connection.execute(f"PRAGMA busy_timeout={before}")
    finally:
        pooled.close()
