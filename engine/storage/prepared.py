"""Statements compiled once and run on the driver's own cursor.

What SQLAlchemy does anew for each execution (find the text, make a context, a result and its
metadata) costs more than SQLite needs for the statement. The text, the conversion of values, the
rows and the exceptions are SQLAlchemy's here too, and who listens for ``before_cursor_execute`` is
told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import Column, Connection, Executable, Row
from sqlalchemy.engine import Dialect, result_tuple
from sqlalchemy.sql.compiler import SQLCompiler

from engine.storage.bare import BareConnection, refusal

KEPT = 1024
"""How many compiled statements are kept."""
T = TypeVar("T")
Params = Mapping[str, Any]
Reader = Callable[[Any], Any]
"""Makes a value of what the driver found."""


def find(
    connection: Connection | BareConnection, statement: Executable, params: Params
) -> list[Row[Any]]:
    """The rows that a statement finds or returns."""
    ready = prepared(statement, connection.dialect, tuple(params))
    if ready is None:
        return list(connection.execute(statement, params))
    return _run(connection, ready.text, ready.values(params), ready.rows)


def write(connection: Connection | BareConnection, statement: Executable, params: Params) -> int:
    """Runs a statement that writes; returns how many rows it changed."""
    ready = prepared(statement, connection.dialect, tuple(params))
    if ready is None:
        return connection.execute(statement, params).rowcount
    return _run(connection, ready.text, ready.values(params), _count)


def write_all(
    connection: Connection | BareConnection, statement: Executable, values: Sequence[Params]
) -> None:
    """Runs a statement for each of these parameters, which have the same names, in one round
    trip."""
    ready = prepared(statement, connection.dialect, tuple(values[0]))
    if ready is None:
        connection.execute(statement, values)
    else:
        _run(connection, ready.text, [ready.values(one) for one in values], _count, many=True)


def say(connection: Connection | BareConnection, text: str) -> None:
    """Sends these words to the driver, as they are, without beginning a transaction."""
    _send(connection, text, (), _count)


def _run(
    connection: Connection | BareConnection,
    text: str,
    values: Any,
    take: Callable[[Any], T],
    *,
    many: bool = False,
) -> T:
    if not connection.in_transaction():
        connection.begin()
    return _send(connection, text, values, take, many=many)


def _send(
    connection: Connection | BareConnection,
    text: str,
    values: Any,
    take: Callable[[Any], T],
    *,
    many: bool = False,
) -> T:
    """What ``take`` makes of the driver's cursor after this statement. Raises SQLAlchemy's
    exceptions; a connection that was lost is not used again."""
    dialect, driven, cursor = connection.dialect, connection.connection, None
    try:
        cursor = cast(Any, driven.dbapi_connection).cursor()
        for see in connection.engine.dispatch.before_cursor_execute:
            see(connection, cursor, text, values, None, many)
        (cursor.executemany if many else cursor.execute)(text, values)
        return take(cursor)
    except dialect.loaded_dbapi.Error as wrong:
        lost = dialect.is_disconnect(wrong, driven, cursor)
        if lost:
            connection.invalidate(wrong)
        raise refusal(dialect, wrong, text, values, lost=lost) from wrong
    finally:
        if cursor is not None:
            with suppress(dialect.loaded_dbapi.Error):  # SQLite's cannot where nothing is open
                cursor.close()


def _count(cursor: Any) -> int:
    changed: int = cursor.rowcount
    return changed


@lru_cache(maxsize=KEPT)
def prepared(statement: Executable, dialect: Dialect, names: tuple[str, ...]) -> Prepared | None:
    """The statement for parameters of these names, compiled when it is first asked for. None if its
    text depends on their values, such as on the length of a list. Raises ``InvalidRequestError`` if
    one is missing."""
    compiled = cast(Any, statement).compile(dialect=dialect, column_keys=names)
    if compiled.post_compile_params or compiled.literal_execute_params:
        return None
    return Prepared(compiled, cast(Any, statement).exported_columns, names)


class Prepared:
    """A statement as it is sent to one kind of database, for parameters of some names.

    ``_own``: the values that are always the same, as the driver takes them. ``_made``: the columns
    whose default is made for each row. ``_writers`` and ``_readers`` convert what the driver would
    not take or give as it is.
    """

    def __init__(
        self, compiled: SQLCompiler, columns: Iterable[Column[Any]], names: Sequence[str]
    ) -> None:
        self._dialect = dialect = compiled.dialect
        self.text = str(compiled)
        self._order = compiled.positiontup
        writers = {
            name: writer
            for bind, name in compiled.bind_names.items()
            if (writer := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        defaults = {one.key: cast(Any, one.default) for one in compiled.prefetch}
        self._made = [(name, one.arg) for name, one in defaults.items() if one.is_callable]
        own = {**compiled.construct_params(dict.fromkeys(names))}
        own |= {name: one.arg for name, one in defaults.items()}
        for name in (*names, *(name for name, _ in self._made)):
            own.pop(name, None)
        self._own = {
            name: writers[name](value) if name in writers else value for name, value in own.items()
        }
        self._writers = [(name, writer) for name, writer in writers.items() if name not in own]
        self._columns = list(columns)
        self._row = result_tuple([column.key for column in self._columns])
        self._readers: list[tuple[int, Reader]] | None = None

    def values(self, params: Params) -> Any:
        """The parameters as the driver takes them, with the statement's own values and defaults."""
        values = {**self._own, **params}
        for name, make in self._made:
            values[name] = make(None)
        for name, writer in self._writers:
            values[name] = writer(values[name])
        return values if self._order is None else tuple([values[name] for name in self._order])

    def rows(self, cursor: Any) -> list[Row[Any]]:
        """What the driver found, as rows."""
        found = cursor.fetchall()  # first: in a pipeline, nothing is known of them before
        if self._readers is None:
            self._readers = self._readers_of([kind for _, kind, *_ in cursor.description])
        if not self._readers:
            return [self._row(row) for row in found]
        return [self._row(_read(list(row), self._readers)) for row in found]

    def _readers_of(self, kinds: Sequence[Any]) -> list[tuple[int, Reader]]:
        """The conversions for columns of these types, as the driver names them."""
        readers = (
            column.type.dialect_impl(self._dialect).result_processor(self._dialect, kind)
            for column, kind in zip(self._columns, kinds, strict=True)
        )
        return [(at, reader) for at, reader in enumerate(readers) if reader]


def _read(values: list[Any], readers: Sequence[tuple[int, Reader]]) -> list[Any]:
    for at, reader in readers:
        values[at] = reader(values[at])
    return values
