"""What is refused of a migration fails where there are rows; what is let through does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations, ops
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.exc import DBAPIError

from engine.storage.database import Database
from engine.storage.rowsafe import faults
from tests import databases

ROWS: list[dict[str, Any]] = [
    {"id": 1, "word": "a" * 20, "note": None, "count": 2**31 - 1},
    {"id": 2, "word": "a" * 20, "note": None, "count": 2**31 - 1},
]


def before() -> MetaData:
    return tables()


def tables(*changed: Any, dropped: str = "") -> MetaData:
    """One table with rows and one beside it; columns that are given take the place of those of
    their name."""
    made = MetaData()
    Table("place", made, Column("id", Integer, primary_key=True))
    own = [
        Column("id", Integer, primary_key=True),
        Column("word", String(20), nullable=False),
        Column("note", String(20)),
        Column("count", Integer, nullable=False),
    ]
    names = {one.name for one in changed if isinstance(one, Column)} | {dropped}
    Table("thing", made, *(one for one in own if one.name not in names), *changed)
    return made


def refers(name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([name], ["place.id"], name="fk")


SAFE = [
    tables(Column("new", Integer)),
    tables(Column("new", Integer, nullable=False, server_default="0")),
    tables(Column("new", Integer), UniqueConstraint("new", name="uq")),
    tables(Column("new", Integer), refers("new")),
    tables(Column("word", String(40), nullable=False)),
    tables(Column("word", Text, nullable=False)),
    tables(Column("word", String(20))),
    tables(Column("count", BigInteger, nullable=False)),
    tables(Column("count", Double, nullable=False)),
    tables(UniqueConstraint("id", "word", name="uq")),
    tables(Index("ix", "word")),
    tables(dropped="word"),
]
UNSAFE = [
    (tables(Column("new", Integer, nullable=False)), "thing.new", "server_default"),
    (tables(Column("note", String(20), nullable=False)), "thing.note", "fill them first"),
    (tables(Column("word", String(10), nullable=False)), "thing.word", "do not fit"),
    (tables(Column("word", Integer, nullable=False)), "thing.word", "do not fit"),
    (tables(Column("count", SmallInteger, nullable=False)), "thing.count", "do not fit"),
    (tables(UniqueConstraint("word", name="uq")), "thing", "what becomes of them"),
    (tables(Index("ix", "word", unique=True)), "thing", "what becomes of them"),
    (
        tables(Column("new", Integer, server_default="0"), UniqueConstraint("new", name="uq")),
        "thing",
        "what becomes of them",
    ),
    (tables(refers("count")), "thing", "what becomes of them"),
]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """To a database with rows in it."""
    with databases.on("postgresql"):
        db: Database = databases.bare(tmp_path)
        with db.engine.connect() as made:
            old = before()
            old.create_all(made)
            made.execute(old.tables["thing"].insert(), ROWS)
            made.commit()
            yield made


def steps(connection: Connection, after: MetaData) -> tuple[Operations, Sequence[Any]]:
    """What Alembic would do, and with what."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    upgrade = produce_migrations(context, after).upgrade_ops
    assert upgrade and upgrade.ops
    return Operations(context), upgrade.ops


def apply(operations: Operations, found: Sequence[Any]) -> None:
    for op in found:
        for one in op.ops if isinstance(op, ops.OpContainer) else [op]:
            operations.invoke(one)


@pytest.mark.parametrize("after", SAFE)
def test_what_is_let_through_is_applied_to_rows(connection: Connection, after: MetaData) -> None:
    operations, found = steps(connection, after)
    assert faults(found, after) == []
    apply(operations, found)


@pytest.mark.parametrize(("after", "where", "to_do"), UNSAFE)
def test_what_is_refused_fails_on_rows_and_says_where_and_what_to_do(
    connection: Connection, after: MetaData, where: str, to_do: str
) -> None:
    operations, found = steps(connection, after)
    [fault] = faults(found, after)
    assert fault.where == where and to_do in str(fault)
    with pytest.raises(DBAPIError):
        apply(operations, found)


def test_a_table_that_is_new_has_no_rows_to_mind(connection: Connection) -> None:
    after = tables()
    Table(
        "new",
        after,
        Column("id", Integer, primary_key=True),
        Column("thing", Integer, nullable=False),
        UniqueConstraint("thing", name="uq"),
        Index("ix", "thing", unique=True),
        ForeignKeyConstraint(["thing"], ["thing.id"], name="fk"),
    )
    operations, found = steps(connection, after)
    assert faults(found, after) == []
    apply(operations, found)
