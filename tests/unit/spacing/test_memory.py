"""The memory card of a takeaway."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.spacing import memory

from .states import instants

START = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)


def intervals(grade: int) -> list[int]:
    card, at, days = memory.review(None, grade, START, 7), START, []
    for _ in range(4):
        days.append((memory.due(card).date() - at.date()).days)
        at = memory.due(card) + timedelta(hours=7)
        card = memory.review(card, grade, at, 7)
    return days


def test_good_gives_2_11_46_and_60_days() -> None:
    assert intervals(3) == [2, 11, 46, 60]


def test_a_forgotten_takeaway_comes_back_the_next_day_and_an_easy_one_late() -> None:
    assert (intervals(1)[0], intervals(4)[0]) == (1, 8)


def test_answering_a_little_earlier_in_the_day_than_last_time_costs_nothing() -> None:
    first = memory.review(None, 3, START, 7)
    early, late = (memory.review(first, 3, START + timedelta(days=2, hours=h), 7) for h in (-2, 2))
    assert early == late


def test_any_zone_will_do() -> None:
    assert memory.review(None, 3, START, 7) == memory.review(
        None, 3, START.astimezone(ZoneInfo("Asia/Tokyo")), 7
    )


def test_retrievability_falls_from_one_to_nine_tenths_when_due_and_on() -> None:
    card = memory.review(None, 3, START, 7)
    assert memory.retrievability(card, START) == 1
    assert memory.retrievability(card, memory.due(card)) == pytest.approx(0.9, abs=0.02)
    assert memory.retrievability(card, START + timedelta(days=30)) < 0.8


@given(
    grades=st.lists(st.integers(1, 4), min_size=1, max_size=8),
    times=st.lists(instants, min_size=8, max_size=8),
)
@settings(max_examples=60)
def test_no_clock_however_wild_corrupts_a_card(grades: list[int], times: list[datetime]) -> None:
    card, latest = None, min(times) - timedelta(days=1)
    for grade, at in zip(grades, times, strict=False):
        card = memory.review(card, grade, at, 7)
        latest = max(latest, at)
        assert (
            timedelta(0)
            < memory.due(card) - latest.replace(hour=0, minute=0, second=0, microsecond=0)
            <= timedelta(days=60)
        )
        assert 0 <= memory.retrievability(card, at) <= 1


def test_there_are_four_grades() -> None:
    with pytest.raises(ValueError, match="5"):
        memory.review(None, 5, START, 7)
