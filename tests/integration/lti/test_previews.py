"""Who only looks on: a teacher in a learner's place, a platform's test user, a mentor. They see
what a learner would see first, and nothing is kept of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.storage.tables import (
    Account,
    Enrolment,
    Learner,
    LtiContext,
    LtiLink,
    LtiPerson,
    LtiVisit,
    Membership,
)
from lti.wire import names
from lti.wire.roles import TEST_USER
from tests.integration.lti.doors import CHOOSE, Change, Plugged, choosing, plugged, teacher
from tests.integration.lti.lms import LEARNER, Lms

pytestmark = pytest.mark.both_databases

NOTHING_IS_KEPT = "Rien n’en est gardé"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Plugged:
    return plugged(tmp_path, lms)


def kept(there: Plugged) -> dict[str, int]:
    """How many rows there are of each kind that an arrival makes."""
    tables = (Account, Learner, LtiPerson, LtiContext, LtiLink, LtiVisit, Membership, Enrolment)
    with there.house.services.db.read("town") as unit:
        return {
            str(table.__tablename__): unit.scalars(select(func.count()).select_from(table)).one()
            for table in tables
        }


def role(there: Plugged) -> list[tuple[str, str]]:
    with there.house.services.db.read("town") as unit:
        return [(row.role, row.role_source) for row in unit.scalars(select(Membership))]


def in_roles(*roles: str, user: str = "somebody") -> Change:
    def change(claims: dict[str, Any]) -> None:
        claims[names.ROLES], claims["sub"] = list(roles), user

    return change


def switched(claims: dict[str, Any]) -> None:
    """The teacher launches in a learner's place, as Moodle's *Switch role* does."""
    teacher(claims)
    claims[names.ROLES] = [LEARNER]


@pytest.mark.parametrize(
    "roles",
    [(LEARNER, TEST_USER), ("Mentor",), (f"{INSTITUTION}#Administrator",)],
    ids=["test-user", "mentor", "administrator"],
)
def test_who_only_looks_on_sees_the_cover_and_leaves_nothing_behind(
    there: Plugged, roles: tuple[str, ...]
) -> None:
    before = kept(there)
    page = there.browser().launch(in_roles(*roles))
    assert page.status_code == 200 and NOTHING_IS_KEPT in page.text
    assert "knot now" in page.text, "the cover of the experience that the link opens"
    assert "https://lms.example.org" in page.headers["Content-Security-Policy"]
    assert kept(there) == before


def test_a_teacher_in_a_learner_s_place_is_enrolled_nowhere_and_stays_a_teacher(
    there: Plugged,
) -> None:
    guest = there.browser()
    guest.enter(teacher)
    before = kept(there)
    page = guest.enter(switched)
    assert guest.where(page) == "/lms/preview" and NOTHING_IS_KEPT in page.text
    assert kept(there) | {"lti_visit": 0} == before | {"lti_visit": 0}
    assert role(there) == [("facilitator", "launch")]
    assert guest.get("/courses/").status_code == 200, "and the desk is a tap away"


def test_who_no_longer_teaches_says_so_and_learns(there: Plugged) -> None:
    guest = there.browser()
    guest.enter(teacher)
    guest.enter(switched)
    page = guest.send("/lms/learn")
    assert page.status_code == 200 and role(there) == [("learner", "launch")]
    assert guest.get("/courses/").status_code == 410, "the visit as a teacher is over"
    page = guest.enter(switched)
    assert guest.where(page) == "/contract"


def test_a_deep_linking_request_says_who_may_author_where_the_roles_do_not(there: Plugged) -> None:
    staff = in_roles(f"{INSTITUTION}#Administrator", f"{INSTITUTION}#Staff", user="staff-1")
    guest = there.browser()
    page = guest.enter(choosing(), staff, target_link_uri=CHOOSE)
    assert page.status_code == 200 and role(there) == [("facilitator", "deep-linking")]
    page = guest.enter(staff)
    assert guest.where(page).startswith("/courses/"), "and later launches do not undo it"


@pytest.mark.parametrize("roles", [(LEARNER,), ("Mentor",), (LEARNER, TEST_USER)])
def test_deep_linking_makes_no_teacher_of_who_learns_or_accompanies(
    there: Plugged, roles: tuple[str, ...]
) -> None:
    guest = there.browser()
    page = guest.enter(choosing(), in_roles(*roles), target_link_uri=CHOOSE)
    assert page.status_code == 403
    assert role(there) == [("learner", "deep-linking")]
