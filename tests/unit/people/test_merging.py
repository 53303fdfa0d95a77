"""Two accounts of one person become one: what is kept of what was lived twice, by values alone."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.people.merging import Lived, Side, decide
from engine.values.roles import ROLES
from tests.fakes import MONDAY

LIVED = st.builds(
    Lived,
    id=st.uuids().map(lambda one: one.hex),
    module=st.sampled_from(["p/a", "p/b", "p/c"]),
    started_at=st.integers(0, 90).map(lambda days: MONDAY + timedelta(days=days)),
    finished=st.booleans(),
    answers=st.integers(0, 5),
)
SIDES = st.builds(
    Side,
    id=st.uuids().map(lambda one: one.hex),
    email=st.none() | st.sampled_from(["a@example.org", "b@example.org"]),
    roles=st.frozensets(st.sampled_from(ROLES), min_size=1),
    joined=st.booleans(),
    courses=st.dictionaries(st.sampled_from("xyz"), st.sampled_from(["learner", "facilitator"])),
    lived=st.lists(LIVED, unique_by=lambda one: one.module).map(tuple),
    platforms=st.integers(0, 2),
)


def lived(id: str, *, finished: bool = False, answers: int = 0, days: int = 0) -> Lived:
    return Lived(id, "p/a", MONDAY + timedelta(days=days), finished, answers)


def side(id: str, *lives: Lived, email: str | None = None, **courses: str) -> Side:
    return Side(id, email, frozenset({"learner"}), True, courses, lives)


def kept(one: Lived, other: Lived) -> str:
    return decide(side("1", one), side("2", other)).kept[0].id


def test_of_an_experience_lived_twice_the_one_that_went_further_is_kept() -> None:
    assert kept(lived("one"), lived("other", finished=True)) == "other"
    assert kept(lived("one", finished=True), lived("other", answers=3)) == "one"
    assert kept(lived("one", answers=1), lived("other", answers=3)) == "other"
    assert kept(lived("one", days=2), lived("other", days=1)) == "other"
    assert kept(lived("one"), lived("other")) == "one", "of two alike, that of who stays"


def test_who_runs_a_course_in_one_account_runs_it_in_the_one_that_stays() -> None:
    done = decide(
        side("1", a="learner", b="facilitator"),
        side("2", a="facilitator", b="learner", c="learner"),
    )
    assert done.courses == {"a": "facilitator", "c": "learner"}


def test_the_address_of_who_stays_is_kept_and_the_other_said_to_be_lost() -> None:
    both = decide(side("1", email="a@example.org"), side("2", email="b@example.org"))
    assert (both.address, both.lost_address) == ("a@example.org", "b@example.org")
    one = decide(side("1"), side("2", email="b@example.org"))
    assert (one.address, one.lost_address) == ("b@example.org", None)


@given(SIDES, SIDES)
def test_no_experience_is_lost_but_one_of_each_that_was_lived_twice(one: Side, two: Side) -> None:
    done = decide(one, two)
    ids = {life.id for life in (*one.lived, *two.lived)}
    stay = {life.id for life in one.lived} - {life.id for life in done.dropped}
    assert stay | set(done.moved) | {life.id for life in done.dropped} == ids
    after = [life.module for life in (*one.lived, *two.lived) if life.id in stay | {*done.moved}]
    assert sorted(after) == sorted({life.module for life in (*one.lived, *two.lived)})
    assert set(done.roles) == one.roles | two.roles
    assert {*one.courses, *done.courses} == {*one.courses, *two.courses}
