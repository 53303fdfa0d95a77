"""A course that is copied on the platform keeps its plan here, whether the platform says so or
not; and nobody's data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from engine.curriculum.rows import outline_from_json
from engine.storage.tables import (
    Course,
    Enrolment,
    LtiContext,
    LtiHealth,
    LtiNotice,
    LtiRegistration,
    Membership,
    Placement,
)
from lti.courses.contexts import ContextKey, new_course
from lti.wire import names
from lti.wire.refusals import LaunchRefused
from tests import builders
from tests.integration.lti.doors import Plugged, plugged, teacher
from tests.integration.lti.lms import DEPLOYMENT, TOOL, Lms, rsa

pytestmark = pytest.mark.both_databases


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Plugged:
    """A course with a placed experience, which a teacher and a student opened."""
    made = plugged(tmp_path, lms)
    made.browser().enter(teacher)
    made.browser().enter()
    with made.house.services.db.write("town") as unit:
        course = unit.scalars(select(Course)).one()
        course.weekly_minutes, course.bans = 7, ["starter/other"]
        unit.commit()
    return made


def notice(there: Plugged, key: str = "platform", **differently: Any) -> str:
    """What the platform signs of a course that was copied."""
    wall = there.house.clock.wall()
    client = there.registration.client_id
    said = {
        "iss": there.registration.issuer,
        "aud": client,
        "azp": client,
        "nonce": "n",
        "iat": int(wall.timestamp()),
        "exp": int((wall + timedelta(hours=1)).timestamp()),
        names.VERSION: "1.3.0",
        names.DEPLOYMENT: DEPLOYMENT,
        names.ORIGIN_CONTEXTS: ["unheard-of", "course-1"],
        names.NOTICE: {
            "id": "notice-1",
            "timestamp": "2027-01-04T09:00:00Z",
            "type": names.CONTEXT_COPY_NOTICE,
        },
        names.CONTEXT: {"id": "course-2", "title": "Économie (copie)"},
        **differently,
    }
    return jwt.encode({"alg": "RS256", "kid": "platform"}, said, rsa(key), algorithms=["RS256"])


def post(
    there: Plugged, *tokens: str, registration: str | None = None, body: Any = None
) -> TestResponse:
    """The platform's server posts them, without cookies or CSRF token."""
    said = {"notices": [{"jwt": token} for token in tokens]} if body is None else body
    return there.house.app.test_client().post(
        f"/lti/notices/{registration or there.registration.id}", json=said, base_url=TOOL
    )


def rows(there: Plugged, table: type) -> int:
    with there.house.services.db.read("town") as unit:
        return unit.scalars(select(func.count()).select_from(table)).one()


def plan(there: Plugged, context: str) -> dict[str, Any]:
    """What our side of that course is like."""
    with there.house.services.db.read("town") as unit:
        row = unit.scalars(select(LtiContext).where(LtiContext.context == context)).one()
        course = unit.scalars(select(Course).where(Course.id == row.course)).one()
        placed = unit.scalars(select(Placement).where(Placement.course == course.id)).all()
        outline = outline_from_json(course.outline)
        return {
            "id": course.id,
            "title": course.title,
            "minutes": course.weekly_minutes,
            "bans": course.bans,
            "pins": course.pins,
            "sections": [section.title for section in outline.sections],
            "slug": course.slug == outline.id,
            "placed": [(p.section, p.module, p.pinned) for p in placed],
            "members": unit.scalars(
                select(func.count()).select_from(Membership).where(Membership.course == course.id)
            ).one(),
        }


def test_a_copied_course_has_the_same_plan_and_nobody_in_it(there: Plugged) -> None:
    answer = post(there, notice(there))
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "Received.\n")
    origin, copy = plan(there, "course-1"), plan(there, "course-2")
    assert copy["title"] == "Économie (copie)" and copy["id"] != origin["id"] and copy["slug"]
    assert origin["members"] == 2 and copy["members"] == 0
    same = ("minutes", "bans", "pins", "sections", "placed")
    assert [copy[part] for part in same] == [origin[part] for part in same] and copy["placed"]
    with there.house.services.db.read("town") as unit:
        assert (
            unit.scalars(
                select(LtiContext.roster_url).where(LtiContext.context == "course-2")
            ).one()
            is None
        )


def test_a_notice_counts_once_however_often_it_comes(there: Plugged) -> None:
    for _ in range(3):
        assert post(there, notice(there)).status_code == 200
    assert (rows(there, LtiContext), rows(there, LtiNotice)) == (2, 1)


def test_a_copy_of_a_course_that_we_never_saw_and_other_notices_change_nothing(
    there: Plugged,
) -> None:
    hello = {"id": "notice-2", "timestamp": "2027-01-04T09:00:00Z", "type": "LtiHelloWorldNotice"}
    answer = post(
        there,
        notice(there, **{names.ORIGIN_CONTEXTS: ["elsewhere"]}),
        notice(there, **{names.NOTICE: hello}),
    )
    assert answer.status_code == 200 and (rows(there, LtiContext), rows(there, LtiNotice)) == (1, 2)


def test_a_course_that_was_opened_before_the_notice_came_gets_the_plan_unless_somebody_began(
    there: Plugged,
) -> None:
    def other(claims: dict[str, Any]) -> None:
        teacher(claims)
        claims[names.CONTEXT] = {"id": "course-2", "title": "Copie"}

    there.browser().enter(other)
    assert plan(there, "course-2")["minutes"] == 12
    post(there, notice(there))
    assert (plan(there, "course-2")["minutes"], plan(there, "course-2")["title"]) == (7, "Copie")
    learner = there.house.account(email="bo@example.org")
    with there.house.services.db.write("town") as unit:
        unit.execute(update(Course).values(weekly_minutes=9))
        unit.add(
            Enrolment(
                learner=learner.id,
                course=plan(there, "course-2")["id"],
                section="x",
                pack=builders.PACK,
                version="0.1.0",
                module=builders.MODULE,
                started_at=there.house.clock.now(),
            )
        )
        unit.execute(
            update(Course)
            .where(Course.id == plan(there, "course-1")["id"])
            .values(weekly_minutes=5)
        )
        unit.commit()
    again = {
        "id": "notice-9",
        "timestamp": "2027-01-04T09:00:00Z",
        "type": names.CONTEXT_COPY_NOTICE,
    }
    assert post(there, notice(there, **{names.NOTICE: again})).status_code == 200
    assert plan(there, "course-2")["minutes"] == 9


REFUSED: tuple[tuple[str, str, Callable[[Plugged], TestResponse]], ...] = (
    (
        "signed-by-somebody-else",
        "signature-bad",
        lambda there: post(there, notice(there, key="attacker")),
    ),
    (
        "expired",
        "expired",
        lambda there: post(
            there, notice(there, exp=int(there.house.clock.wall().timestamp()) - 120)
        ),
    ),
    (
        "for-another-tool",
        "audience-missing",
        lambda there: post(there, notice(there, aud="client-9", azp="client-9")),
    ),
    (
        "of-an-unknown-deployment",
        "deployment-unknown",
        lambda there: post(there, notice(there, **{names.DEPLOYMENT: "other"})),
    ),
    ("no-notices", "notice-malformed", lambda there: post(there, body={"notice": 1})),
    ("not-json", "notice-malformed", lambda there: post(there, body="x")),
)


@pytest.mark.parametrize(
    ("code", "send"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_refuses_and_remembers_why(
    there: Plugged, code: str, send: Callable[[Plugged], TestResponse]
) -> None:
    answer = send(there)
    assert answer.status_code == 400 and answer.get_data(as_text=True) == f"Refused: {code}.\n"
    assert (rows(there, LtiContext), rows(there, LtiNotice)) == (1, 0)
    with there.house.services.db.read("town") as unit:
        error = unit.scalars(select(LtiHealth)).one().error
        assert error is None if code == "notice-malformed" else (error or {})["code"] == code, (
            "unsigned noise is only logged"
        )


def test_json_without_end_is_malformed_and_an_id_that_is_none_is_nobodys(there: Plugged) -> None:
    client = there.house.app.test_client()
    deep = client.post(f"/lti/notices/{there.registration.id}", data=b"[" * 100_000, base_url=TOOL)
    assert (deep.status_code, deep.get_data(as_text=True)) == (400, "Refused: notice-malformed.\n")
    for strange in (f"{there.registration.id}f", "%00" * 32):
        assert (
            client.post(f"/lti/notices/{strange}", json={"notices": []}, base_url=TOOL).status_code
            == 404
        )


def test_a_bad_notice_does_not_spoil_a_good_one_beside_it(there: Plugged) -> None:
    answer = post(there, notice(there, key="attacker"), notice(there))
    assert answer.status_code == 400 and rows(there, LtiContext) == 2


def test_a_registration_that_is_unknown_or_off_takes_no_notice(there: Plugged) -> None:
    assert post(there, notice(there), registration="f" * 32).status_code == 404
    with there.house.services.db.write("town") as unit:
        unit.execute(update(LtiRegistration).values(enabled=False))
        unit.commit()
    assert post(there, notice(there)).status_code == 403 and rows(there, LtiContext) == 1


def test_links_of_a_copied_course_work_without_any_notice(there: Plugged) -> None:
    """Their custom parameters came along; the first who follows one finds the experience placed."""

    def copied(claims: dict[str, Any]) -> None:
        claims["sub"] = "student-of-the-copy"
        claims[names.CONTEXT], claims[names.RESOURCE_LINK] = (
            {"id": "course-2", "title": "Copie"},
            {"id": "link-9"},
        )
        claims[names.CUSTOM] = {"module": "starter/la-vitrine", "counts": "finished"}

    page = there.browser().enter(copied)
    assert page.status_code == 200
    copy = plan(there, "course-2")
    assert [module for _, module, _ in copy["placed"]] == [builders.MODULE] and copy["members"] == 1


def copied(claims: dict[str, Any]) -> None:
    """The launch is into a copy, and says of what."""
    claims[names.CONTEXT] = {"id": "course-2", "title": "Copie"}
    claims[names.CUSTOM] = {"context_history": "unheard%20of,course%2D1"}


def a_stranger(claims: dict[str, Any]) -> None:
    """Somebody who teaches, but not the course that they say theirs was copied from."""
    teacher(claims)
    claims["sub"] = "teacher-9"


@pytest.mark.parametrize(
    "who", [a_stranger, lambda _claims: None], ids=["another-teacher", "a-student"]
)
def test_a_history_is_believed_only_of_who_teaches_both_courses(
    there: Plugged, who: Callable[[dict[str, Any]], None]
) -> None:
    there.browser().enter(who, copied)
    assert (plan(there, "course-2")["minutes"], plan(there, "course-2")["bans"]) == (12, [])


def test_a_new_course_never_takes_over_another_one_that_is_called_alike(there: Plugged) -> None:
    key = ContextKey(there.registration.id, DEPLOYMENT, "course-2")
    with there.house.services.units.write("town") as work:
        made = new_course(work, key, "A" * 90, "en")
        assert len(made.slug) == 60
        with pytest.raises(LaunchRefused, match="claim-malformed"):
            new_course(work, key, made.title, "en")


def test_a_platform_that_tells_the_history_of_a_course_needs_no_notice_either(
    there: Plugged,
) -> None:
    there.browser().enter(teacher, copied)
    origin, copy = plan(there, "course-1"), plan(there, "course-2")
    assert (copy["minutes"], copy["placed"], copy["title"], copy["members"]) == (
        7,
        origin["placed"],
        "Copie",
        1,
    )
