"""The hard limits, at send and for who comes early."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.spacing.limits import check_at_send, clamp, limits_of, may_open_early, quiet
from engine.spacing.values import Pace, PastTouch, Rhythm

from .states import MONDAY, learner, rhythms

FULL = tuple(PastTouch(n, MONDAY - timedelta(days=2 * n), 3, "answered") for n in (1, 2))


def at_send(now: datetime = MONDAY, minutes: float = 1.5, **changes: object) -> str | None:
    reason = check_at_send(learner(**changes), minutes, now)
    return reason.code if reason else None


def early(now: datetime = MONDAY, minutes: float = 1.5, **changes: object) -> str | None:
    reason = may_open_early(learner(**changes), minutes, now)
    return reason.code if reason else None


def test_a_touch_within_all_limits_may_be_sent() -> None:
    assert at_send() is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"consented": False}, "no-consent"),
        ({"touches": (PastTouch(1, MONDAY - timedelta(days=5), 1, "open"),)}, "touch-open"),
        ({"paused_until": date(2026, 3, 3)}, "paused"),
        ({"not_before": MONDAY + timedelta(hours=1)}, "snoozed"),
        ({"now": datetime(2026, 3, 2, 7, 29, tzinfo=UTC)}, "outside-hours"),
        ({"now": datetime(2026, 3, 2, 17, 30, tzinfo=UTC)}, "outside-hours"),
        ({"now": datetime(2026, 3, 7, 10, tzinfo=UTC)}, "day-off"),
        ({"now": datetime(2026, 7, 14, 10, tzinfo=UTC)}, "holiday"),
        ({"touches": (PastTouch(1, MONDAY - timedelta(days=1), 1, "answered"),)}, "gap"),
        (
            {
                "touches": (PastTouch(1, MONDAY - timedelta(days=2), 1, "missed"),),
                "pace": Pace(1, 1.5),
            },
            "gap",
        ),
        ({"touches": FULL}, "week-minutes"),
        ({"minutes": 3.5}, "touch-minutes"),
        ({"minutes": 2, "rhythm": Rhythm(touch_minutes=1)}, "touch-minutes"),
    ],
)
def test_what_changed_since_the_touch_was_planned_stops_it_with_a_reason(
    changes: dict[str, object], code: str
) -> None:
    assert at_send(**changes) == code


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
    now = changes.pop("now", MONDAY)
    assert isinstance(now, datetime)
    reason = quiet(learner(touches=(PastTouch(1, now, 3, "open"),), **changes), now)
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


def test_the_minutes_of_a_touch_are_back_on_the_seventh_day_after_it() -> None:
    limits = limits_of(learner(touches=(PastTouch(1, MONDAY, 2.5, "snoozed"),)))
    assert [limits.week_left(date(2026, 3, 2) + timedelta(days=n)) for n in (0, 6, 7)] == [
        3.5,
        3.5,
        6,
    ]


def test_a_wished_hour_at_the_edge_moves_inside_so_that_the_touch_can_still_be_sent() -> None:
    limits = limits_of(learner(rhythm=Rhythm(hour=time(23))))
    due = limits.moment(date(2026, 3, 2), 0.999)
    assert due
    assert time(18, 0) <= due.astimezone(limits.zone).time() < time(18, 15)


@given(rhythms)
@settings(max_examples=60)
def test_a_harsher_rhythm_becomes_the_defaults_and_a_gentler_one_stays(rhythm: Rhythm) -> None:
    kept = clamp(rhythm)
    assert kept.opens >= time(8, 30)
    assert kept.closes <= time(18, 30)
    assert 0 <= kept.touch_minutes <= min(3, rhythm.touch_minutes)
    assert 0 <= kept.week_minutes <= min(6, rhythm.week_minutes)
    assert kept.gap_days >= max(2, rhythm.gap_days)
    assert clamp(kept) == kept


@given(rhythms, st.integers(0, 3000), st.floats(0, 1, exclude_max=True))
@settings(max_examples=100)
def test_a_touch_falls_due_within_the_allowed_hours(
    rhythm: Rhythm, days: int, spread: float
) -> None:
    limits = limits_of(learner(rhythm=rhythm))
    due = limits.moment(date(2024, 1, 1) + timedelta(days=days), spread)
    assert limits.rhythm.opens >= limits.rhythm.closes or (due and limits.hour_refusal(due) is None)
