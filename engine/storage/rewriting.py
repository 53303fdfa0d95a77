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


def rewrite(
    session: Session,
    table: type[TenantRow],
    statement: Executable,
    its: Mapping[str, Any],
    **values: Any,
) -> None:
    """Runs an update of ``queries.rewritten`` on the row whose key (without the tenant, in order)
    is ``its``; an object of that row that the session holds has the new values too."""
    of = {f"of_{name}": value for name, value in its.items()}
    change(session, statement, **of, **{f"new_{name}": value for name, value in values.items()})
    if not session.identity_map:
        return
    key = identity_key(table, (session.info["tenant"], *its.values()))
    held = session.identity_map.get(key)
    if held is not None:
        for name, value in values.items():
            set_committed_value(held, name, value)
