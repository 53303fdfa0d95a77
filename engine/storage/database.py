"""Engines and sessions: safe SQLite settings, and every session bound to one tenant or to one of
the named doors."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.pool import NullPool

from engine.storage.bare import BareConnection
from engine.storage.prepared import say
from engine.storage.tables.base import TenantRow
from engine.storage.turns import write_in_turns
from engine.values.errors import Bug

Door = Literal["sign-in", "lti-lookup", "worker-claim"]
"""The only three places where a query may look across organisations."""

BUSY = 30.0
"""How many seconds a connection waits for a locked SQLite file."""


class TenantLeak(Bug):
    """A statement or row would have crossed organisations. Always a bug, never a user's mistake; it
    fails closed."""


class Database:
    """One database. ``read`` and ``write`` open sessions bound to a tenant; leaving the block
    without ``commit`` rolls back."""

    def __init__(self, url: str) -> None:
        self.engine = connect(url)
        self.writing = self.engine.execution_options(relecture_write=True)
        """The same engine, whose transactions write."""

    @contextmanager
    def read(self, tenant: str) -> Iterator[Session]:
        """A read-only session (a deferred transaction on SQLite)."""
        with TenantSession(self.engine, info={"tenant": tenant}) as session:
            yield session

    @contextmanager
    def write(self, tenant: str) -> Iterator[Session]:
        """A session for writing (``BEGIN IMMEDIATE`` on SQLite, whose writers take turns: a thread
        that is writing and begins to write in a second one raises ``SecondWriter``). Call
        ``commit()``; otherwise leaving the block changes nothing."""
        with TenantSession(self.writing, info={"tenant": tenant}) as session:
            yield session

    @contextmanager
    def across(self, door: Door, *, write: bool = False) -> Iterator[Session]:
        """A session that sees every tenant, through one named door."""
        with TenantSession(self.writing if write else self.engine, info={"door": door}) as session:
            yield session

    @contextmanager
    def shared(self, *, write: bool = False) -> Iterator[Session]:
        """A session for the global tables only; touching a tenant's row raises ``TenantLeak``."""
        with TenantSession(self.writing if write else self.engine) as session:
            yield session

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()


class TenantSession(Session):
    """A session that knows which rows it may see, on one connection. Objects stay readable after
    commit.

    Prebuilt statements run on that connection, and nothing keeps an account of objects and
    transactions until the first object is asked for: it would cost as much as the statements.
    """

    def __init__(self, engine: Engine, info: dict[str, str] | None = None) -> None:
        super().__init__(
            info=dict(info or {}), expire_on_commit=False, join_transaction_mode="control_fully"
        )
        self._engine = engine
        self._bare: BareConnection | None = None

    def bare(self) -> BareConnection:
        """What prebuilt statements run on, until the session commits or rolls back. At a door each
        stands alone: nothing more is read there than finds the organisation."""
        if self._bare is None:
            self._bare = BareConnection(
                self._engine, single="door" in self.info and not self.writes
            )
        return self._bare

    @property
    def writes(self) -> bool:
        """Whether it was opened for writing."""
        return bool(self._engine.get_execution_options().get("relecture_write"))

    def connection(self, *_args: Any, **_kwargs: Any) -> Connection:
        """SQLAlchemy's connection over the bare one."""
        return self.bare().full()

    def get_bind(self, *_args: Any, **_kwargs: Any) -> Connection:
        """What SQLAlchemy runs the statements for objects on."""
        return self.connection()

    def commit(self) -> None:
        """Commits what was done with objects and what was done by statements alone: of these, the
        account of objects may know nothing even where there is one."""
        if self.in_transaction():
            super().commit()
        if self._bare is not None:
            self._bare.commit()
        self._release()

    def rollback(self) -> None:
        """Undoes what was not committed."""
        try:
            super().rollback()
        finally:
            self._release()

    def close(self) -> None:
        """Forgets objects and undoes what was not committed."""
        try:
            if self.in_transaction() or self.identity_map:  # what is new has begun one
                super().close()
        finally:
            self._release()

    def _release(self) -> None:
        bare, self._bare = self._bare, None
        if bare is not None:
            bare.close()


def writes(session: Session) -> bool:
    """Whether a session was opened for writing."""
    return cast(TenantSession, session).writes


@event.listens_for(TenantSession, "do_orm_execute")
def _only_own_rows(state: ORMExecuteState) -> None:
    info = state.session.info
    if not state.is_orm_statement:
        if not state.execution_options.get("storage_core"):
            raise TenantLeak("core-statement-outside-storage")
        return
    if "door" in info or "tenant_bound" in state.execution_options:
        return
    if "tenant" not in info:
        if any(issubclass(mapper.class_, TenantRow) for mapper in state.all_mappers):
            raise TenantLeak("no-tenant")
        return
    if state.is_insert:
        raise TenantLeak("bulk-insert-outside-storage")
    tenant = info["tenant"]
    state.statement = state.statement.options(
        with_loader_criteria(TenantRow, lambda cls: cls.tenant == tenant, include_aliases=True)
    )


@event.listens_for(TenantSession, "before_flush")
def _write_own_rows(session: Session, _flush: UOWTransaction, _objects: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, TenantRow):
            tenant = session.info.get("tenant")
            if row.tenant is None and tenant is not None:
                row.tenant = tenant
            elif row.tenant != tenant and "door" not in session.info:
                raise TenantLeak(f"foreign-row: {type(row).__name__}")


def connect(url: str) -> Engine:
    """An engine for ``sqlite:///…`` or ``postgresql+psycopg://…``. SQLite gets WAL, foreign keys,
    explicit BEGIN, and overwrites what it deletes.

    The pool has no limit. A thread that is writing needs a second connection to read the library;
    with a limited pool it could wait for threads that are themselves waiting for its write to end.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, max_overflow=-1)
    engine = create_engine(
        url,
        module=_sqlite_module(),
        hide_parameters=True,
        max_overflow=-1,
        pool_use_lifo=True,
        connect_args={"timeout": BUSY, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    write_in_turns(engine, BUSY)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def bare(url: str) -> Engine:
    """An engine for inspection: it keeps no connection open and leaves the settings that SQLite
    stores in the file, such as WAL, alone."""
    if not url.startswith("sqlite"):
        return create_engine(url, poolclass=NullPool, hide_parameters=True)
    return create_engine(
        url,
        module=_sqlite_module(),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"timeout": BUSY},
    )


def _sqlite_module() -> Any:
    """The module of pysqlite3, which bundles a newer SQLite, if installed: SQLite before 3.51.3 can
    corrupt the database on a WAL reset."""
    if importlib.util.find_spec("pysqlite3"):
        return importlib.import_module("pysqlite3.dbapi2")
    return importlib.import_module("sqlite3")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY * 1000:.0f}",
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "secure_delete=ON",  # whatever the SQLite in use was compiled with
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection | BareConnection) -> None:
    driver: Any = connection.connection.driver_connection
    if driver.in_transaction:  # begun by a prebuilt statement, before objects were asked for
        return
    writing = connection.get_execution_options().get("relecture_write")
    say(connection, "BEGIN IMMEDIATE" if writing else "BEGIN")
