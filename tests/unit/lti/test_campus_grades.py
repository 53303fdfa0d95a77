"""Line items and scores in the manners of LMSs: what becomes of them on the practice platform."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lti.campus import columns, ids
from lti.campus.campus import Campus
from lti.campus.profiles import PROFILES
from lti.campus.profiles.profile import GRADE_SCOPES
from lti.campus.refusals import PlatformRefused
from lti.wire import names
from tests.unit.lti.test_campus_profiles import ALL, BASE, NOW, launch, placed, tool


def graded(profile: str) -> Campus:
    there = placed(profile, lineItem={"label": "Relecture", "scoreMaximum": 100, "resourceId": "r"})
    launch(there)
    if not there.book.columns:
        there.book = columns.made_for(there.book, there.profile, there.links["link-1"], "own")
    return there


def score(there: Campus, user: str = "student-3", minutes: int = 0, **differently: Any) -> None:
    person = there.roster.find(user)
    subject = ids.subject(there.profile, BASE, person) if person else user
    said = {
        "userId": subject,
        "timestamp": (NOW + timedelta(minutes=minutes)).isoformat(),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 50,
        "scoreMaximum": 100,
        **differently,
    }
    there.score(tool(there), next(iter(there.book.columns)), said)


def refused(there: Campus, **said: Any) -> int:
    with pytest.raises(PlatformRefused) as why:
        score(there, **said)
    return why.value.status


@pytest.mark.parametrize(
    ("profile", "status"),
    [("relecture", 404), ("moodle", 400), ("canvas", 422), ("open-edx", 500), ("sakai", 400)],
)
def test_a_score_of_a_stranger_is_refused_in_its_own_way(profile: str, status: int) -> None:
    assert refused(graded(profile), user="nobody") == status


@pytest.mark.parametrize("profile", ["moodle", "canvas", "brightspace"])
def test_these_take_no_score_of_a_teacher(profile: str) -> None:
    assert 400 <= refused(graded(profile), user="teacher-1") < 500


@pytest.mark.parametrize(
    ("profile", "seconds", "status"),
    [
        ("relecture", 0.0, 409),
        ("relecture", 0.5, None),
        ("moodle", 0.5, 409),
        ("moodle", 1.0, None),
        ("canvas", 0.0, None),
        ("canvas", -1.0, 400),
        ("open-edx", 0.0, 400),
        ("sakai", -1.0, None),
    ],
)
def test_what_counts_as_later_differs(profile: str, seconds: float, status: int | None) -> None:
    there = graded(profile)
    score(there)
    again = {"timestamp": (NOW + timedelta(seconds=seconds)).isoformat()}
    if status is None:
        score(there, **again)
    else:
        assert refused(there, **again) == status


def grade(there: Campus) -> float | None:
    [mark] = there.book.marks.values()
    return mark.published


def test_open_edx_takes_a_zero_and_shows_what_it_showed() -> None:
    there = graded("open-edx")
    score(there)
    score(there, minutes=1, scoreGiven=0)
    score(there, minutes=2, gradingProgress="Pending")
    assert grade(there) == 50
    for profile in ("relecture", "moodle", "canvas"):
        there = graded(profile)
        score(there)
        score(there, minutes=1, scoreGiven=0)
        assert grade(there) == 0
        score(there, minutes=2, gradingProgress="Pending")
        assert grade(there) is None


def test_in_canvas_each_score_is_a_submission_unless_it_says_otherwise() -> None:
    there = graded("canvas")
    own = "https://canvas.instructure.com/lti/submission"
    score(there, comment="one", submission={"submittedAt": NOW.isoformat()})
    score(there, minutes=1, comment="two", **{own: {"new_submission": False}})
    [mark] = there.book.marks.values()
    assert (mark.attempts, mark.submitted, mark.comments) == (1, NOW, ("one", "two"))
    score(there, minutes=2)
    [mark] = there.book.marks.values()
    assert (mark.attempts, mark.submitted) == (2, NOW + timedelta(minutes=2))
    there.book = replace(
        there.book,
        columns={n: replace(one, attempts=2) for n, one in there.book.columns.items()},
    )
    assert refused(there, minutes=3) == 422


def test_a_score_without_a_comment_clears_the_one_that_stands_there() -> None:
    there = graded("blackboard")
    score(there, comment="Bravo")
    score(there, minutes=1)
    [mark] = there.book.marks.values()
    column = next(iter(there.book.columns.values()))
    assert mark.comments == () and "comment" not in there.results(column, None)[0]


def test_a_line_item_that_a_tool_posts_becomes_what_it_becomes_there() -> None:
    said = {"label": "Relecture", "scoreMaximum": 10, "resourceId": "r", "resourceLinkId": "other"}

    def posted(profile: str, **differently: Any) -> Any:
        there = graded(profile)
        book, links, client = there.book, there.links.values(), tool(there).id
        mine = {"resourceLinkId": ids.link_id(there.profile, there.links["link-1"])}
        return columns.posted(book, there.profile, {**said, **mine, **differently}, client, links)[
            1
        ]

    assert posted("blackboard").link is None
    assert posted("sakai").number == 1, "the column of that name is taken over"
    assert posted("moodle").made == "posted"
    assert posted("open-edx").link == PROFILES["open-edx"].identity.shared
    course = PROFILES["canvas"].identity.shared
    for profile, differently, status in (
        ("canvas", {"resourceLinkId": course}, 404),
        ("canvas", {"resourceLinkId": "other"}, 412),
        ("open-edx", {"resourceLinkId": "other"}, 400),
        ("open-edx", {"scoreMaximum": 99.5}, 400),
    ):
        with pytest.raises(PlatformRefused) as why:
            posted(profile, **differently)
        assert why.value.status == status


def listed(there: Campus, **asked: str) -> list[dict[str, Any]]:
    manners, client = there.profile.columns, tool(there).id
    found = columns.listed(there.book, manners, client, asked)
    return [columns.told(column, manners, BASE) for column in found]


def test_columns_are_listed_under_the_filters_that_each_knows() -> None:
    sakai = graded("sakai")
    assert len(listed(sakai, resource_link_id="other")) == 1, "a filter of another name"
    assert listed(sakai, lti_link_id="other") == []
    assert "resourceId" not in listed(sakai)[0], "one character is none"
    moodle = placed("moodle")
    moodle.accept_grades(moodle.links["link-1"], True)
    assert listed(moodle, resource_link_id="1")[0]["tag"] == ""
    assert listed(moodle, resource_id="r") == listed(moodle, tag="both") == []
    assert "resourceId" not in listed(graded("blackboard"))[0]


def test_grades_switched_off_leave_no_scope_and_no_address() -> None:
    for profile in ALL:
        there = placed(profile)
        there.switch_grades(tool(there), False)
        said = launch(there)
        if profile == "sakai":
            assert not {"lineitem", "lineitems"} & said[names.AGS].keys()
        else:
            assert names.AGS not in said and not GRADE_SCOPES & tool(there).granted(there.profile)


def test_a_teacher_takes_a_column_away_and_gives_another() -> None:
    there = graded("moodle")
    there.accept_grades(there.links["link-1"], False)
    assert there.book.columns == {} and "lineitem" not in launch(there)[names.AGS]
    there.accept_grades(there.links["link-1"], True)
    assert "lineitem" in launch(there)[names.AGS]
    there.drop_column(next(iter(there.book.columns)))
    assert there.book.columns == {}
