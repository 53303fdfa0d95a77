"""The hard limits, at send and for who comes early."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.spacing.limits import check_at_send, clamp, gap, limits_of, may_open_early, quiet
from engine.spacing.reasons import (
    DayOff,
    Gap,
    Holiday,
    NoConsent,
    OnPause,
    OnSnooze,
    OutsideHours,
    TouchMinutes,
    TouchOpen,
    WeekMinutes,
)
from engine.spacing.values import Pace, PastTouch, Rhythm, TouchEnd
from engine.values.reasons import Reason

from .states import MONDAY, learner, rhythms

DAYS = frozenset(range(1, 8))
FULL = tuple(PastTouch(n, MONDAY - timedelta(days=2 * n), 3, "answered") for n in (1, 2))


def at_send(now: datetime = MONDAY, minutes: float = 1.5, **changes: object) -> Reason | None:
    return check_at_send(learner(**changes), minutes, now)


def early(now: datetime = MONDAY, minutes: float = 1.5, **changes: object) -> str | None:
    reason = may_open_early(learner(**changes), minutes, now)
    return reason.code if reason else None


def on_its_way(now: datetime = MONDAY, **changes: object) -> Reason | None:
    return quiet(learner(touches=(PastTouch(1, now, 3, "open"),), **changes), now)


def ago(days: int, minutes: float = 1, end: TouchEnd = "answered") -> PastTouch:
    """A touch sent so many days before ``MONDAY``."""
    return PastTouch(1, MONDAY - timedelta(days=days), minutes, end)


def test_a_touch_within_all_limits_may_be_sent() -> None:
    assert at_send() is None


HOURS = OutsideHours(opens=time(8, 30), closes=time(18, 30))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"consented": False}, NoConsent()),
        ({"touches": (ago(5, end="open"), ago(9))}, TouchOpen()),
        ({"paused_until": date(2026, 3, 3)}, OnPause(until=date(2026, 3, 3))),
        (
            {"not_before": MONDAY + timedelta(hours=1)},
            OnSnooze(until=datetime(2026, 3, 2, 11, 0, tzinfo=UTC)),
        ),
        (
            {"not_before": MONDAY + timedelta(days=1), "touches": (ago(1),)},
            OnSnooze(until=datetime(2026, 3, 3, 10, 0, tzinfo=UTC)),
        ),
        ({"now": datetime(2026, 3, 2, 7, 29, tzinfo=UTC)}, HOURS),
        ({"now": datetime(2026, 3, 2, 17, 30, tzinfo=UTC)}, HOURS),
        (
            {"now": datetime(2026, 3, 7, 10, tzinfo=UTC)},
            DayOff(day=date(2026, 3, 7)),
        ),
        (
            {"now": datetime(2026, 7, 14, 10, tzinfo=UTC)},
            Holiday(day=date(2026, 7, 14)),
        ),
        (
            {"touches": (ago(9), ago(1), ago(5))},
            Gap(last=date(2026, 3, 1), days=2, missed=0),
        ),
        (
            {"touches": (ago(2, end="missed"),), "pace": Pace(1, 1.5)},
            Gap(last=date(2026, 2, 28), days=3, missed=1),
        ),
        (
            {"touches": (ago(2, 3), ago(4, 2))},
            WeekMinutes(day=date(2026, 3, 2), left=1, limit=6),
        ),
        ({"minutes": 3.5}, TouchMinutes(minutes=3.5, limit=3)),
        (
            {"minutes": 2, "rhythm": Rhythm(touch_minutes=1)},
            TouchMinutes(minutes=2, limit=1),
        ),
    ],
)
def test_what_changed_since_the_touch_was_planned_stops_it_with_a_reason(
    changes: dict[str, object], reason: Reason
) -> None:
    assert at_send(**changes) == reason


@pytest.mark.parametrize(
    "changes",
    [
        {"paused_until": date(2026, 3, 2)},
        {"not_before": MONDAY},
        {"now": datetime(2026, 3, 2, 7, 30, tzinfo=UTC)},
        {"now": datetime(2026, 3, 2, 17, 29, 59, tzinfo=UTC)},
        {"now": datetime(2026, 3, 2, 10, tzinfo=UTC), "rhythm": Rhythm(days_off=DAYS - {1})},
        {"now": datetime(2026, 3, 8, 10, tzinfo=UTC), "rhythm": Rhythm(days_off=DAYS - {7})},
        {"touches": (ago(2),)},
        {"touches": (ago(3, end="missed"),), "pace": Pace(1, 1.5)},
        {"minutes": 3},
        {"minutes": 2, "touches": (ago(2, 3), ago(6, 1), ago(7, 3))},
    ],
)
def test_a_limit_that_is_just_kept_stops_nothing(changes: dict[str, object]) -> None:
    assert at_send(**changes) is None


@pytest.mark.parametrize("touches", [(), (ago(2, 3),)])
def test_what_a_sum_of_floats_is_off_by_is_not_too_much(touches: tuple[PastTouch, ...]) -> None:
    assert at_send(minutes=3 + 1e-9, touches=touches) is None
    assert at_send(minutes=3 + 1e-8, touches=touches) is not None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"now": datetime(2026, 3, 2, 7, 29, tzinfo=UTC)}, "outside-hours"),
        ({"now": datetime(2026, 3, 7, 10, tzinfo=UTC)}, "day-off"),
        ({"now": datetime(2026, 7, 14, 10, tzinfo=UTC)}, "holiday"),
        ({"paused_until": date(2026, 3, 3)}, "paused"),
    ],
)
def test_a_mail_on_its_way_waits_for_the_learners_days_and_hours(
    changes: dict[str, object], code: str
) -> None:
    reason = on_its_way(**changes)
    assert reason and reason.code == code


def test_a_mail_on_its_way_leaves_within_them_whatever_the_gap_and_the_minutes() -> None:
    assert quiet(learner(touches=(*FULL, PastTouch(3, MONDAY, 3, "open"))), MONDAY) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"now": datetime(2026, 3, 1, 2, tzinfo=UTC)},
        {"paused_until": date(2027, 1, 1)},
        {"not_before": MONDAY + timedelta(days=3)},
        {"touches": (PastTouch(1, MONDAY - timedelta(hours=1), 1, "answered"),)},
    ],
)
def test_hours_days_pauses_and_gaps_do_not_bind_who_comes_by_themself(
    changes: dict[str, object],
) -> None:
    assert early(**changes) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"consented": False}, "no-consent"),
        ({"touches": (PastTouch(1, MONDAY, 1, "open"),)}, "touch-open"),
        ({"touches": FULL}, "week-minutes"),
        ({"minutes": 3.5}, "touch-minutes"),
    ],
)
def test_consent_the_open_touch_and_the_minutes_bind_everybody(
    changes: dict[str, object], code: str
) -> None:
    assert early(**changes) == code


def left(*touches: PastTouch) -> float:
    return limits_of(learner(touches=touches)).week_left(MONDAY.date())


def test_the_minutes_of_a_touch_are_back_on_the_seventh_day_after_it() -> None:
    assert [left(ago(days, 2.5)) for days in (0, 6, 7)] == [3.5, 3.5, 6]


def test_a_touch_dated_after_the_day_counts_within_seven_days_as_well() -> None:
    assert [left(ago(-days, 2.5)) for days in (1, 6, 7)] == [3.5, 3.5, 6]


def test_the_minutes_left_are_told_to_a_millionth_and_are_never_fewer_than_none() -> None:
    assert left(ago(2, 1.2345678)) == 4.765432
    assert left(ago(2, 3), ago(4, 3.5)) == 0


@pytest.mark.parametrize(
    ("changes", "spread", "due"),
    [
        ({}, 0, time(8, 40)),
        ({}, 0.5, time(8, 47, 30)),
        ({"hour": time(23)}, 0, time(18, 0)),
        ({"hour": time(23)}, 0.5, time(18, 7, 30)),
        ({"hour": time(4)}, 0.5, time(8, 37, 30)),
        ({"opens": time(9), "closes": time(9, 10)}, 0, time(9)),
        ({"opens": time(9), "closes": time(9, 10)}, 0.5, time(9, 2, 30)),
    ],
)
def test_a_touch_falls_due_up_to_15_minutes_after_the_wished_hour_moved_inside_the_allowed_ones(
    changes: dict[str, time], spread: float, due: time
) -> None:
    limits = limits_of(learner(rhythm=Rhythm(**changes)))
    at = limits.moment(date(2026, 3, 2), spread)
    assert at and at.astimezone(limits.zone).time() == due


@pytest.mark.parametrize(
    ("wished", "factor", "days"),
    [
        (2, 1, 2),
        (2, 1.5 + 1e-12, 3),
        (2, 2.25, 5),
        (2, 8, 16),
        (10, 3.375, 30),
        (40, 1, 40),
        (40, 8, 40),
        (0, 1, 2),
    ],
)
def test_a_gap_widens_by_whole_days_up_to_30_or_to_what_was_wished(
    wished: int, factor: float, days: int
) -> None:
    assert gap(Rhythm(gap_days=wished), Pace(gap_factor=factor)) == days


def test_a_rhythm_of_less_than_no_minutes_is_one_of_none() -> None:
    kept = clamp(Rhythm(touch_minutes=-0.5, week_minutes=-0.5))
    assert (kept.touch_minutes, kept.week_minutes) == (0, 0)


gentle = st.builds(
    Rhythm,
    hour=st.times(time(9), time(12)),
    opens=st.times(time(8, 30), time(9)),
    closes=st.times(time(12), time(18, 30)),
    days_off=st.frozensets(st.integers(1, 7)),
    touch_minutes=st.floats(0, 3),
    week_minutes=st.floats(0, 6),
    gap_days=st.integers(2, 60),
)


@given(gentle)
@settings(max_examples=60)
def test_a_gentler_rhythm_stays_as_it_is(rhythm: Rhythm) -> None:
    assert clamp(rhythm) == rhythm


@given(rhythms)
@settings(max_examples=60)
def test_no_rhythm_is_harsher_than_the_defaults(rhythm: Rhythm) -> None:
    kept = clamp(rhythm)
    assert kept.opens >= time(8, 30)
    assert kept.closes <= time(18, 30)
    assert 0 <= kept.touch_minutes <= min(3, rhythm.touch_minutes)
    assert 0 <= kept.week_minutes <= min(6, rhythm.week_minutes)
    assert kept.gap_days >= max(2, rhythm.gap_days)
    assert kept.hour >= kept.opens and kept.hour <= max(kept.opens, kept.closes)
    assert clamp(kept) == kept


@given(rhythms, st.integers(0, 3000), st.floats(0, 1, exclude_max=True))
@settings(max_examples=100)
def test_a_touch_falls_due_within_the_allowed_hours(
    rhythm: Rhythm, days: int, spread: float
) -> None:
    limits = limits_of(learner(rhythm=rhythm))
    due = limits.moment(date(2024, 1, 1) + timedelta(days=days), spread)
    assert limits.rhythm.opens >= limits.rhythm.closes or (due and limits.hour_refusal(due) is None)
