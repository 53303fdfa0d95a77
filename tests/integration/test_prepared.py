"""Prebuilt statements run on the driver's own cursor do what SQLAlchemy would do with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Float,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Time,
    bindparam,
    select,
    update,
)
from sqlalchemy import insert as insert_into
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError, OperationalError

from engine.storage.claims import tenants_with_mail
from engine.storage.database import Database
from engine.storage.library import Library
from engine.storage.prepared import find, write, write_all
from engine.storage.queries import journeys, launches
from engine.storage.queries.running import change, rows
from engine.storage.tables import Account, Learner
from engine.storage.types import UtcDateTime
from tests import builders
from tests.builders import MONDAY
from tests.unit.storage.test_statements import EVERY

pytestmark = pytest.mark.both_databases

ODD = Table(
    "odd",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime()),
    Column("hour", Time()),
    Column("said", JSON(), default=list),
    Column("fit", Float(), default=0.5),
    Column("word", String(20), default="none"),
)
ADD = insert_into(ODD)
ALL = select(ODD).order_by(ODD.c.id)
THESE = select(ODD.c.id).where(ODD.c.id.in_(bindparam("ids", expanding=True))).order_by(ODD.c.id)
RENAME = update(ODD).where(ODD.c.word == "none").values(word=bindparam("new"))
ABROAD = timezone(timedelta(hours=5))


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return builders.database(tmp_path, "town")


@pytest.fixture
def odd(db: Database) -> Iterator[Connection]:
    """A connection with the odd table, which nobody else sees and which ends with it."""
    with db.shared(write=True) as unit:
        ODD.create(unit.connection())
        yield unit.connection()


def filled(connection: Connection) -> None:
    write(connection, ADD, {"id": 1, "at": MONDAY, "hour": time(8, 30), "said": {"a": [1, None]}})
    abroad = datetime(2027, 1, 4, 14, tzinfo=ABROAD)
    more = [{"id": 2, "at": abroad, "fit": 1 / 3}, {"id": 3, "at": None, "fit": 2}]
    write_all(connection, ADD, more)


def test_values_come_back_as_sqlalchemy_reads_them(odd: Connection) -> None:
    filled(odd)
    found = find(odd, ALL, {})
    assert found == odd.execute(ALL).all()
    assert [tuple(row) for row in found] == [
        (1, MONDAY, time(8, 30), {"a": [1, None]}, 0.5, "none"),
        (2, datetime(2027, 1, 4, 9, tzinfo=UTC), None, [], 1 / 3, "none"),
        (3, None, None, [], 2.0, "none"),
    ]
    assert found[0].said == {"a": [1, None]}


def test_every_row_has_a_default_of_its_own(db: Database) -> None:
    with db.write("town") as unit:
        for name in ("a", "b"):
            person = {"name": name, "role": "learner", "language": "fr", "created_at": MONDAY}
            change(unit, launches.ADD_ACCOUNT, **person)
        unit.commit()
    with db.read("town") as unit:
        ids = [account.id for account in unit.scalars(select(Account))]
    assert len(set(ids)) == 2 and all(len(one) == 32 for one in ids)


def test_defaults_are_those_of_the_table(db: Database) -> None:
    with db.write("town") as unit:
        unit.add(Account(id="a", created_at=MONDAY))
        unit.add(Account(id="b", created_at=MONDAY))
        unit.flush()
        unit.add(Learner(id="a"))
        unit.flush()
        change(unit, launches.ADD_LEARNER, id="b")
        unit.commit()
    with db.read("town") as unit:
        a, b = (unit.get_one(Learner, ("town", one)) for one in "ab")
        names = [column.key for column in Learner.__table__.c if column.key != "id"]
        assert [getattr(a, name) for name in names] == [getattr(b, name) for name in names]


def test_a_list_may_have_any_length(odd: Connection) -> None:
    filled(odd)
    for ids in ([], [2], [3, 1]):
        assert [row.id for row in find(odd, THESE, {"ids": ids})] == sorted(ids)


def test_every_statement_is_compiled_once_but_the_one_that_takes_a_list(db: Database) -> None:
    reads = ((name, one) for _, name, one in EVERY if isinstance(one, Select))
    dialect = db.engine.dialect
    texts = {name: one.compile(dialect=dialect).post_compile_params for name, one in reads}
    assert {name for name, lists in texts.items() if lists} == {"SIGNS_OF"}


def test_a_change_says_how_many_rows_it_met(odd: Connection) -> None:
    filled(odd)
    assert [write(odd, RENAME, {"new": "word"}) for _ in range(2)] == [3, 0]


def test_what_the_driver_refuses_is_raised_as_sqlalchemy_raises_it(odd: Connection) -> None:
    write(odd, ADD, {"id": 1, "word": "secret"})
    with pytest.raises(IntegrityError) as refused:
        write(odd, ADD, {"id": 1, "word": "secret"})
    assert "secret" not in str(refused.value)


def closed(held: Connection) -> None:
    driver: Any = held.connection.driver_connection
    driver.close()


def ended_by_the_server(held: Connection) -> None:
    if held.dialect.name == "sqlite":
        return closed(held)
    pid = held.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with held.engine.connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")
    return None


@pytest.mark.parametrize("lost", [closed, ended_by_the_server])
def test_a_connection_that_was_lost_is_replaced_once_what_it_began_is_undone(
    db: Database, lost: Callable[[Connection], None]
) -> None:
    with db.engine.connect() as held:
        person = {"of_tenant": "town", "name": "a", "created_at": MONDAY}
        assert write(held, launches.ADD_ACCOUNT, person) == 1
        lost(held)
        with pytest.raises(DBAPIError) as refused:
            write(held, launches.ADD_ACCOUNT, person)
        assert refused.value.connection_invalidated and held.invalidated
        held.rollback()
        write(held, launches.ADD_ACCOUNT, person | {"name": "b"})
        held.commit()
    with db.read("town") as unit:
        assert unit.scalars(select(Account.name)).all() == ["b"]


def test_rows_come_from_statements_that_were_sent_together(db: Database) -> None:
    its = select(Account.name.label("fresh")).where(Account.tenant == bindparam("of_tenant"))
    with builders.World(db, Library(db)).units().statements("town") as line:
        with line.together():
            change(line, launches.ADD_ACCOUNT, name="a", created_at=MONDAY)
            assert [row.fresh for row in rows(line, its)] == ["a"]
        line.commit()


def test_a_parameter_that_is_missing_is_never_taken_for_nothing(odd: Connection) -> None:
    filled(odd)
    with pytest.raises(InvalidRequestError):
        write(odd, RENAME, {})


def test_who_listens_to_the_engine_hears_every_statement(db: Database, odd: Connection) -> None:
    with builders.queries(db) as seen:
        filled(odd)
        find(odd, ALL, {})
    assert [text.split()[0] for text in seen] == ["INSERT", "INSERT", "SELECT"]


def test_what_was_not_committed_is_undone_with_objects_and_without(db: Database) -> None:
    def add(*, objects: bool, commit: bool) -> None:
        with db.write("town") as unit:
            if objects:
                unit.add(Account(name="object", created_at=MONDAY))
            change(unit, launches.ADD_ACCOUNT, name="row", created_at=MONDAY)
            if commit:
                unit.commit()

    for objects in (True, False):
        add(objects=objects, commit=False)
    with db.read("town") as unit:
        assert unit.scalars(select(Account.name)).all() == []
    for objects in (True, False):
        add(objects=objects, commit=True)
    with db.read("town") as unit:
        assert sorted(unit.scalars(select(Account.name))) == ["object", "row", "row"]


def test_objects_join_the_transaction_that_a_statement_began(db: Database) -> None:
    for commit in (False, True):
        with db.write("town") as unit:
            change(unit, launches.ADD_ACCOUNT, name="row", created_at=MONDAY)
            unit.add(Account(name="object", created_at=MONDAY))
            unit.flush()
            change(unit, launches.ADD_ACCOUNT, name="later row", created_at=MONDAY)
            assert len(unit.scalars(select(Account)).all()) == 3
            if commit:
                unit.commit()
        with db.read("town") as unit:
            assert len(unit.scalars(select(Account)).all()) == (3 if commit else 0)


def test_a_database_that_is_away_is_raised_as_sqlalchemy_raises_it() -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with away.read("town") as unit, pytest.raises(OperationalError):
        rows(unit, journeys.IN_AN_LMS, learner="a")


def test_a_look_through_a_door_begins_nothing(db: Database) -> None:
    with db.across("worker-claim") as door, builders.queries(db) as seen:
        assert tenants_with_mail(door, MONDAY) == []
    assert [text.split()[0] for text in seen] == ["SELECT"]


def test_a_session_goes_on_after_its_commit(db: Database) -> None:
    with db.write("town") as unit:
        made = Account(name="once", created_at=MONDAY)
        unit.add(made)
        unit.commit()
        made.name = "twice"
        unit.commit()
        change(unit, launches.ADD_ACCOUNT, name="row", created_at=MONDAY)
    with db.read("town") as unit:
        assert unit.scalars(select(Account.name)).all() == ["twice"]


def test_no_two_columns_of_a_statement_have_the_same_name() -> None:
    for _, name, statement in EVERY:
        keys = [column.key for column in getattr(statement, "exported_columns", ())]
        assert len(set(keys)) == len(keys), name
