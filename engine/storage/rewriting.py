"""Changes one stored row by a prebuilt statement, and with it the object that a session may hold of
it. What runs often changes rows without loading objects, which costs several times as much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from engine.storage.queries.running import change
from engine.storage.tables.base import TenantRow
from engine.values.errors import Bug


class NoSuchRow(Bug):
    """A row that was to be changed is not there: who changes one has read it, or locked it."""


def rewrite(
    session: Session,
    table: type[TenantRow],
    statement: Executable,
    its: Mapping[str, Any],
    **values: Any,
) -> None:
    """Sets these columns of one row of ``table``, and of the object that the session may hold of
    it. ``its`` is the row's primary key without the tenant: names and values, in the order of the
    key. ``statement`` is the update of these columns by this key, prebuilt in ``queries``: its
    parameters are ``of_`` with the names of the key, and ``new_`` with those of the columns.

    Raises ``NoSuchRow`` if there is no such row in the organisation.
    """
    of = {f"of_{name}": value for name, value in its.items()}
    new = {f"new_{name}": value for name, value in values.items()}
    if change(session, statement, **of, **new) != 1:
        raise NoSuchRow(f"{table.__name__}: {', '.join(its)}")
    if not session.identity_map:
        return
    key = identity_key(table, (session.info["tenant"], *its.values()))
    held = session.identity_map.get(key)
    if held is not None:
        for name, value in values.items():
            set_committed_value(held, name, value)
