"""A course at other dates keeps its weekdays and its lengths."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.curriculum.outline import Audience, Outline, Section
from engine.curriculum.shifting import is_monday, shifted

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
MONDAYS = DAYS.map(lambda day: day - timedelta(days=day.weekday()))


def course(starts_on: date | None, *days: date) -> Outline:
    sections = tuple(Section(f"s{n}", f"S{n}", starts=d, ends=d) for n, d in enumerate(days))
    return Outline("course", "Un cours", "fr", Audience("fr"), sections, starts_on)


@given(DAYS, st.lists(st.integers(0, 200), min_size=1, max_size=5), MONDAYS)
def test_every_day_moves_by_the_same_whole_weeks_and_the_first_falls_into_the_week_asked_for(
    start: date, after: list[int], monday: date
) -> None:
    days = [start + timedelta(days=n) for n in after]
    moved = shifted(course(start, *days), monday)
    by = {(one.starts or start) - day for one, day in zip(moved.sections, days, strict=True)}
    assert len(by) == 1 and by.pop().days % 7 == 0
    assert moved.starts_on is not None and 0 <= (moved.starts_on - monday).days < 7
    assert moved.weeks() == course(start, *days).weeks()


def test_a_course_without_days_begins_on_that_monday() -> None:
    without = Outline("c", "C", "fr", Audience("fr"), (Section("s", "S", week=1),))
    assert shifted(without, date(2027, 1, 4)).starts_on == date(2027, 1, 4)
    assert is_monday(date(2027, 1, 4)) and not is_monday(date(2027, 1, 5))
