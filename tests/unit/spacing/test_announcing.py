"""Announcements: one message a local day, in the learner's own hours, fresh or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.spacing.announcing import (
    FRESH,
    AnnouncingState,
    AwaitedSeat,
    ChosenDay,
    Decision,
    Item,
    Opening,
    OpenTouch,
    Reminded,
    beside_touch,
    decide,
    may_leave,
    reminded,
    still_true,
)
from engine.spacing.days import local_day
from engine.spacing.limits import limits_of
from engine.spacing.values import LearnerState, Pace, Rhythm

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2027, 1, 11)
ZONES = ("Europe/Paris", "America/Martinique", "Pacific/Tahiti", "America/New_York", "Asia/Tokyo")


def learner(**more: Any) -> LearnerState:
    return LearnerState(consented=True, **more)


def state(*openings: Opening, **more: Any) -> AnnouncingState:
    its: dict[str, Any] = {"learner": learner(), **more}
    return AnnouncingState(openings=openings, **its)


def opening(subject: str = "c/s1", opens: date = MONDAY, *, is_news: bool = True) -> Opening:
    return Opening(subject, opens, is_news)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)


def day_of(decision: Decision) -> date | None:
    return decision.look_at and local_day(decision.look_at, PARIS)


OPENED = Item("opened", "c/s1")
NOT_BEGUN = Item("not-begun", "c/s1")


def test_an_opening_is_told_on_its_day_at_the_hour_that_the_learner_likes() -> None:
    before = decide(state(opening()), at(MONDAY - timedelta(days=9)), 0)
    assert before == Decision((), at(MONDAY, 8, 40))
    assert decide(state(opening()), at(MONDAY, 8, 40), 0).items == (OPENED,)


def test_what_opens_on_a_day_off_is_told_on_the_next_working_day() -> None:
    saturday = MONDAY - timedelta(days=2)
    assert day_of(decide(state(opening(opens=saturday)), at(saturday), 0)) == MONDAY
    easter = state(opening(opens=date(2027, 3, 27)))  # Saturday; Monday is a holiday
    assert day_of(decide(easter, at(date(2027, 3, 27)), 0)) == date(2027, 3, 30)


def test_what_opened_before_they_came_is_no_news() -> None:
    found = decide(state(opening(is_news=False)), at(MONDAY), 0)
    assert found.items == () and day_of(found) == MONDAY + timedelta(days=7)


def test_what_is_not_begun_after_a_week_is_told_once() -> None:
    told = state(opening(), told=frozenset({OPENED}))
    week_later = MONDAY + timedelta(days=7)
    assert decide(told, at(week_later), 0).items == (NOT_BEGUN,)
    again = replace(told, told=frozenset({OPENED, NOT_BEGUN}), nudged=True)
    assert decide(again, at(week_later + timedelta(days=1)), 0) == Decision()


def test_of_all_that_is_not_begun_only_the_first_is_told() -> None:
    several = [opening(f"c/s{n}", is_news=False) for n in (1, 2, 3)]
    assert decide(state(*several), at(MONDAY + timedelta(days=7)), 0).items == (NOT_BEGUN,)


def test_who_was_told_so_and_began_nothing_since_is_not_told_of_the_next_one() -> None:
    nudged = state(opening("c/s2", is_news=False), nudged=True)
    assert decide(nudged, at(MONDAY + timedelta(days=7)), 0) == Decision()


def touch(**more: object) -> AnnouncingState:
    return state(waiting=OpenTouch("4", MONDAY, MONDAY + timedelta(days=7)), **more)


def test_an_open_question_is_called_to_mind_once_from_its_fifth_day() -> None:
    wednesday = OpenTouch("4", MONDAY + timedelta(days=1), MONDAY + timedelta(days=8))
    friday = MONDAY + timedelta(days=4)
    assert decide(touch(), at(friday), 0).items == ()
    monday = MONDAY + timedelta(days=7)  # the fifth day is a Saturday
    assert decide(touch(), at(friday), 0).look_at == at(monday, 8, 40)
    assert decide(touch(), at(monday), 0).items == (Item("reminder", "4"),)
    told = touch(told=frozenset({Item("reminder", "4")}))
    assert decide(told, at(monday), 0) == Decision()
    assert decide(replace(touch(), waiting=wednesday), at(monday), 0).items


def test_nobody_who_missed_one_is_reminded_of_the_next() -> None:
    missed = touch(learner=learner(pace=Pace(missed_in_a_row=1)))
    assert decide(missed, at(MONDAY + timedelta(days=7)), 0) == Decision()


def test_what_a_worker_that_was_down_did_not_tell_in_time_is_dropped() -> None:
    weeks = [opening(f"c/s{n}", MONDAY + timedelta(weeks=n)) for n in range(5)]
    late = at(MONDAY + timedelta(weeks=3, days=1))
    assert decide(state(*weeks), late, 0).items == (
        Item("not-begun", "c/s2"),
        Item("opened", "c/s3"),
    )


def test_a_touch_of_that_day_is_waited_for_and_tells_it() -> None:
    planned = state(opening(), planned_at=at(MONDAY, 10))
    assert decide(planned, at(MONDAY, 9), 0) == Decision((), at(MONDAY, 10, 30))
    assert beside_touch(planned, at(MONDAY, 10)) == (OPENED,)
    assert decide(planned, at(MONDAY, 10, 30), 0).items == (OPENED,), "it did not leave"


def test_on_a_day_with_a_message_nothing_more_is_told() -> None:
    found = state(opening(), days=frozenset({MONDAY}))
    assert beside_touch(found, at(MONDAY, 10)) == ()
    assert day_of(decide(found, at(MONDAY, 10), 0)) == MONDAY + timedelta(days=1)


def test_what_comes_after_another_is_told_when_it_can_be_begun() -> None:
    locked = state(Opening("c/s1", MONDAY, is_news=True, locked=True))
    assert day_of(decide(locked, at(MONDAY, 10), 0)) == MONDAY + timedelta(days=1)
    assert beside_touch(locked, at(MONDAY, 10)) == ()


@pytest.mark.parametrize(
    "silent",
    [
        state(opening(), wanted=False),
        state(opening(), learner=LearnerState(consented=False)),
        state(opening(), learner=learner(paused_until=MONDAY + timedelta(days=30))),
    ],
    ids=["off", "stopped", "on a break"],
)
def test_nothing_is_told_to_who_wants_to_hear_nothing(silent: AnnouncingState) -> None:
    assert decide(silent, at(MONDAY), 0) == Decision()
    assert not may_leave(silent, MONDAY, at(MONDAY))


def test_what_waited_in_a_queue_leaves_within_the_hours_of_its_day_or_not_at_all() -> None:
    asked = state(opening())
    assert may_leave(asked, MONDAY, at(MONDAY, 18))
    assert not may_leave(asked, MONDAY, at(MONDAY, 19))
    assert not may_leave(asked, MONDAY, at(MONDAY + timedelta(days=1)))


def test_what_was_begun_meanwhile_is_not_told() -> None:
    items = (OPENED, Item("opened", "c/s2"))
    told = state(opening(), told=frozenset(items), days=frozenset({MONDAY}))
    assert still_true(told, MONDAY, items) == (OPENED,)


# --- months of it, in any zone


rhythms = st.builds(
    Rhythm,
    zone=st.sampled_from(ZONES),
    hour=st.times(time(8, 30), time(18)).map(lambda t: t.replace(second=0, microsecond=0)),
    days_off=st.frozensets(st.integers(1, 7), max_size=5),
)
days = st.dates(date(2027, 3, 1), date(2027, 4, 30)) | st.dates(
    date(2027, 10, 1), date(2027, 11, 30)
)
openings = st.lists(
    st.builds(Opening, st.sampled_from("abcdefgh"), days, st.booleans()),
    max_size=6,
    unique_by=lambda one: one.subject,
)
gaps = st.lists(st.timedeltas(timedelta(minutes=5), timedelta(days=12)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(rhythms, openings, gaps, st.floats(0, 1, exclude_max=True), days)
def test_whenever_the_worker_runs_no_day_has_two_messages_and_none_comes_at_a_quiet_hour(
    rhythm: Rhythm,
    opens: list[Opening],
    downs: list[timedelta],
    spread: float,
    first: date,
) -> None:
    zone = ZoneInfo(rhythm.zone)
    now = datetime.combine(first, time(12), UTC)
    here = state(*opens, learner=learner(rhythm=rhythm))
    limits = replace(limits_of(here.learner), sent=())
    told: list[tuple[Item, date]] = []
    for step in range(60):
        decision = decide(here, now, spread)
        if decision.items:
            today = local_day(now, zone)
            assert today not in here.days, "one message a local day"
            assert limits.refusal(today) is None and limits.hour_refusal(now) is None
            told += [(item, today) for item in decision.items]
            here = replace(
                here,
                told=here.told | set(decision.items),
                days=here.days | {today},
                nudged=here.nudged or any(i.kind == "not-begun" for i in decision.items),
            )
        if decision.look_at is None:
            break
        assert decision.look_at > now, "it never looks twice at one moment"
        now = decision.look_at + (downs[step] if step < len(downs) else timedelta(0))
    assert len(told) == len({item for item, _day in told}), "each once"
    when = {one.subject: one for one in opens}
    for item, day in told:
        due = when[item.subject].opens + timedelta(days=7 if item.kind == "not-begun" else 0)
        assert due <= day <= due + FRESH, "fresh, or dropped"


@settings(max_examples=60, deadline=None)
@given(rhythms, days, st.floats(0, 1, exclude_max=True))
def test_a_worker_that_is_up_tells_each_opening_unless_its_days_are_all_off(
    rhythm: Rhythm, opens: date, spread: float
) -> None:
    zone = ZoneInfo(rhythm.zone)
    here = state(Opening("a", opens, True), learner=learner(rhythm=rhythm))
    limits = replace(limits_of(here.learner), sent=())
    free = [
        day
        for n in range(FRESH.days + 1)
        if limits.refusal(day := opens + timedelta(days=n)) is None
    ]
    decision = decide(here, datetime.combine(opens, time(0), zone) - timedelta(days=2), spread)
    if free:
        assert decision.look_at is not None
        assert local_day(decision.look_at, zone) == free[0]
        assert decide(here, decision.look_at, spread).items == (Item("opened", "a"),)


def test_a_table_that_waits_is_told_once_a_step_while_it_waits() -> None:
    seat = AwaitedSeat("c/s1/round-2", MONDAY, MONDAY + timedelta(days=2))
    waits = state(seats=(seat,))
    assert decide(waits, at(MONDAY), 0).items == (Item("table", "c/s1/round-2"),)
    told = replace(waits, told=frozenset({Item("table", "c/s1/round-2")}))
    assert decide(told, at(MONDAY), 0) == Decision()
    assert decide(waits, at(MONDAY + timedelta(days=3)), 0) == Decision()


def test_a_chosen_day_is_told_on_that_day_or_just_after_it_and_once() -> None:
    goes = state(chosen=(ChosenDay("c/s1/told", MONDAY),))
    before = decide(goes, at(MONDAY - timedelta(days=1)), 0)
    assert before.items == () and before.look_at is not None
    assert local_day(before.look_at, PARIS) == MONDAY
    assert decide(goes, at(MONDAY), 0).items == (Item("mission", "c/s1/told"),)
    told = replace(goes, told=frozenset({Item("mission", "c/s1/told")}))
    assert decide(told, at(MONDAY), 0) == Decision()
    assert decide(goes, at(MONDAY + FRESH + timedelta(days=1)), 0) == Decision()
    assert still_true(state(), MONDAY, [Item("mission", "c/s1/told")]) == ()


def test_who_is_reminded_by_hand_hears_now_what_they_would_hear_in_a_few_days() -> None:
    here = state(opening(is_news=False))
    assert reminded(here, "c", at(MONDAY), 0) == Reminded(NOT_BEGUN, MONDAY, at(MONDAY))
    asked = replace(here, waiting=OpenTouch("4", MONDAY, MONDAY + FRESH, frozenset({"c"})))
    found = reminded(asked, "c", at(MONDAY + timedelta(days=1)), 0)
    assert isinstance(found, Reminded) and found.item == Item("reminder", "4")
    assert still_true(here, MONDAY, [NOT_BEGUN]) == (NOT_BEGUN,)


def test_a_reminder_by_hand_waits_for_the_learners_hours_and_for_a_day_without_a_message() -> None:
    here = state(opening(is_news=False))
    evening = reminded(here, "c", at(MONDAY, 21), 0)
    assert isinstance(evening, Reminded) and evening.at == at(MONDAY + timedelta(days=1), 8, 40)
    written = replace(here, days=frozenset({MONDAY}))
    later = reminded(written, "c", at(MONDAY), 0)
    assert isinstance(later, Reminded) and later.day == MONDAY + timedelta(days=1)
    planned = reminded(replace(here, planned_at=at(MONDAY, 12)), "c", at(MONDAY), 0)
    assert isinstance(planned, Reminded) and planned.day == MONDAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("here", "why"),
    [
        (state(opening(), wanted=False), "unwanted"),
        (state(opening(), learner=LearnerState(consented=False)), "resting"),
        (state(opening(), learner=learner(paused_until=MONDAY + timedelta(days=30))), "resting"),
        (state(opening(), told=frozenset({NOT_BEGUN})), "told"),
        (state(opening(), nudged=True), "told"),
        (state(opening(), learner=learner(pace=Pace(missed_in_a_row=1))), "missed"),
        (state(), "nothing"),
        (state(opening("other/s1")), "nothing"),
        (state(opening(opens=MONDAY + timedelta(days=60))), "nothing"),
    ],
)
def test_nobody_is_reminded_twice_after_a_miss_or_in_a_break(
    here: AnnouncingState, why: str
) -> None:
    assert reminded(here, "c", at(MONDAY), 0) == why


def test_who_is_reminded_by_hand_is_not_told_the_same_by_themselves() -> None:
    here = state(opening(is_news=False), told=frozenset({NOT_BEGUN}), nudged=True)
    assert decide(here, at(MONDAY), 0) == Decision()


def test_a_message_of_its_own_does_not_leave_on_a_day_on_which_a_touch_came() -> None:
    here = state(opening())
    assert may_leave(here, MONDAY, at(MONDAY))
    assert not may_leave(replace(here, asked=frozenset({MONDAY})), MONDAY, at(MONDAY))
