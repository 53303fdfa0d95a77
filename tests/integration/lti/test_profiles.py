"""The whole road with each LMS whose manners the practice platform has: from registration to the
gradebook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.storage.tables import (
    Account,
    Course,
    Enrolment,
    Learner,
    LtiContext,
    LtiLink,
    LtiPerson,
    Membership,
)
from lti.campus import roster
from lti.campus.profiles import PROFILES
from lti.platforms import health
from lti.platforms.dynamic import Registrar
from tests.integration.lti.lms import NOW, TOOL, http, invited
from tests.integration.lti.platforms import fields
from tests.integration.lti.roads import GROCERY, WINDOW, Browser, Road, road
from web.pages.lms import targets

pytestmark = pytest.mark.both_databases

ALL = list(PROFILES)
GRADED = {"canvas": {"placement": "assignment_selection"}}
"""Where a teacher goes to place something with a grade, if not to the first place."""
NOTHING_IS_KEPT = "Rien n’en est gardé"


@pytest.fixture
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Road]:
    """A road, connected, in the manner that the test is run for."""
    with road(tmp_path, request.param) as made:
        made.registration = made.connect()
        yield made


def of(*profiles: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("there", profiles, indirect=True)


def place(there: Road, *items: str) -> None:
    """A teacher places the experience, or these, with a grade."""
    query = GRADED.get(there.campus.profile.name, {})
    answer = there.choose(*(items or (WINDOW,)), **query)
    assert answer.status == 200, answer.body.decode()


def by_hand(there: Road, *modules: str) -> None:
    """A teacher adds links by hand, each to an experience."""
    for module in modules or (WINDOW,):
        url = f"{TOOL}/lti/to/experience?module={module.replace('/', '%2F')}"
        client = there.registration.client_id
        there.change("/links", client=client, url=url, title=module)


def rows(there: Road) -> dict[str, int]:
    """How many rows there are of each kind that an arrival makes."""
    tables = (Account, Learner, LtiPerson, LtiContext, LtiLink, Membership, Enrolment)
    with there.house.services.db.read("town") as unit:
        return {
            str(table.__tablename__): unit.scalars(select(func.count()).select_from(table)).one()
            for table in tables
        }


def role(there: Road, user: str) -> str:
    account = there.account(user)
    assert account is not None
    with there.house.services.db.read("town") as unit:
        return unit.scalars(select(Membership.role).where(Membership.account == account.id)).one()


def learns(browser: Browser) -> bool:
    """Whether it shows the contract that a learner says yes to first."""
    return browser.where == "/contract"


@of(*ALL)
def test_a_connection_is_made_and_a_teacher_and_a_learner_come_in(there: Road) -> None:
    by_hand(there)
    assert there.open("teacher-1").where.startswith("/courses/")
    assert learns(there.open("student-3"))
    assert (role(there, "teacher-1"), role(there, "student-3")) == ("facilitator", "learner")
    assert there.state == "well"


@of(*ALL)
def test_people_come_back_as_the_same_people_in_the_same_course(there: Road) -> None:
    by_hand(there, WINDOW, GROCERY)
    for link in (1, 2, 1):
        there.open("student-3", link)
        there.open("teacher-1", link)
    kept = rows(there)
    assert (kept["account"], kept["lti_person"], kept["lti_context"]) == (2, 2, 1)


@of(*ALL)
def test_assistants_run_the_course_whatever_the_roster_says_of_them(there: Road) -> None:
    by_hand(there)
    there.open("assistant-1")
    assert role(there, "assistant-1") == "facilitator"
    there.read_roster()
    assert role(there, "assistant-1") == "facilitator"


@of("relecture", "canvas", "blackboard")
def test_a_test_user_sees_a_page_and_leaves_nothing(there: Road) -> None:
    by_hand(there)
    there.open("teacher-1")
    before = rows(there)
    page = there.open("test-user-1").page
    assert page.status_code == 200 and NOTHING_IS_KEPT in page.text
    there.send_scores()
    assert rows(there) == before and not there.campus.book.marks and there.state == "well"


@of("relecture", "moodle", "open-edx", "brightspace", "sakai")
def test_a_teacher_in_the_role_of_a_student_sees_a_page_and_leaves_nothing(there: Road) -> None:
    by_hand(there)
    there.open("teacher-1")
    before = rows(there)
    page = there.open("teacher-1", switched="on").page
    assert page.status_code == 200 and NOTHING_IS_KEPT in page.text
    there.send_scores()
    assert rows(there) == before and not there.campus.book.marks and there.state == "well"
    assert role(there, "teacher-1") == "facilitator"


@of("relecture", "moodle", "canvas")
def test_an_administrator_with_no_part_in_the_course_leaves_nothing(there: Road) -> None:
    by_hand(there)
    there.open("teacher-1")
    before = rows(there)
    assert NOTHING_IS_KEPT in there.open("administrator-1").page.text
    assert rows(there) == before


@of("relecture", "canvas", "brightspace", "sakai")
def test_a_mentor_looks_on_and_leaves_nothing(there: Road) -> None:
    by_hand(there)
    there.open("teacher-1")
    before = rows(there)
    assert NOTHING_IS_KEPT in there.open("mentor-1").page.text
    assert rows(there) == before


@of("relecture", "canvas")
def test_an_editor_that_everybody_has_makes_no_teacher_of_a_mentor_or_a_learner(
    there: Road,
) -> None:
    for user in ("mentor-1", "student-3"):
        assert there.browser().place(user).page.status_code == 403


@of("moodle")
def test_an_administrator_who_places_links_is_a_teacher_here(there: Road) -> None:
    there.browser().place("administrator-1")
    assert role(there, "administrator-1") == "facilitator"


@of("moodle", "canvas")
def test_a_launch_that_serves_once_is_over_when_it_is_gone_to_again(there: Road) -> None:
    by_hand(there)
    browser = there.browser()
    url = browser.asked("/links/link-1/open", user="student-3")
    form = fields(http().send("GET", url))
    assert "id_token" in form
    again = url.replace("nonce=", "nonce=other-")
    assert "id_token" not in fields(http().send("GET", again))
    assert learns(browser.land(form))


@of("canvas")
def test_a_launch_that_waited_for_more_than_five_minutes_is_begun_again_from_the_course(
    there: Road,
) -> None:
    by_hand(there)
    browser = there.browser()
    url = browser.asked("/links/link-1/open", user="student-3")
    there.house.clock.later(minutes=6)
    page = browser.land(fields(http().send("GET", url))).page
    assert page.status_code == 400
    assert learns(browser.open("/links/link-1/open", user="student-3"))


@of(*ALL)
def test_the_roster_is_read_to_its_end_and_counts_those_who_learn(there: Road) -> None:
    there.campus.roster = roster.joined(there.campus.roster, 200)
    by_hand(there)
    there.open("student-3")
    there.read_roster()
    with there.house.services.db.read("town") as unit:
        learners = unit.scalars(select(LtiContext.learners)).one()
    everybody = sum(person.kind == "learner" for person in there.campus.roster.present)
    # Moodle's mentors and non-editing teachers are learners in its roster; of the latter nobody
    # has launched, so nothing better is known; Brightspace names only who has launched.
    expected = {"moodle": everybody + 2, "brightspace": 1}
    assert learners == expected.get(there.campus.profile.name, everybody)
    assert there.state == "well"


@of("moodle")
def test_an_assistant_who_has_launched_is_no_learner_whatever_the_roster_says(there: Road) -> None:
    by_hand(there)
    there.open("assistant-1")
    there.read_roster()
    with there.house.services.db.read("town") as unit:
        learners = unit.scalars(select(LtiContext.learners)).one()
    members = {person.kind for person in there.campus.roster.present}
    assert members == {"teacher", "assistant", "learner", "mentor", "administrator"}
    assert learners == len(there.campus.roster.present) - 3, "the mentor is a Learner there"


@of(*ALL)
def test_who_leaves_the_course_is_gone_after_the_next_roster(there: Road) -> None:
    by_hand(there)
    there.open("student-3")
    there.open("student-4")
    there.read_roster()
    there.change("/roster", leave="student-3")
    there.house.clock.later(hours=7)
    there.read_roster()
    with there.house.services.db.read("town") as unit:
        assert unit.scalars(select(func.count()).select_from(Membership)).one() == 1


@of("open-edx", "canvas")
def test_links_with_one_id_lead_each_to_its_own_experience(there: Road) -> None:
    by_hand(there, WINDOW, GROCERY)
    there.open("student-3", 1)
    there.live("student-3", WINDOW)
    seen = [there.open("student-3", link).where for link in (2, 1, 2)]
    assert seen[0] == seen[2] != seen[1]


@of("open-edx")
def test_who_may_not_choose_links_is_refused_by_the_platform(there: Road) -> None:
    client = there.registration.client_id
    answer = http().send("GET", f"{there.campus.base}/tools/{client}/place?user=student-3")
    assert answer.status == 403


@of("relecture", "moodle", "canvas", "brightspace", "blackboard", "sakai")
def test_the_language_of_the_platform_is_that_of_who_comes_from_it(there: Road) -> None:
    by_hand(there)
    english = there.campus.profile.launching.locales[-1]
    there.open("student-3", locale=english)
    account = there.account("student-3")
    assert account is not None and account.language == "en"


@of("canvas", "brightspace")
def test_a_registration_that_nobody_has_enabled_yet_opens_nothing(there: Road) -> None:
    by_hand(there)
    other = there._registered("town")
    url = f"{there.campus.base}/tools/{other.client_id}/place"
    assert http().send("GET", url).status == 403
    there.change(f"/tools/{other.client_id}", enabled="on")
    assert http().send("GET", url).status == 200
    with there.house.services.db.read("town") as unit:
        assert health.connection(unit, other.id).deployments == ()


@of("sakai")
def test_an_empty_roster_is_no_fault_of_the_connection(there: Road) -> None:
    by_hand(there)
    there.open("student-3")
    for person in there.campus.roster.present:
        there.change("/roster", leave=person.id)
    there.read_roster()
    with there.house.services.db.read("town") as unit:
        assert unit.scalars(select(func.count()).select_from(Course)).one() == 1
    assert there.state == "well"


@pytest.mark.parametrize("profile", ["canvas", "blackboard"])
def test_of_organisations_with_one_client_a_launch_goes_to_the_one_whose_deployment_it_is(
    tmp_path: Path, profile: str
) -> None:
    with road(tmp_path, profile, "town", "village") as there:
        before = NOW - timedelta(days=30)
        there.registration = there.entered("town", claimed_at=NOW)
        there.accept(there.registration)
        client = there.registration.client_id
        there.accept(there.entered("village", client, claimed_at=before), "another")
        by_hand(there)
        assert learns(there.open("student-3"))
        assert role(there, "student-3") == "learner"


def test_a_tool_on_a_port_of_its_own_is_registered_where_domains_are_compared_with_their_ports(
    tmp_path: Path,
) -> None:
    with road(tmp_path, "moodle") as there:
        services = there.house.services
        made = Registrar(services.units, services.lti.http, targets.tool(f"{TOOL}:8443")).complete(
            invited(services.units),
            f"{there.campus.base}/.well-known/openid-configuration",
            there.campus.invite(),
        )
        assert made.client_id in there.campus.clients
