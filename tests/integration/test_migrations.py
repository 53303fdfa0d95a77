"""Migrations: they lead to the tables as they stand, and back to nothing, and take every row
along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, Table, inspect, select

from engine.journey import playing
from engine.storage import migrate
from engine.storage.database import Database
from engine.storage.database_state import bring_up_to_date
from engine.storage.library import Library
from engine.storage.migrations import HOME, revisions
from engine.storage.tables import Act, Answer, Base, Enrolment, Learner, LtiRegistration
from engine.storage.types import Line
from tests import databases, rows
from tests.builders import work
from tests.rows import Rows, contents

pytestmark = pytest.mark.both_databases

GIVEN_UP = {"lti_consumer", "step"}
"""Tables of the old database that went with what was in them."""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = databases.bare(tmp_path)
    yield made
    made.close()


def assert_kept(before: Mapping[str, Rows], after: Mapping[str, Rows]) -> None:
    """Tables that are there before and after hold the same rows, and these the same values in
    the columns that are there before and after."""
    for table in before.keys() & after.keys():
        assert before[table].keys() == after[table].keys(), table
        for key, row in before[table].items():
            now = after[table][key]
            assert [(name, row[name]) for name in row if name in now] == [
                (name, now[name]) for name in row if name in now
            ], table


def go(engine: Engine, upward: bool, to: str) -> None:
    before = contents(engine)
    (migrate.upgrade if upward else migrate.downgrade)(engine, to)
    assert_kept(before, contents(engine))


def test_the_names_of_the_files_tell_the_order_in_which_migrations_are_applied() -> None:
    found = ScriptDirectory(str(HOME)).walk_revisions()
    assert revisions() == tuple(script.revision for script in found)[::-1]


def test_a_database_that_is_behind_is_brought_up_to_date_from_wherever_it_stands(
    db: Database,
) -> None:
    for reached in (None, *revisions()):
        if reached:
            migrate.downgrade(db.engine, reached)
        bring_up_to_date(db.engine)
        assert migrate.differences(db.engine) == []


def test_up_down_and_up_again_ends_at_the_tables_of_the_code(db: Database) -> None:
    migrate.upgrade(db.engine)
    assert migrate.differences(db.engine) == []
    migrate.downgrade(db.engine)
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    migrate.upgrade(db.engine)
    migrate.upgrade(db.engine)
    assert migrate.differences(db.engine) == []


def test_every_step_up_down_and_up_again_keeps_the_rows_of_every_table(db: Database) -> None:
    steps = list(revisions())
    for upward, there in [(True, steps), (False, [*steps[-2::-1], "base"]), (True, steps)]:
        for to in there:
            go(db.engine, upward, to)
            rows.fill(db.engine)
            assert all(contents(db.engine).values())
    assert migrate.differences(db.engine) == []


def test_a_database_of_the_version_before_comes_through_whole(db: Database) -> None:
    rows.load_old(db.engine)
    before = contents(db.engine)
    rows.fill(db.engine)
    filled = contents(db.engine)
    assert sum(map(len, before.values())) > 50
    migrate.upgrade(db.engine)
    after = contents(db.engine)
    assert_kept(filled, after)
    assert filled.keys() - after.keys() == GIVEN_UP
    assert migrate.differences(db.engine) == []


def test_an_experience_lived_before_the_upgrade_is_still_lived_to_its_end(db: Database) -> None:
    rows.load_old(db.engine)
    migrate.upgrade(db.engine)
    library = Library(db)
    with db.read("town") as unit:
        lived = unit.scalars(select(Enrolment)).all()
        scenes = [
            playing.scene(
                work(unit, library=library), unit.get_one(Learner, ("town", one.learner)), one.id
            )
            for one in lived
        ]
    assert len(scenes) == 3 and all(scene.screen.finished for scene in scenes)


def test_constraints_have_names_so_that_later_migrations_can_reach_them(db: Database) -> None:
    migrate.upgrade(db.engine)
    tables = inspect(db.engine)
    for table in set(tables.get_table_names()) - {"alembic_version"}:
        assert tables.get_pk_constraint(table)["name"] == f"pk__{table}"
        assert all(key["name"] for key in tables.get_foreign_keys(table))


AT = datetime(2027, 1, 12, 9, 30, 0, 123456, UTC)


def test_steps_that_were_taken_become_acts_and_steps_again(db: Database) -> None:
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


def test_whom_a_roster_alone_named_is_forgotten_and_whoever_did_anything_stays(
    db: Database,
) -> None:
    migrate.upgrade(db.engine, "20261129_1950")
    of_town = {"tenant": "town"}
    with db.engine.begin() as connection:
        tables = _tables(connection)

        def put(name: str, **given: Any) -> None:
            _put(connection, tables, name, **of_town, **given)

        def person(name: str, *, from_lms: bool = True, joined: bool = False, **more: Any) -> None:
            put("account", **{"id": name, "role": "learner", **more})
            put("learner", id=name, **({"contract_at": AT} if joined else {}))
            if from_lms:
                put("lti_person", registration="r", subject=name, account=name)

        _put(connection, tables, "tenant", id="town")
        _put(connection, tables, "pack_version", pack="p", version="1.0.0")
        put("lti_registration", id="r")
        put("course", id="eco")
        put("cohort", id="nord", course="eco")
        for name in ("listed", "also-listed", "looks-now", "lived", "teaches"):
            person(name)
            role = "facilitator" if name == "teaches" else "learner"
            put("membership", course="eco", account=name, role=role)
            put("cohort_member", cohort="nord", account=name)
        put("lti_visit", key="k", registration="r", account="looks-now", browser=None)
        put("enrolment", id="e", learner="lived", pack="p", version="1.0.0", course="eco")
        person("joined", joined=True)
        person("mailed", email="lea@example.org")
        person("protected", password_hash="x")
        person("invited", from_lms=False, email="anne@example.org")
        person("anonymous", from_lms=False)
        person("runs-all", role="administrator")

    migrate.upgrade(db.engine)
    assert migrate.differences(db.engine) == []
    after = contents(db.engine)
    assert {key[1] for key in after["account"]} == {key[1] for key in after["learner"]}
    assert {key[1] for key in after["account"]} == {
        "looks-now",
        "lived",
        "teaches",
        "joined",
        "mailed",
        "protected",
        "invited",
        "anonymous",
        "runs-all",
    }
    their = {"looks-now", "lived", "teaches"}
    assert {key[-1] for key in after["membership"]} == their
    assert {key[-1] for key in after["cohort_member"]} == their
    assert len(after["lti_person"]) == 7


def test_connections_that_launched_have_claims_and_go_back_apart(db: Database) -> None:
    migrate.upgrade(db.engine, "20261129_2132")
    made = {"r": AT, "s": AT}
    with db.engine.begin() as connection:
        tables = _tables(connection)
        for tenant in ("town", "village"):
            _put(connection, tables, "tenant", id=tenant)
        for key, launched in (("r", AT), ("s", None)):
            its = {"tenant": "town", "id": key, "issuer": "i", "client_id": key}
            _put(connection, tables, "lti_registration", **its, created_at=made[key])
            _put(
                connection,
                tables,
                "lti_health",
                tenant="town",
                registration=key,
                launched_at=launched,
            )
    migrate.upgrade(db.engine, "head")
    with db.across("lti-lookup", write=True) as door:
        found = {row.id: row for row in door.scalars(select(LtiRegistration))}
        assert (found["r"].claimed_at, found["s"].claimed_at) == (AT, None)
    with db.write("village") as unit:
        its = {name: found["r"].__dict__[name] for name in ("login_url", "token_url", "keys_url")}
        unit.add(LtiRegistration(id="v", issuer="i", client_id="r", created_at=AT, **its))
        unit.commit()
    migrate.downgrade(db.engine, "20261129_2132")
    rows = contents(db.engine)["lti_registration"]
    assert [(rows[key]["client_id"], rows[key]["enabled"]) for key in sorted(rows)] == [
        ("r", True),
        ("s", True),
        ("r v", False),
    ]
    migrate.upgrade(db.engine)
    assert migrate.differences(db.engine) == []


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


def test_every_title_and_name_that_an_older_version_kept_becomes_one_line(db: Database) -> None:
    lines = [
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Line)
    ]
    assert ("course", "title") in lines
    migrate.upgrade(db.engine, "20261129_2210")
    rows.fill(db.engine)
    with db.engine.begin() as connection:
        tables = _tables(connection)
        lines = [(t, c) for t, c in lines if t in tables and c in tables[t].columns]
        for table, column in lines:
            connection.execute(
                tables[table].update().values({column: " Budget\n\npayez\u202e\x07"})
            )
    migrate.upgrade(db.engine)
    after = contents(db.engine)
    for table, column in lines:
        assert [row[column] for row in after[table].values()] == ["Budget payez"], table
