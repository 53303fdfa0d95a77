"""The pace of a learner."""

from __future__ import annotations

from engine.spacing.limits import gap
from engine.spacing.pace import after, must_ask
from engine.spacing.values import Pace, Rhythm, TouchEnd


def paced(*ends: TouchEnd) -> Pace:
    pace = Pace()
    for end in ends:
        pace = after(pace, end)
    return pace


def test_a_missed_touch_widens_the_gap_by_half() -> None:
    assert paced("missed", "missed") == Pace(2, 2.25)


def test_an_answer_forgets_misses_and_narrows_the_gap_but_never_below_the_learners_own() -> None:
    assert paced("missed", "missed", "answered") == Pace(0, 1.5)
    assert paced("missed", "answered", "answered", "answered") == Pace()


def test_a_snooze_is_no_miss() -> None:
    assert paced("missed", "snoozed") == Pace(1, 1.5)


def test_the_widening_stops_at_eight_times() -> None:
    assert paced(*["missed"] * 20).gap_factor == 8


def test_the_gap_never_exceeds_thirty_days_unless_the_learner_chose_so() -> None:
    assert [gap(Rhythm(gap_days=days), Pace(9, 8)) for days in (2, 5, 45)] == [16, 30, 45]


def test_the_gap_is_never_under_two_days() -> None:
    assert gap(Rhythm(gap_days=0), Pace(0, 0.1)) == 2


def test_the_question_comes_after_three_misses_and_once() -> None:
    assert not must_ask(Pace(2))
    assert must_ask(Pace(3))
    assert not must_ask(Pace(5, 4, asked_to_lighten=True))
