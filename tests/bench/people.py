"""Many learners out of one: every row of somebody who lived through the real code, copied. It asks
nothing of the tables but that ids are 32 hex digits and that one learner is all there is."""

from __future__ import annotations

import re

from sqlalchemy import Connection, insert, select

from engine.storage.database import Database
from engine.storage.tables import Base

SHARED = ("tenant", "pack_version", "course", "placement", "alembic_version")
"""Tables that do not belong to one learner."""


def copied(db: Database, course: str, address: str, copies: int) -> list[str]:
    """Copy the only learner with everything of theirs; ids of the copies. Every id of 32 hex digits
    in their rows is theirs, but for the course's."""
    with db.engine.begin() as connection:
        own = _own_rows(connection)
        source = next(row["id"] for name, row in own if name == "account")
        for table in Base.metadata.sorted_tables:
            rows = [row for name, row in own if name == table.name]
            if rows:
                many = [_as_copy(row, n, course, address) for n in range(copies) for row in rows]
                connection.execute(insert(table), many)
    return [_id(source, n) for n in range(copies)]


def _own_rows(connection: Connection) -> list[tuple[str, dict[str, object]]]:
    tables = [t for t in Base.metadata.sorted_tables if t.name not in SHARED and "tenant" in t.c]
    return [
        (table.name, dict(row))
        for table in tables
        for row in connection.execute(select(table)).mappings()
    ]


def _as_copy(row: dict[str, object], n: int, course: str, address: str) -> dict[str, object]:
    def value(old: object) -> object:
        if old == address:
            return address_of(address, n)
        own = isinstance(old, str) and old != course and re.fullmatch("[0-9a-f]{32}", old)
        return _id(str(old), n) if own else old

    return {name: value(old) for name, old in row.items()}


def _id(old: str, n: int) -> str:
    return f"{old[:25]}{n + 1:07x}"


def address_of(address: str, n: int) -> str:
    """The address of the n-th copy."""
    return f"{n}{address}"
