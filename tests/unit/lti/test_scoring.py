"""What an experience counts for: never too much, never less than before, and final only when it
is over."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.delivery.outbox import NewsFailure
from engine.delivery.reasons import NewsUntold
from lti.courses.contexts import COUNTS
from lti.courses.scores import worst
from lti.courses.scoring import ExperienceState, Grade, grade, mean

counts = st.sampled_from(COUNTS)
REFUSED, BUSY = NewsFailure(NewsUntold(), ()), NewsFailure(NewsUntold())
PUT_OFF = NewsFailure(NewsUntold(), tried=False)


@st.composite
def lives(draw: st.DrawFn) -> list[ExperienceState]:
    """How far someone came, time after time, when nothing is undone: finished, then one answer
    more each time, then over."""
    prompts = draw(st.integers(0, 12))
    answered = [
        ExperienceState(True, n, prompts, False, False)
        for n in range(draw(st.integers(0, prompts)) + 1)
    ]
    last = answered[-1].answered
    end = draw(st.sampled_from(("complete", "ended", None)))
    over = [ExperienceState(True, last, prompts, end == "complete", end == "ended")] if end else []
    return [ExperienceState(False, 0, prompts, False, False), *answered, *over]


@given(lives(), counts)
def test_a_share_stays_in_0_to_1_and_never_falls_while_nothing_is_undone(
    life: list[ExperienceState], what: str
) -> None:
    shares = [
        one.share if (one := grade(lived, what)) and one.share is not None else 0.0
        for lived in life
    ]
    assert all(0 <= share <= 1 for share in shares)
    assert all(before <= after for before, after in pairwise(shares))


@given(lives(), counts)
def test_a_grade_is_final_once_nothing_more_can_come_and_never_before_there_is_something(
    life: list[ExperienceState], what: str
) -> None:
    for lived in life:
        one = grade(lived, what)
        assert (one is None) == (not lived.finished)
        if one is not None:
            assert (one.activity == "Completed") == (lived.over or what == "finished")
            assert one.grading == ("Pending" if one.share is None else "FullyGraded")
            assert one.share == 1 or not lived.complete


@given(st.lists(st.tuples(lives(), st.booleans()), min_size=1, max_size=4), counts)
def test_the_mean_of_a_course_stays_in_0_to_1_and_never_falls(
    courses: list[tuple[list[ExperienceState], bool]], what: str
) -> None:
    steps = max(len(life) for life, _ in courses)
    told = [
        mean(
            [grade(life[min(n, len(life) - 1)], what) if begun else None for life, begun in courses]
        )
        for n in range(steps)
    ]
    shares = [one.share if one and one.share is not None else 0.0 for one in told]
    assert all(0 <= share <= 1 for share in shares)
    assert all(before <= after for before, after in pairwise(shares))


@pytest.mark.parametrize(
    ("what", "lived", "expected"),
    [
        (
            "finished",
            ExperienceState(True, 0, 6, False, False),
            Grade(1.0, "Completed", "FullyGraded"),
        ),
        (
            "complete",
            ExperienceState(True, 5, 6, False, False),
            Grade(None, "InProgress", "Pending"),
        ),
        (
            "complete",
            ExperienceState(True, 6, 6, True, False),
            Grade(1.0, "Completed", "FullyGraded"),
        ),
        (
            "complete",
            ExperienceState(True, 3, 6, False, True),
            Grade(0.5, "Completed", "FullyGraded"),
        ),
        (
            "both",
            ExperienceState(True, 0, 6, False, False),
            Grade(0.5, "InProgress", "FullyGraded"),
        ),
        (
            "both",
            ExperienceState(True, 3, 6, False, False),
            Grade(0.75, "InProgress", "FullyGraded"),
        ),
        ("both", ExperienceState(True, 5, 6, True, False), Grade(1.0, "Completed", "FullyGraded")),
        (
            "both",
            ExperienceState(True, 2, 6, False, True),
            Grade(0.6667, "Completed", "FullyGraded"),
        ),
    ],
)
def test_what_counts_is_the_teachers_choice(
    what: str, lived: ExperienceState, expected: Grade
) -> None:
    assert grade(lived, what) == expected
    assert grade(ExperienceState(False, 0, 6, False, False), what) is None


def test_a_course_counts_the_mean_of_what_is_placed_in_it() -> None:
    done, half = Grade(1.0, "Completed", "FullyGraded"), Grade(0.5, "InProgress", "FullyGraded")
    pending = Grade(None, "InProgress", "Pending")
    assert mean([]) is None and mean([None, None]) is None
    assert mean([pending, None]) == pending
    assert mean([done, half, None, None]) == Grade(0.375, "InProgress", "FullyGraded")
    assert mean([done, pending]) == half
    assert mean([done, done]) == done


@given(st.permutations([REFUSED, BUSY, PUT_OFF]))
def test_of_several_failures_one_that_was_tried_and_may_pass_decides(
    troubles: list[NewsFailure],
) -> None:
    """Otherwise a gradebook that is always put off keeps another one's refusals from counting."""
    assert worst(troubles) is BUSY
    assert worst(one for one in troubles if one is not BUSY) is PUT_OFF
    assert worst([REFUSED]) is REFUSED and worst([]) is None
