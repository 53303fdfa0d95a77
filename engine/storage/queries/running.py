"""Running prebuilt statements in a session, with its tenant and no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import BindParameter, Connection, Executable, Row, bindparam
from sqlalchemy.orm import Session

from engine.storage.database import TenantLeak

TENANT: BindParameter[str] = bindparam("of_tenant")
"""What every statement compares the tenant of its tables with."""


class Bound(Protocol):
    """What statements run in: a session, or a connection, that is one organisation's."""

    @property
    def info(self) -> dict[Any, Any]:
        """``tenant``: whose it is."""

    def connection(self) -> Connection:
        """Its connection, in a transaction."""


def entities(session: Session, statement: Executable, /, **params: Any) -> list[Any]:
    """The entities that an ORM statement marked ``BOUND`` finds."""
    return list(session.scalars(statement, bound(session, params)))


def rows(session: Bound, statement: Executable, /, **params: Any) -> Sequence[Row[Any]]:
    """The rows that a Core statement finds. What the session has not written yet is not seen."""
    return session.connection().execute(statement, bound(session, params)).all()


def across(door: Session, statement: Executable, /, **params: Any) -> Sequence[Row[Any]]:
    """The rows that a statement of ``doors`` finds, whosever they are. Raises ``TenantLeak`` in a
    session that was not opened at a named door."""
    if "door" not in door.info:
        raise TenantLeak("no-door")
    return door.connection().execute(statement, params).all()


def change(session: Bound, statement: Executable, /, **params: Any) -> int:
    """Run a Core statement that writes; how many rows it changed."""
    return session.connection().execute(statement, bound(session, params)).rowcount


def insert_all(session: Bound, statement: Executable, values: Sequence[Mapping[str, Any]]) -> None:
    """Insert these rows, in one round trip."""
    if values:
        tenant = bound(session, {})
        session.connection().execute(statement, [{**tenant, **row} for row in values])


def lock(session: Session, statement: Executable, /, **params: Any) -> None:
    """Run a statement that only locks rows until the unit ends. SQLite, where one writes at a
    time anyway, knows no such locks and is not asked."""
    if session.get_bind().dialect.name != "sqlite":
        rows(session, statement, **params)


def bound(session: Bound, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with the session's tenant. Raises ``TenantLeak`` for one that has none."""
    tenant = session.info.get("tenant")
    if tenant is None:
        raise TenantLeak("no-tenant")
    return {**params, "of_tenant": tenant}


BOUND: Mapping[str, Any] = {"tenant_bound": True}
"""Execution options of an ORM statement of this room: it says its tenant itself."""
