"""Home says whose each experience is, and shows it once, even if two courses have it."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

from engine.courses import members
from engine.journey import home as homes
from engine.journey.home import Experience
from engine.storage.tables import Account, Tenant
from tests.builders import MONDAY
from tests.integration.learners import TENANT, There, installed, live
from web import worker

pytestmark = pytest.mark.both_databases


@pytest.fixture
def there(tmp_path: Path) -> There:
    return installed(tmp_path)


def test_home_names_the_course_the_organisation_and_who_runs_it(there: There) -> None:
    visitor = there.enrolled()
    account = there.house.account(email="do@example.org", role="facilitator")
    with there.house.services.db.write(TENANT) as unit:
        unit.get(Account, (TENANT, account.id)).name = "Dominique"
        who = unit.get(Account, (TENANT, account.id))
        members.enrol(unit, there.course(unit), who, MONDAY, "facilitator")
        title = there.course(unit).title
        unit.get_one(Tenant, TENANT).name = "Ville de Vernoy"
        unit.commit()
    page = visitor.get("/home").text
    assert f"Ville de Vernoy · <strong>{title}</strong>" in page and "avec Dominique" in page


def one(course: str, state: str = "new", **more: object) -> Experience:
    return Experience(course, course, "s1", "S1", "T", "", 5, state, module=("p", "m"), **more)


@pytest.mark.parametrize(
    "two",
    [
        (one("b", "later"), one("a")),
        (one("b", "begun", elsewhere=True), one("a", "begun")),
        (one("a", "finished"), one("b", "finished", elsewhere=True)),
        (one("a"), one("b")),
    ],
)
def test_an_experience_that_two_courses_have_is_shown_once_where_it_is_at_home(
    two: tuple[Experience, Experience],
) -> None:
    assert [shown.course for shown in homes._once(two)] == ["a"]


def test_a_question_that_went_by_promises_nothing_that_is_not_so(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    there.house.clock.later(days=20)
    worker.tick(there.house.services)
    page = visitor.get(f"/touch/{touch.number}").text
    assert "Vous pouvez encore y répondre." in unescape(page)
    assert "quand vous voulez" not in page, "the next question comes whether they like it or not"
