"""How SQLite says that it will find what is due: by indexes that hold only that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, Select, event

from engine.delivery.expiring import end_debriefs, expire_due
from engine.delivery.opening import open_due
from engine.storage.claims import (
    courses_over,
    courses_owing,
    learners_to_look_at,
    tenants_with,
)
from engine.storage.database import Database
from engine.storage.tables import AddressClaim, Announcement, Invitation
from tests import builders
from tests.fakes import MONDAY
from tests.integration.test_delivery import office
from tests.integration.test_worker import shift
from tests.unit.storage.test_statements import EVERY


@contextmanager
def plans(db: Database, *about: str) -> Iterator[list[str]]:
    """SQLite's plan for each statement inside that has one of these words, at the end."""
    ran: list[tuple[str, Any]] = []
    steps: list[str] = []

    def note(*args: Any) -> None:
        ran.append((args[2], args[3]))

    event.listen(db.engine, "before_cursor_execute", note)
    yield steps
    event.remove(db.engine, "before_cursor_execute", note)
    with db.engine.connect() as connection:
        for sql, values in ran:
            if any(words in sql for words in about):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
                steps.append(str(plan.all()))


def test_the_cost_of_a_claim_grows_with_what_is_due_not_with_what_is_stored(tmp_path: Path) -> None:
    there = office(tmp_path)
    with plans(there.units.db, "UPDATE delivery") as steps:
        there.claim("one")
    assert "INDEX ix__delivery__next (tenant=? AND next_at<?)" in steps[0]
    assert "SCAN delivery" not in steps[0]


def test_looking_for_what_is_due_uses_indexes_that_hold_only_what_is_planned_or_open(
    tmp_path: Path,
) -> None:
    there = shift(tmp_path)
    with plans(there.units.db, "FROM touch", "FROM enrolment") as steps:
        open_due(there.units)
        expire_due(there.units)
        end_debriefs(there.units)
    assert len(steps) == 3
    assert "INDEX ix__touch__due" in steps[0] and "INDEX ix__touch__expires" in steps[1]
    assert "INDEX ix__enrolment__in_debrief" in steps[2]


def test_courses_that_end_are_found_by_indexes_that_hold_nothing_else(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with plans(db, "FROM course") as steps, db.across("worker-claim") as door:
        courses_over(door, MONDAY.date(), 5)
        courses_owing(door, 5)
    assert "INDEX ix__course__ends" in steps[0] and "INDEX ix__course__owed" in steps[1]


def test_mails_that_wait_are_found_by_indexes_that_hold_nothing_else(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with (
        plans(db, "FROM invitation", "FROM address_claim", "FROM announcement") as steps,
        db.across("worker-claim") as door,
    ):
        for table in (Invitation, AddressClaim, Announcement):
            tenants_with(door, table, MONDAY)
    assert "INDEX ix__invitation__next" in steps[0] and "INDEX ix__address_claim__next" in steps[1]
    assert "INDEX ix__announcement__next" in steps[2]


def test_learners_to_look_at_are_found_by_an_index_that_holds_nobody_else(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with plans(db, "FROM learner") as steps, db.across("worker-claim") as door:
        learners_to_look_at(door, MONDAY, 100)
    assert "INDEX ix__learner__announce (announce_at<?)" in steps[0]


def test_what_is_due_for_lmss_is_found_by_an_index(tmp_path: Path) -> None:
    queries = (
        "SELECT 1 FROM outbox WHERE tenant = 'town' AND state = 'waiting' AND next_at <= '2027'",
        "SELECT 1 FROM lti_context WHERE sync_at <= '2027'",
        "SELECT 1 FROM lti_state WHERE expires_at < '2027'",
        "SELECT 1 FROM lti_visit WHERE expires_at < '2027'",
    )
    db = builders.database(tmp_path)
    with plans(db, "SELECT 1 FROM") as steps, db.engine.connect() as connection:
        for query in queries:
            connection.exec_driver_sql(query)
    for query, step in zip(queries, steps, strict=True):
        assert "USING" in step and "INDEX" in step, query


OF_LEARNERS = {
    name: one
    for file, name, one in EVERY
    if file in ("journeys", "announcements", "hosts") and isinstance(one, Select)
}


@pytest.mark.parametrize("statement", OF_LEARNERS.values(), ids=OF_LEARNERS)
def test_what_a_learner_did_is_read_without_walking_through_what_everybody_did(
    statement: Executable, tmp_path: Path
) -> None:
    db = builders.database(tmp_path)
    sql = str(statement.compile(dialect=db.engine.dialect))
    with db.engine.connect() as connection:
        values = tuple([None] * sql.count("?"))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
    steps = [str(row[3]) for row in plan]
    assert steps
    for step in steps:
        assert not step.endswith("(tenant=?)"), steps
        assert not step.startswith("SCAN ") or step == "SCAN CONSTANT ROW", steps


OF_COURSES = {
    name: one
    for file, name, one in EVERY
    if file == "desk" and isinstance(one, Select) and not name.startswith("_")
}


@pytest.mark.parametrize("statement", OF_COURSES.values(), ids=OF_COURSES)
def test_a_course_is_counted_without_walking_through_those_of_others(
    statement: Select[Any], tmp_path: Path
) -> None:
    db = builders.database(tmp_path)
    compiled: Any = statement.compile(dialect=db.engine.dialect)
    sql = re.sub(r"\(__\[POSTCOMPILE_\w+\]\)", "(?)", str(compiled))
    with db.engine.connect() as connection:
        values = tuple([None] * sql.count("?"))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
    steps = [str(row[3]) for row in plan]
    assert steps
    for step in steps:
        # an index of nothing but what was refused is short
        assert "parked" in step or not step.endswith("(tenant=?)"), steps
        assert not step.startswith("SCAN ") or step.startswith(
            ("SCAN lives", "SCAN lived", "SCAN CONST")
        ), steps
