"""A connection of the pool with one transaction on it, for prebuilt statements. SQLAlchemy's own
``Connection`` is made over it when objects are asked for: it costs more than most statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Executable
from sqlalchemy.engine import CursorResult, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection


def refusal(
    dialect: Dialect, wrong: Exception, text: str = "", values: Any = None, *, lost: bool = False
) -> Exception:
    """SQLAlchemy's exception for one of the driver's, without the values. ``lost``: whether the
    connection is."""
    return DBAPIError.instance(
        text,
        values,
        wrong,
        type(wrong),
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    )


class BareConnection:
    """What prebuilt statements run on; the first begins a transaction, and closing undoes what was
    not committed.

    ``single``: each statement stands alone and only reads, so that none is begun for it. Who
    listens to the engine is told when one begins and is committed, as SQLAlchemy tells them.
    """

    def __init__(self, engine: Engine, *, single: bool = False) -> None:
        self.engine = engine
        self.dialect: Dialect = engine.dialect
        try:
            self.connection: PoolProxiedConnection = engine.raw_connection()
        except self.dialect.loaded_dbapi.Error as wrong:
            raise refusal(self.dialect, wrong) from wrong
        self._begun = self._single = single
        self._full: Connection | None = None

    @property
    def info(self) -> dict[Any, Any]:
        """What is known of this connection for as long as it is open."""
        return self.connection.info

    def get_execution_options(self) -> Mapping[str, Any]:
        """Those of the engine."""
        return self.engine.get_execution_options()

    def in_transaction(self) -> bool:
        """Whether a statement can be run as things are."""
        return self._full.in_transaction() if self._full is not None else self._begun

    def begin(self) -> None:
        """Begins the transaction."""
        if self._full is not None:
            self._full.begin()
            return
        for begin in self.engine.dispatch.begin:
            begin(self)
        self._begun = True

    def full(self) -> Connection:
        """SQLAlchemy's connection, which has the transaction from now on."""
        if self._full is None:
            self._full = Connection(self.engine, self.connection)
        return self._full

    def invalidate(self, wrong: BaseException) -> None:
        """Keeps the pool from using a connection again that was lost."""
        if self._full is not None:
            self._full.invalidate(wrong)
        else:
            self.connection.invalidate(wrong)

    def execute(self, statement: Executable, params: Any) -> CursorResult[Any]:
        """Runs a statement that cannot be prepared."""
        return self.full().execute(statement, params)

    def commit(self) -> None:
        """Commits; the next statement begins anew."""
        if self._full is not None:
            self._full.commit()
        elif self._begun:
            for end in () if self._single else self.engine.dispatch.commit:
                end(self)
            try:
                self.connection.commit()
            except self.dialect.loaded_dbapi.Error as wrong:
                raise refusal(self.dialect, wrong) from wrong
            self._begun = self._single

    def close(self) -> None:
        """Undoes what was not committed, and gives the connection back."""
        (self._full or self.connection).close()
