"""Databases for tests: empty, migrated, and of the kind that the running test uses.

A SQLite file is copied for each test. A PostgreSQL database is created once per process, emptied
after each test and reused: emptying takes under a millisecond, copying a template fifty.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from uuid import uuid4

from sqlalchemy import create_engine, make_url

from engine.storage import migrate
from engine.storage.database import Database
from tests import postgres

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")

EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica;  -- foreign keys do not mind the order
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP EXECUTE 'DELETE FROM ' || quote_ident(name); END LOOP;
END $$
"""


@dataclass
class _Stock:
    """The kind of database the running test uses, the PostgreSQL databases lent to it (``lent``
    migrated, ``bare`` without tables), and the migrated, empty ones that are ``free`` for the next
    test."""

    kind: Kind = "sqlite"
    lent: list[Database] = field(default_factory=list)
    bare: list[Database] = field(default_factory=list)
    free: list[str] = field(default_factory=list)


_stock = _Stock()


@contextmanager
def on(kind: Kind) -> Iterator[None]:
    """Makes databases created inside the block be of this kind; those on a server are given back at
    the end."""
    _stock.kind = kind
    try:
        yield
    finally:
        _stock.kind = "sqlite"
        while _stock.lent:
            _stock.free.append(_closed(_stock.lent.pop()))
            _run(_stock.free[-1], EMPTY)
        while _stock.bare:
            name = make_url(_closed(_stock.bare.pop())).database
            _run(_server(), f"DROP DATABASE {name} WITH (FORCE)")


def fresh(folder: Path) -> Database:
    """A migrated database without rows; a SQLite file goes under ``folder``."""
    if _stock.kind == "sqlite":
        return Database(_sqlite(folder))
    _stock.lent.append(Database(_postgresql()))
    return _stock.lent[-1]


def bare(folder: Path) -> Database:
    """A database without tables; a SQLite file goes under ``folder``."""
    if _stock.kind == "sqlite":
        return Database(f"sqlite:///{folder / 'bare.db'}")
    _stock.bare.append(Database(_created()))
    return _stock.bare[-1]


def _sqlite(folder: Path) -> str:
    (folder / "test.db").write_bytes(_migrated_file())
    return f"sqlite:///{folder / 'test.db'}"


@cache
def _migrated_file() -> bytes:
    with TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/empty.db")
        migrate.upgrade(db.engine)
        db.close()
        return (Path(folder) / "empty.db").read_bytes()


def _postgresql() -> str:
    if _stock.free:
        return _stock.free.pop()
    made = Database(_created())
    migrate.upgrade(made.engine)
    made.close()
    return str(made.engine.url)


def _closed(db: Database) -> str:
    db.close()
    return str(db.engine.url)


def _created() -> str:
    name = f"test_{uuid4().hex}"
    _run(_server(), f"CREATE DATABASE {name}")
    return postgres.url().format(name)


def _server() -> str:
    return postgres.url().format("postgres")


def _run(url: str, sql: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(sql)
    engine.dispose()
