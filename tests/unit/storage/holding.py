"""Which tables of a prebuilt statement are held to one organisation: directly, by a comparison with
the bound tenant, or by a join on the tenant with one that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Column, Delete, Executable, Insert, Select, Update
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, Grouping
from sqlalchemy.sql.selectable import Alias, FromClause, Join, TableClause

from engine.storage.queries.running import TENANT

Side = FromClause | None
"""A table, or None for the bound tenant."""


def loose(statement: Executable, *, through_a_door: bool = False) -> list[str]:
    """The names of the tenant tables of a statement that are held to no organisation. Through a
    door nothing says whose the first table is, but the others follow it.

    What is not understood counts as loose: better a false alarm than a leak.
    """
    if isinstance(statement, Insert):
        return _of_insert(statement)
    held = _Held()
    if isinstance(statement, Update | Delete):
        held.tables.append(statement.table)
        held.demand(statement._where_criteria)
    elif isinstance(statement, Select):
        held.select(_plain(statement))
    else:
        return [str(statement)]
    if through_a_door:
        held.known.add(held.tables[0])
    return [*held.loose(), *_inside(statement, held)]


def _inside(statement: Executable, whole: _Held) -> Iterator[str]:
    """What is loose in selects inside a statement. A table that one is correlated with belongs to a
    select around it, where it is looked at."""
    parts = [(one, _Held()) for one in _nested(statement)]
    for one, held in parts:
        held.select(one)
    for one, held in parts:
        around = [
            *whole.tables,
            *(t for _, other in parts if other is not held for t in other.tables),
        ]
        held.tables = [t for t in held.tables if t not in (one._correlate or ()) or t not in around]
        yield from held.loose()


def _of_insert(statement: Insert) -> list[str]:
    if isinstance(statement.select, Select):
        return [*_of_copy(statement), *loose(statement.select)]
    values = {column.name: value for column, value in (statement._values or {}).items()}
    own = isinstance(values.get("tenant"), BindParameter) and values["tenant"].key == TENANT.key
    return [] if own and statement.select is None else [str(statement.table)]


def _of_copy(statement: Insert) -> list[str]:
    """Rows made of what a select finds, all of it held: their tenant is that of a row of it."""
    names, found = statement._select_names or [], statement.select
    columns = dict(zip(names, found.selected_columns, strict=True))
    own = isinstance(columns.get("tenant"), Column) and columns["tenant"].name == "tenant"
    return [] if own else [str(statement.table)]


def _nested(statement: Executable) -> Iterator[Select[Any]]:
    """Every select inside a statement: subqueries, common table expressions, what must exist."""
    for part in visitors.iterate(statement):
        if isinstance(part, Select) and part is not statement:
            yield part


def _plain(statement: Select[Any]) -> Select[Any]:
    """The statement as it is sent, with what the mapper joins to it."""
    state = statement.compile().compile_state
    sent = getattr(state, "statement", None)
    return sent if isinstance(sent, Select) else statement


@dataclass
class _Held:
    """``known`` tables are held; ``pairs`` say that the first is as soon as the second is."""

    tables: list[FromClause] = field(default_factory=list)
    known: set[FromClause] = field(default_factory=set)
    pairs: list[tuple[FromClause, FromClause]] = field(default_factory=list)

    def select(self, statement: Select[Any]) -> None:
        """The tables of a select, and what its joins and conditions demand."""
        for source in statement.get_final_froms():
            self.source(source)
        whole = statement.whereclause
        self.demand(() if whole is None else (whole,))

    def source(self, source: FromClause) -> None:
        """A table, or tables that are joined."""
        if not isinstance(source, Join):
            if _table(source) is not None:
                self.tables.append(source)
            return
        self.source(source.left)
        before = len(self.tables)
        self.source(source.right)
        new = self.tables[before:]
        # An outer join says nothing about the rows on its left, nor a full one about any.
        only = [] if source.full else new if source.isouter else None
        self.demand((source.onclause,), only)

    def demand(self, conditions: Iterable[Any], only: list[FromClause] | None = None) -> None:
        """Conditions that every row fulfils; ``only`` of these tables, where it is not None."""
        for condition in _all_of(conditions):
            for one, other in _sides(condition):
                if one is None or (only is not None and one not in only):
                    continue
                if other is None:
                    self.known.add(one)
                else:
                    self.pairs.append((one, other))

    def loose(self) -> list[str]:
        """The names of tenant tables that are not held."""
        while new := {one for one, other in self.pairs if other in self.known} - self.known:
            self.known |= new
        return [
            str(_table(source))
            for source in self.tables
            if source not in self.known and "tenant" in source.c
        ]


def _table(source: FromClause) -> TableClause | None:
    """The table behind a source; None for a subquery, which is looked at by itself."""
    inner = source.element if isinstance(source, Alias) else source
    return inner if isinstance(inner, TableClause) else None


def _all_of(conditions: Iterable[Any]) -> Iterator[Any]:
    for condition in conditions:
        if isinstance(condition, Grouping):
            yield from _all_of((condition.element,))
        elif isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
            yield from _all_of(condition.clauses)
        else:
            yield condition


def _sides(condition: Any) -> Iterator[tuple[Side, Side]]:
    """Both ways of reading an equality of tenants."""
    if not isinstance(condition, BinaryExpression) or condition.operator is not operators.eq:
        return
    try:
        left, right = _side(condition.left), _side(condition.right)
    except LookupError:
        return
    yield left, right
    yield right, left


def _side(expression: Any) -> Side:
    if isinstance(expression, BindParameter) and expression.key == TENANT.key:
        return None
    if isinstance(expression, Column) and expression.name == "tenant":
        return expression.table
    raise LookupError
