"""The values of the platform for development: its roster over time, and a gradebook that goes
forward only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti.campus import gradebook, roster
from lti.campus.clients import read_registration
from lti.campus.gradebook import Gradebook
from lti.campus.refusals import PlatformRefused
from lti.platforms.dynamic import TOOL

NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
SAID = {
    "initiate_login_uri": "https://tool.example/login",
    "redirect_uris": ["https://tool.example/launch"],
    "jwks_uri": "https://tool.example/keys",
    "token_endpoint_auth_method": "private_key_jwt",
    TOOL: {"target_link_uri": "https://tool.example/"},
}


@settings(max_examples=40)
@given(
    st.integers(1, 30),
    st.lists(
        st.one_of(st.integers(1, 4), st.integers(1, 40).map(lambda n: f"student-{n}")), max_size=12
    ),
)
def test_differences_since_any_revision_lead_from_what_was_known_to_what_is(
    members: int, changes: list[int | str]
) -> None:
    seen = [roster.of_size(members)]
    for change in changes:
        seen.append(
            roster.joined(seen[-1], change)
            if isinstance(change, int)
            else roster.left(seen[-1], change)
        )
    now = seen[-1]
    for known in seen:
        people = {person.id for person in known.present}
        for person in roster.selected(now, since=known.revision):
            (people.discard if person.gone else people.add)(person.id)
        assert people == {person.id for person in now.present}


def test_nobody_who_left_comes_back_under_the_same_id() -> None:
    there = roster.joined(roster.left(roster.of_size(3), "student-2"), 1)
    assert [person.id for person in there.present] == ["teacher-1", "student-1", "student-3"]


def score(**differently: object) -> dict[str, object]:
    return {
        "userId": "student-1",
        "timestamp": NOW.isoformat(),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 1,
        "scoreMaximum": 2,
        **differently,
    }


def test_a_score_counts_in_the_points_of_its_column_and_only_forward_in_time() -> None:
    book, column = gradebook.added(
        Gradebook(), {"label": "Relecture", "scoreMaximum": 20}, "client-1", {}
    )
    book = gradebook.scored(book, column, score(), True)
    assert gradebook.results(book, column, "https://lms.example")[0]["resultScore"] == 10
    for late in (NOW, NOW - timedelta(days=1)):
        with pytest.raises(PlatformRefused, match="conflict"):
            gradebook.scored(book, column, score(timestamp=late.isoformat()), True)
    later = gradebook.scored(
        book,
        column,
        score(timestamp=(NOW + timedelta(seconds=1)).isoformat(), scoreGiven=None),
        True,
    )
    assert "resultScore" not in gradebook.results(later, column, "https://lms.example")[0]
    assert gradebook.removed(later, column.number).marks == {}


@pytest.mark.parametrize(
    "spoiled",
    [
        {"timestamp": "2027-01-04T09:00:00"},
        {"timestamp": "yesterday"},
        {"timestamp": 7},
        {"activityProgress": "Done"},
        {"gradingProgress": None},
        {"scoreGiven": -1},
        {"scoreMaximum": 0},
        {"scoreMaximum": None},
        {"userId": ""},
    ],
    ids=str,
)
def test_a_score_that_breaks_a_rule_is_refused(spoiled: dict[str, object]) -> None:
    book, column = gradebook.added(
        Gradebook(), {"label": "Relecture", "scoreMaximum": 20}, "client-1", {}
    )
    with pytest.raises(PlatformRefused, match="invalid_request"):
        gradebook.scored(book, column, score(**spoiled), True)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"redirect_uris": []},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": "https://tool.example"},
        {"jwks_uri": None},
        {"initiate_login_uri": "tool"},
        {"token_endpoint_auth_method": "none"},
        {TOOL: None},
        {TOOL: {}},
    ],
    ids=str,
)
def test_a_registration_that_lacks_what_a_launch_needs_is_refused(
    spoiled: dict[str, object],
) -> None:
    assert read_registration(SAID, "client-1").id == "client-1"
    with pytest.raises(PlatformRefused, match="invalid"):
        read_registration({**SAID, **spoiled}, "client-1")
