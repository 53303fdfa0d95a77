"""Runs prebuilt statements in a session, for its tenant and no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from sqlalchemy import BindParameter, Executable, Row, bindparam
from sqlalchemy.orm import Session

from engine.storage.bare import BareConnection
from engine.storage.database import TenantLeak
from engine.storage.prepared import find, write, write_all

TENANT: BindParameter[str] = bindparam("of_tenant")
"""The parameter that every statement compares the tenant of its tables with."""


class Bound(Protocol):
    """What statements run in: a session or a connection that is bound to one organisation."""

    @property
    def info(self) -> dict[Any, Any]:
        """``tenant`` is the organisation that it is bound to."""


class HasBare(Protocol):
    """Every session and connection of ``Database`` and ``Units``."""

    def bare(self) -> BareConnection:
        """What its prebuilt statements run on."""


def entities(session: Session, statement: Executable, /, **params: Any) -> list[Any]:
    """The entities that an ORM statement marked ``BOUND`` finds."""
    return list(session.scalars(statement, bound(session, params)))


def rows(session: Bound, statement: Executable, /, **params: Any) -> Sequence[Row[Any]]:
    """The rows that a Core statement finds. It does not see what the session has not flushed
    yet."""
    return find(_bare(session), statement, bound(session, params))


def across(door: Session, statement: Executable, /, **params: Any) -> Sequence[Row[Any]]:
    """The rows that a statement of ``doors`` finds, in whichever organisation. Raises
    ``TenantLeak`` if the session was not opened at a named door."""
    if "door" not in door.info:
        raise TenantLeak("no-door")
    return find(_bare(door), statement, params)


def change(session: Bound, statement: Executable, /, **params: Any) -> int:
    """Runs a Core statement that writes; returns how many rows it changed."""
    return write(_bare(session), statement, bound(session, params))


def insert_all(session: Bound, statement: Executable, values: Sequence[Mapping[str, Any]]) -> None:
    """Inserts these rows in one round trip."""
    if values:
        tenant = bound(session, {})
        write_all(_bare(session), statement, [{**tenant, **row} for row in values])


def lock(session: Session, statement: Executable, /, **params: Any) -> None:
    """Runs a statement that only locks rows until the unit ends. SQLite, which allows one writer at
    a time anyway, has no such locks, so nothing is run there."""
    if _bare(session).dialect.name != "sqlite":
        rows(session, statement, **params)


def bound(session: Bound, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with the session's tenant added. Raises ``TenantLeak`` if the session has
    none."""
    tenant = session.info.get("tenant")
    if tenant is None:
        raise TenantLeak("no-tenant")
    return {**params, "of_tenant": tenant}


def _bare(session: Bound) -> BareConnection:
    return cast(HasBare, session).bare()


BOUND: Mapping[str, Any] = {"tenant_bound": True}
"""Execution options of an ORM statement in this package: it restricts its tables to the tenant
itself."""
