"""``/healthz``, and what goes on when nothing can be written: whatever only reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from engine.courses import members, outlines
from engine.storage.tables import Account, Throttle
from tests import builders
from tests.apps import SECRET, House, Visitor, house
from tests.builders import MONDAY
from tests.integration.serving import ask, served
from web import worker
from web.site.health import LEAST_FREE_BYTES, SILENCE, Vitals, faults

MOST = timedelta(minutes=6)
WELL = Vitals(True, True, LEAST_FREE_BYTES, timedelta(seconds=20))
INVITED = {"emails": "\n".join(f"{'a' * 40}{n}@{'b' * 60}.example.org" for n in range(60))}
"""More than fits into the gaps of a database."""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[House]:
    made = house(tmp_path, maildir=str(tmp_path / "mail"))
    yield made
    made.services.close()


@contextmanager
def every_connection(engine: Engine, pragma: str) -> Iterator[None]:
    """Each connection of the block is opened with this pragma of SQLite."""

    def set_it(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA {pragma}")

    engine.dispose()
    event.listen(engine, "connect", set_it)
    try:
        yield
    finally:
        event.remove(engine, "connect", set_it)
        engine.dispose()


FULL, READ_ONLY = "max_page_count=1", "query_only=ON"
"""No page more than there are, as on a full disk; and no write at all."""


def health(town: House) -> tuple[int, Any]:
    """What a monitor is told, some time after it last asked."""
    town.clock.walled += timedelta(minutes=1)
    answer = town.client().client.get("/healthz")
    assert answer.mimetype == "application/json"
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.status_code, json.loads(answer.get_data())


@pytest.mark.both_databases
def test_an_installation_that_is_well_says_only_that(town: House) -> None:
    assert health(town) == (200, {"status": "ok"})
    with town.services.db.shared() as session:
        assert session.scalars(select(Throttle)).all() == []


@pytest.mark.parametrize("pragma", [FULL, READ_ONLY])
def test_a_database_that_takes_no_writes_is_said(town: House, pragma: str) -> None:
    with every_connection(town.services.db.engine, pragma):
        assert health(town) == (
            503,
            {"status": "ill", "faults": [{"fault": "database-not-writable"}]},
        )
    assert health(town) == (200, {"status": "ok"})


@pytest.mark.parametrize("pragma", [FULL, READ_ONLY])
def test_where_nothing_can_be_written_pages_are_read_and_what_writes_says_so(
    town: House, pragma: str
) -> None:
    facilitator = course_of(town)
    with every_connection(town.services.db.engine, pragma):
        for path in ("/", "/courses", "/courses/course", "/courses/course/people"):
            answer = facilitator.get(path)
            assert answer.status_code in (200, 302), path
        facilitator.get("/courses/course/people")
        refused = facilitator.post("/courses/course/invitations", INVITED)
        assert refused.status_code == 503 and "Retry-After" in refused.headers
        assert "Rien ne peut être enregistré" in refused.text
        assert facilitator.get("/courses").status_code == 200
        worker.tick(town.services)
    facilitator.get("/courses/course/people")
    assert facilitator.post("/courses/course/invitations", INVITED).status_code == 303


def course_of(town: House) -> Visitor:
    """Somebody who facilitates a course, signed in."""
    account = town.account(role="facilitator")
    with town.services.db.write("town") as unit:
        course = outlines.import_outline(unit, builders.outline(), MONDAY)
        members.enrol(
            unit, course, unit.get_one(Account, ("town", account.id)), MONDAY, "facilitator"
        )
        unit.commit()
    visitor = town.client()
    visitor.sign_in()
    return visitor


def test_a_database_that_is_gone_is_said(town: House, tmp_path: Path) -> None:
    town.services.db.engine.dispose()
    away = tmp_path.rename(tmp_path.with_name("away"))
    status, said = health(town)
    assert (status, said["faults"]) == (503, [{"fault": "database-unreachable"}])
    away.rename(tmp_path)
    assert health(town)[0] == 200


def test_who_asks_often_makes_the_database_do_no_more(town: House) -> None:
    written: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        written.append(statement)

    event.listen(town.services.db.engine, "before_cursor_execute", note)
    for _ in range(50):
        assert town.client().client.get("/healthz").status_code == 200
    assert sum(statement.startswith("INSERT") for statement in written) == 1


def test_a_worker_that_is_silent_is_said_and_one_that_ticks_is_not(town: House) -> None:
    worker.tick(town.services)
    assert health(town)[0] == 200
    town.clock.walled += timedelta(hours=1)
    status, said = health(town)
    assert status == 503 and [fault["fault"] for fault in said["faults"]] == ["worker-silent"]
    worker.tick(town.services)
    assert health(town)[0] == 200


def test_one_silent_job_is_not_hidden_by_the_others(town: House) -> None:
    worker.tick(town.services)
    town.clock.walled += timedelta(hours=1)
    worker.work_off(town.services, *worker.JOBS[1:])
    assert health(town)[0] == 503


@pytest.mark.parametrize(
    ("vitals", "expected"),
    [
        (WELL, []),
        (Vitals(False, False, None, None), ["database-unreachable"]),
        (Vitals(True, False, None, None), ["database-not-writable"]),
        (Vitals(True, True, LEAST_FREE_BYTES - 1, None), ["disk-almost-full"]),
        (Vitals(True, True, None, MOST), []),
        (Vitals(True, True, None, MOST + timedelta(seconds=1)), ["worker-silent"]),
        (
            Vitals(False, False, 0, MOST + SILENCE),
            ["database-unreachable", "disk-almost-full", "worker-silent"],
        ),
    ],
)
def test_each_fault_is_named_with_its_figures(vitals: Vitals, expected: list[str]) -> None:
    found = list(faults(vitals, MOST))
    assert [fault["fault"] for fault in found] == expected
    for fault in found:
        assert set(fault) in (
            {"fault"},
            {"fault", "free_bytes", "least_bytes"},
            {"fault", "seconds", "most_seconds"},
        )


def test_the_real_serve_says_that_it_is_well_and_tells_no_secret(tmp_path: Path) -> None:
    with served(tmp_path, tick_seconds="1") as port:
        status, body = ask(port, "/healthz", "Host: here.example")
        assert SECRET not in body and str(tmp_path) not in body
        assert status in (200, 503)
        names = {fault["fault"] for fault in json.loads(body).get("faults", ())}
        assert names <= {"disk-almost-full"}  # the machine of whoever runs this may be
