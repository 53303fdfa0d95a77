"""Rows in every table of a database of any revision: the tables are read from the database, not
from the code."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Column, Connection, Engine, MetaData, Table, create_engine

from engine.storage import migrate

OLD = "20261126_0717"
"""The revision of the old database stored in ``tests/data``."""
SAMPLES: dict[type, Any] = {
    str: "sample",
    int: 7,
    float: 0.5,
    bool: True,
    bytes: b"sample",
    object: {},  # JSON
    date: date(2027, 1, 4),
    time: time(9),
}
Rows = Mapping[tuple[Any, ...], Mapping[str, Any]]
"""The rows of a table, by primary key."""


def contents(engine: Engine) -> dict[str, Rows]:
    """Every row of every table except Alembic's own."""
    with engine.connect() as connection:
        return {table.name: _rows(connection, table) for table in _tables(connection)}


def fill(engine: Engine) -> None:
    """Inserts one row into every table that has none, referring to existing rows."""
    with engine.begin() as connection:
        for table in _tables(connection):
            if connection.execute(table.select()).first() is None:
                connection.execute(table.insert().values(_sample(connection, table)))


def load_old(engine: Engine) -> None:
    """Fills an empty database with the old one: its tables come from the migrations up to ``OLD``,
    its rows from its own SQL dump."""
    migrate.upgrade(engine, OLD)
    with TemporaryDirectory() as folder:
        raw = sqlite3.connect(f"{folder}/old.db")
        raw.executescript((Path(__file__).parent / "data" / f"{OLD}.sql").read_text())
        raw.close()
        old = create_engine(f"sqlite:///{folder}/old.db")
        with old.connect() as source, engine.begin() as target:
            there = {table.name: table for table in _tables(source)}
            for table in _tables(target):
                for row in source.execute(there[table.name].select()).mappings():
                    target.execute(table.insert().values(_as_in(table, row)))
        old.dispose()


def _tables(connection: Connection) -> Iterator[Table]:
    """The tables, those that others refer to first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return (table for table in metadata.sorted_tables if table.name != "alembic_version")


def _rows(connection: Connection, table: Table) -> Rows:
    key = [column.name for column in table.primary_key]
    found = connection.execute(table.select()).mappings()
    return {tuple(row[name] for name in key): dict(row) for row in found}


def _sample(connection: Connection, table: Table) -> dict[str, Any]:
    row = {column.name: _value(column) for column in table.columns}
    for key in table.foreign_key_constraints:
        referred = connection.execute(key.referred_table.select()).mappings().first()
        assert referred, f"{table.name} refers to {key.referred_table.name}, which is empty"
        row |= {one.parent.name: referred[one.column.name] for one in key.elements}
    return row


def _value(column: Column[Any]) -> Any:
    kind = column.type.python_type
    if kind is datetime:
        return datetime(2027, 1, 4, tzinfo=_zone(column))
    sample = SAMPLES[kind]
    return sample[: getattr(column.type, "length", None)] if kind is str else sample


def _as_in(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A SQLite row converted for another database, where times have a zone."""
    return {
        name: value.replace(tzinfo=_zone(table.c[name])) if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _zone(column: Column[Any]) -> Any:
    return UTC if getattr(column.type, "timezone", False) else None
