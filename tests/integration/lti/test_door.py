"""The door with its pages: who comes in by a launch sees the right page, in the LMS's frame, and nobody else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.storage.tables import Account, Course, LtiLink, LtiVisit, Membership, Placement
from lti import names
from tests import builders
from tests.integration.lti.doors import Plugged, plugged, teacher
from tests.integration.lti.lms import TOOL, Lms


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Plugged:
    return plugged(tmp_path, lms)


def rows(there: Plugged, table: type) -> int:
    with there.house.services.db.read("town") as unit:
        return unit.scalars(select(func.count()).select_from(table)).one()


def test_a_learner_reads_the_contract_first_then_lives_the_experience_that_was_placed(there: Plugged) -> None:
    guest = there.browser()
    page = guest.enter()
    assert "pari de la confiance" in page.get_data(as_text=True)
    page = guest.send("/contract")
    assert guest.where(page) == "/rhythm"
    page = guest.send("/rhythm", first="1", **RHYTHM)
    assert guest.where(page).startswith("/lms/experience/")
    with there.house.services.db.read("town") as unit:
        placed = unit.scalars(select(Placement)).one()
        assert (placed.module, placed.pinned) == (builders.MODULE, True)
        assert unit.scalars(select(Course.title)).one() == "Économie"
        assert unit.scalars(select(Membership.role)).one() == "learner"
        link = unit.scalars(select(LtiLink)).one()
        assert (link.item, link.graded, link.line_item) == ("experience", True, "https://school.example.net/items/1?type_id=1")
    page = guest.send(f"/courses/{placed.course}/{placed.section}/begin")
    assert guest.where(page).startswith("/experience/")


RHYTHM = {"channel": "inbox", "language": "fr", "zone": "Europe/Paris", "hour": "08:40", "opens": "08:30", "closes": "18:30",
          "days_off": "6", "country": "FR", "touch_minutes": "3", "week_minutes": "6"}


def test_a_teacher_lands_on_the_course(there: Plugged) -> None:
    guest = there.browser()
    page = guest.enter(teacher)
    assert guest.where(page).startswith("/courses/economie-")
    assert page.status_code == 200


def test_the_same_person_is_found_again_and_another_one_is_not(there: Plugged) -> None:
    there.browser().enter()
    there.browser().enter()
    assert (rows(there, Account), rows(there, Course), rows(there, LtiVisit)) == (1, 1, 2)
    there.browser().enter(lambda claims: claims.update(sub="user-8"))
    assert rows(there, Account) == 2


def test_one_address_on_two_platforms_makes_two_people(there: Plugged) -> None:
    there.house.account(email="lea@example.org")
    there.browser().enter()
    with there.house.services.db.read("town") as unit:
        assert sorted(unit.scalars(select(Account.email)), key=str) == [None, "lea@example.org"]


def test_a_teacher_of_one_course_is_a_learner_of_another(there: Plugged) -> None:
    def learning_elsewhere(claims: dict[str, object]) -> None:
        claims["sub"] = "teacher-1"
        claims[names.CONTEXT] = {"id": "course-2", "title": "Autre"}
    there.browser().enter(teacher)
    guest = there.browser()
    guest.enter(learning_elsewhere)
    assert guest.get("/courses/").status_code == 404


def test_a_visit_belongs_to_its_browser_and_its_page_may_be_framed_by_its_lms_alone(there: Plugged) -> None:
    guest = there.browser()
    page = guest.enter()
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors https://lms.example.org https://school.example.net;" in policy + ";"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    stranger = there.browser()
    stranger.at = guest.at
    refused = stranger.get("/home")
    assert refused.status_code == 410 and "Léa" not in refused.get_data(as_text=True)
    assert "frame-ancestors 'none'" in stranger.visitor.get("/sign-in").headers["Content-Security-Policy"]


def test_a_visit_ends(there: Plugged) -> None:
    guest = there.browser()
    guest.enter()
    there.house.clock.later(hours=9)
    assert guest.get("/home").status_code == 410


def test_nothing_but_a_visit_s_own_pages_is_in_it(there: Plugged) -> None:
    guest = there.browser()
    guest.enter()
    for path in ("/sign-in", "/lti/keys", "/lms/choose"):
        assert guest.get(path).status_code == 404
    assert guest.visitor.get("/lms/privacy", base_url=TOOL).status_code == 404


def test_without_a_cookie_a_window_is_offered_and_no_visit_is_opened(there: Plugged) -> None:
    guest = there.browser()
    asked = guest.log_in()
    guest.forget_cookies()
    page = guest.post(asked, guest.claims(asked)).get_data(as_text=True)
    assert 'href="/lti/login?' in page and "relecture_window=1" in page and "lti_storage_target" not in page
    assert rows(there, LtiVisit) == 0
    assert there.browser().enter(relecture_window="1").status_code == 200


def test_a_secret_that_the_platform_kept_opens_a_shorter_visit_without_cookies(there: Plugged) -> None:
    guest = there.browser()
    asked, secret = guest.log_in_with_storage()
    guest.forget_cookies()
    page = guest.post(asked, guest.claims(asked)).get_data(as_text=True)
    assert f'data-key="{asked["state"]}"' in page and secret not in page
    entered = guest.post(asked, guest.claims(asked), form={"browser": secret}, headers={"Origin": TOOL})
    assert entered.status_code == 303
    guest.follow(entered)
    guest.at = "/".join(entered.location.split("/")[:3])
    assert guest.get("/path.json").status_code == 200
    there.house.clock.later(hours=2, minutes=1)
    assert guest.get("/path.json").status_code == 410


def test_a_secret_posted_from_another_site_lets_nobody_in_as_somebody_else(there: Plugged) -> None:
    attacker, victim = there.browser(), there.browser()
    asked, secret = attacker.log_in_with_storage()
    for origin in ({"Origin": "https://evil.example.net"}, {"Origin": "null"}, {}):
        victim.post(asked, victim.claims(asked), form={"browser": secret}, headers=origin)
    assert rows(there, LtiVisit) == 0


def test_a_launch_twice_opens_one_visit(there: Plugged) -> None:
    guest = there.browser()
    asked = guest.log_in()
    claims = guest.claims(asked)
    assert guest.post(asked, claims).status_code == 303
    again = guest.post(asked, claims)
    assert again.status_code == 400 and rows(there, LtiVisit) == 1
    assert "state-reused" in again.get_data(as_text=True)
