"""Local days, through every change of every clock on earth."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from engine.spacing.days import instant, local_day, public_holidays, zone_of
from engine.spacing.decide import decide
from engine.spacing.limits import limits_of
from engine.spacing.values import PastTouch, Rhythm, Touch
from engine.values.errors import Invalid

from .states import debrief, learner

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)


@cache
def transitions() -> dict[tuple[tuple[datetime, timedelta | None], ...], str]:
    """Every distinct history of clock changes 2024–2032 among all IANA zones, with one zone that
    has it.

    Two zones with the same history are the same zone to anything that only asks what time it is.
    """
    return {tuple(_changes(ZoneInfo(name))): name for name in sorted(available_timezones())}


def _changes(zone: ZoneInfo) -> Iterator[tuple[datetime, timedelta | None]]:
    at, step = FIRST, timedelta(days=4)
    yield at, at.astimezone(zone).utcoffset()
    while at < LAST:
        if at.astimezone(zone).utcoffset() != (at + step).astimezone(zone).utcoffset():
            low, high = at, at + step
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield high, high.astimezone(zone).utcoffset()
        at += step


def test_there_are_clock_changes_to_live_through() -> None:
    assert len(transitions()) > 40
    assert sum(len(history) - 1 for history in transitions()) > 400


def test_through_every_clock_change_each_local_day_has_one_moment_within_the_hours() -> None:
    for history, name in transitions().items():
        zone = ZoneInfo(name)
        limits = limits_of(learner(rhythm=Rhythm(zone=name)))
        for changed, _ in history[1:]:
            days = [local_day(changed, zone) + timedelta(days=n) for n in range(-2, 3)]
            moments = [limits.moment(day, 0.999) for day in days]
            assert [local_day(m, zone) for m in moments if m] == days
            assert all(m and limits.hour_refusal(m) is None for m in moments)


def test_through_every_clock_change_a_learner_gets_one_touch_a_local_day_and_two_days_apart() -> (
    None
):
    for history, name in transitions().items():
        zone = ZoneInfo(name)
        rhythm = Rhythm(zone=name, days_off=frozenset(), country="")
        for changed, _ in history[1:]:
            now = changed - timedelta(days=4)
            state = learner(debrief(finished_at=now), rhythm=rhythm)
            sent: list[datetime] = []
            for number in range(3):
                touch = decide(state, now, random.Random(number))
                assert isinstance(touch, Touch)
                sent.append(touch.due_at)
                now = touch.due_at + timedelta(minutes=1)
                state = replace(
                    state,
                    touches=tuple(PastTouch(n, at, 1, "answered") for n, at in enumerate(sent)),
                )
            days = [local_day(at, zone) for at in sent]
            assert days == [days[0], days[0] + timedelta(days=2), days[0] + timedelta(days=4)]


def test_a_time_that_the_clock_jumps_over_moves_forward() -> None:
    assert instant(date(2026, 3, 29), time(2, 30), ZoneInfo("Europe/Paris")) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )


def test_a_time_that_comes_twice_is_the_first() -> None:
    assert instant(date(2026, 10, 25), time(2, 30), ZoneInfo("Europe/Paris")) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_a_day_that_a_zone_skipped_does_not_exist() -> None:
    assert instant(date(2011, 12, 30), time(9), ZoneInfo("Pacific/Apia")) is None


def test_a_touch_steps_over_a_day_that_does_not_exist() -> None:
    eve = datetime(2011, 12, 29, 20, tzinfo=UTC)
    state = learner(
        debrief(finished_at=eve),
        rhythm=Rhythm(zone="Pacific/Apia", days_off=frozenset(), country=""),
    )
    touch = decide(state, eve, random.Random(1))
    assert isinstance(touch, Touch)
    assert local_day(touch.due_at, ZoneInfo("Pacific/Apia")) == date(2011, 12, 31)
    assert touch.reasons[-1].code == "day-skipped"


def test_public_holidays_are_the_countrys() -> None:
    assert date(2026, 7, 14) in public_holidays("FR", 2026)
    assert date(2026, 7, 4) in public_holidays("US", 2026)


@pytest.mark.parametrize("country", ["", "ZZ"])
def test_no_country_or_an_unknown_one_has_no_holidays(country: str) -> None:
    assert public_holidays(country, 2026) == frozenset()


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Europe", "/etc/localtime"])
def test_an_unknown_zone_is_refused_by_name(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        zone_of(name)
    assert refused.value.reason.as_json() == {"code": "zone-unknown", "params": {"zone": name}}
