"""What somebody learns of how others answered never tells how any one of them did."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from engine.debrief.others import FLOOR, counted, otherwise
from engine.debrief.reasons import ChoseOtherwise, NearlyAllAlike, NearlyAllOtherwise
from engine.values.reasons import Reason

FLOORS = st.integers(0, 12)
ANSWERS = st.lists(st.booleans(), min_size=1, max_size=24)
"""Whether each person, the oldest answer first, chose as the reader did; the reader is the first of
them."""


def told(alike: Sequence[bool], floor: int, me: int = 0) -> Reason | None:
    """What the reader learns when these people have answered."""
    people = counted(len(alike), floor)
    others = [one for n, one in enumerate(alike[:people]) if n != me]
    return otherwise(sum(others), len(others), people, floor)


def test_nothing_is_said_of_fewer_than_five_people_and_of_five_it_is() -> None:
    assert told([True, False, False, True], FLOOR) is None
    assert told([True, False, False, True, True], FLOOR) == ChoseOtherwise(otherwise=2, people=5)


def test_five_of_five_alike_is_not_said_as_such() -> None:
    assert told([True] * 5, FLOOR) == told([True, True, False, True, True], FLOOR)
    assert told([True] * 5, FLOOR) == NearlyAllAlike(people=5)
    assert told([True, *[False] * 4], FLOOR) == NearlyAllOtherwise(people=5)


@given(ANSWERS, FLOORS)
def test_the_floor_of_an_organisation_only_raises_that_of_everybody(
    alike: list[bool], floor: int
) -> None:
    if len(alike) < max(floor, FLOOR):
        assert told(alike, floor) is None


@given(st.lists(st.booleans(), min_size=5, max_size=10), st.integers(0, 9), st.integers(0, 9))
def test_what_is_told_leaves_both_answers_open_for_everybody_else(
    alike: list[bool], reader: int, who: int
) -> None:
    """The reader knows their own answer and what is told; for each other person there must be two
    ways in which all could have answered."""
    me = reader % len(alike)
    other = next(n % len(alike) for n in (who, who + 1) if n % len(alike) != me)
    alike[me] = True
    said = told(alike, FLOOR, me)
    ways = [
        way
        for way in product((True, False), repeat=len(alike))
        if way[me] and told(way, FLOOR, me) == said
    ]
    assert {way[other] for way in ways} == {True, False}


@given(ANSWERS, st.booleans())
def test_coming_back_after_one_more_answer_tells_nothing_of_who_gave_it(
    alike: list[bool], newest: bool
) -> None:
    assert told([*alike, newest], FLOOR) == told(alike, FLOOR) or (
        counted(len(alike) + 1, FLOOR) - counted(len(alike), FLOOR) == FLOOR
    )
