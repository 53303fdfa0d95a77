"""Migrations: they lead to the tables as they stand, and back to nothing."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, inspect, select

from engine.storage import migrate
from engine.storage.database import Database
from engine.storage.tables import Act, Answer, Enrolment


def test_up_down_and_up_again_ends_at_the_tables_of_the_code(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'm.db'}")
    migrate.upgrade(db.engine)
    assert migrate.differences(db.engine) == []
    migrate.downgrade(db.engine)
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    migrate.upgrade(db.engine)
    migrate.upgrade(db.engine)
    assert migrate.differences(db.engine) == []
    db.close()


def test_constraints_have_names_so_that_later_migrations_can_reach_them(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'm.db'}")
    migrate.upgrade(db.engine)
    tables = inspect(db.engine)
    for table in set(tables.get_table_names()) - {"alembic_version"}:
        assert tables.get_pk_constraint(table)["name"] == f"pk__{table}"
        assert all(key["name"] for key in tables.get_foreign_keys(table))
    db.close()


AT = datetime(2027, 1, 12, 9, 30, 0, 123456, UTC)


def test_steps_that_were_taken_become_acts_and_steps_again(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'm.db'}")
    migrate.upgrade(db.engine, "20261129_1915")
    taken = [("hall", 1, "ines"), ("hall", 2, "chene"), ("mill", 1, "region")]
    with db.engine.begin() as connection:
        tables = _tables(connection)
        _put(connection, tables, "tenant", id="town")
        _put(connection, tables, "pack_version", pack="p", version="1.0.0")
        _put(connection, tables, "account", tenant="town", id="lea", role="learner")
        _put(connection, tables, "learner", tenant="town", id="lea")
        for module in ("hall", "mill"):
            lived = {"learner": "lea", "pack": "p", "version": "1.0.0", "module": module}
            _put(connection, tables, "enrolment", tenant="town", id=module, **lived)
        for enrolment, number, act in taken:
            step = {"enrolment": enrolment, "number": number, "act": act, "at": AT}
            _put(connection, tables, "step", tenant="town", **step)
        for enrolment in ("hall", "mill"):
            answer = {"enrolment": enrolment, "prompt": "soir", "content": {"text": "Rien"}}
            _put(connection, tables, "answer", tenant="town", **answer)

    migrate.upgrade(db.engine)
    assert migrate.differences(db.engine) == []
    with db.read("town") as unit:
        acts = unit.scalars(select(Act).order_by(Act.table, Act.number)).all()
        assert [(a.table, a.number, a.seat, a.said, a.at) for a in acts] == [
            (enrolment, number, 1, {"choice": act}, AT) for enrolment, number, act in taken
        ]
        enrolments = unit.scalars(select(Enrolment).order_by(Enrolment.id)).all()
        assert [(e.table, e.seat) for e in enrolments] == [("hall", 1), ("mill", 1)]
        assert len(unit.scalars(select(Answer)).all()) == 2, "what refers to an enrolment stays"

    migrate.downgrade(db.engine, "20261129_1915")
    with db.engine.begin() as connection:
        step = _tables(connection)["step"]
        rows = connection.execute(select(step).order_by(step.c.enrolment, step.c.number)).all()
        assert [(r.enrolment, r.number, r.act) for r in rows] == taken
        assert {row.at.replace(tzinfo=row.at.tzinfo or UTC) for row in rows} == {AT}
    migrate.upgrade(db.engine)
    with db.read("town") as unit:
        assert len(unit.scalars(select(Act)).all()) == len(taken)
        assert len(unit.scalars(select(Answer)).all()) == 2
    db.close()


def _tables(connection: Connection) -> dict[str, Table]:
    """The tables as that revision left them."""
    metadata = MetaData()
    metadata.reflect(connection)
    return metadata.tables


def _put(connection: Connection, tables: dict[str, Table], name: str, **given: Any) -> None:
    """A row with those values, and whatever else its table insists on."""
    plain = {int: 1, float: 1.0, bool: True, bytes: b"", datetime: AT, time: AT.time()}
    needed = (c for c in tables[name].columns if not c.nullable and c.name not in given)
    filled = {c.name: plain.get(c.type.python_type, "") for c in needed}
    connection.execute(tables[name].insert(), filled | given)
