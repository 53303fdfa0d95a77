"""Decides which operations of a migration cannot be applied to tables that hold rows. Works on what
Alembic found, without a database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from alembic.operations import ops
from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Float,
    Integer,
    MetaData,
    SmallInteger,
    String,
)
from sqlalchemy.types import TypeEngine

WIDER: tuple[tuple[type[TypeEngine[Any]], tuple[type[TypeEngine[Any]], ...]], ...] = (
    (SmallInteger, (Integer, Double)),
    (BigInteger, (BigInteger,)),
    (Integer, (BigInteger, Double)),
    (Float, (Double,)),
)
"""A type and the wider types that hold every value of it; the first matching line applies."""


@dataclass(frozen=True)
class Fault:
    """An operation that would fail. ``where`` is ``table`` or ``table.column``; ``what`` would fail
    there; ``to_do`` says what to write instead."""

    where: str
    what: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.to_do}."


@dataclass
class _Tables:
    """What the operations so far have created: tables, which have no rows, and columns that are
    empty in every row."""

    after: MetaData
    new: set[str] = field(default_factory=set)
    empty: set[tuple[str, str]] = field(default_factory=set)


def faults(upgrade: Sequence[ops.MigrateOperation], after: MetaData) -> list[Fault]:
    """What would fail if the tables have rows, in the order of the operations; ``after`` are the
    tables they lead to."""
    seen = _Tables(after)
    return [fault for op in _flat(upgrade) for fault in _of(op, seen)]


def _flat(found: Sequence[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
    """All operations in one list, new tables and columns first, since the checks of the others
    depend on them."""
    flat = [one for op in found for one in (op.ops if isinstance(op, ops.OpContainer) else [op])]
    return sorted(flat, key=lambda op: not isinstance(op, ops.CreateTableOp | ops.AddColumnOp))


def _of(op: ops.MigrateOperation, seen: _Tables) -> Iterator[Fault]:
    if isinstance(op, ops.CreateTableOp):
        seen.new.add(op.table_name)
    elif isinstance(op, ops.AddColumnOp) and op.table_name not in seen.new:
        yield from _added(op.table_name, op.column, seen)
    elif isinstance(op, ops.AlterColumnOp):
        yield from _altered(op)
    elif isinstance(op, ops.CreateUniqueConstraintOp | ops.CreateIndexOp):
        yield from _unique(op, seen)
    elif isinstance(op, ops.CreateForeignKeyOp) and op.source_table not in seen.new:
        yield from _referring(op, seen)


def _added(table: str, column: Column[Any], seen: _Tables) -> Iterator[Fault]:
    if column.server_default is not None:
        return
    if column.nullable:
        seen.empty.add((table, column.name))
        return
    yield Fault(
        f"{table}.{column.name}",
        "a new column that must have a value has none in the rows that are there",
        "Give it a server_default, or make it nullable",
    )


def _altered(op: ops.AlterColumnOp) -> Iterator[Fault]:
    where = f"{op.table_name}.{op.column_name}"
    if op.modify_nullable is False:
        yield Fault(
            where,
            "it must now have a value, and rows may have none",
            "Write the migration by hand: fill them first",
        )
    old, new = op.existing_type, op.modify_type
    if old is not None and new is not None and not _holds(new, old):
        yield Fault(
            where,
            f"not every {old!r} is a {new!r}",
            "Write the migration by hand: say what becomes of values that do not fit",
        )


def _holds(new: TypeEngine[Any], old: TypeEngine[Any]) -> bool:
    """Whether a column of the new type can hold every value of the old one."""
    if isinstance(old, String) and isinstance(new, String):
        return new.length is None or (old.length is not None and old.length <= new.length)
    wider = next((wide for kind, wide in WIDER if isinstance(old, kind)), ())
    return isinstance(new, wider)


def _unique(op: ops.CreateUniqueConstraintOp | ops.CreateIndexOp, seen: _Tables) -> Iterator[Fault]:
    unique = not isinstance(op, ops.CreateIndexOp) or op.unique
    names = [str(getattr(column, "name", column)) for column in op.columns]
    if not unique or op.table_name in seen.new or _surely_unique(op.table_name, names, seen):
        return
    yield Fault(
        op.table_name,
        f"rows may be alike in {', '.join(names)}, which must now be unique",
        "Write the migration by hand: say what becomes of them",
    )


def _surely_unique(table: str, names: Collection[str], seen: _Tables) -> bool:
    """Whether these columns include the primary key, or a column that is still empty everywhere."""
    key = {column.name for column in seen.after.tables[table].primary_key}
    return key <= set(names) or any((table, name) in seen.empty for name in names)


def _referring(op: ops.CreateForeignKeyOp, seen: _Tables) -> Iterator[Fault]:
    if any((op.source_table, name) in seen.empty for name in op.local_cols):
        return
    yield Fault(
        op.source_table,
        f"rows may refer by {', '.join(op.local_cols)} to rows of {op.referent_table} "
        "that are not there",
        "Write the migration by hand: say what becomes of them",
    )
