"""Moves a course to other dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from engine.curriculum.outline import WEEK, Outline

MONDAY = 0


def is_monday(day: date) -> bool:
    """Whether that day is a Monday."""
    return day.weekday() == MONDAY


def shifted(outline: Outline, monday: date) -> Outline:
    """The same course, its first week being that of ``monday``: every day moves by whole weeks, so
    that each keeps its weekday. A course without days begins on that Monday."""
    first = outline.first_day()
    if first is None:
        return replace(outline, starts_on=monday)
    weeks = (monday - (first - timedelta(days=first.weekday()))) // WEEK
    by = weeks * WEEK

    def moved(day: date | None) -> date | None:
        return day + by if day else None

    sections = tuple(
        replace(one, starts=moved(one.starts), ends=moved(one.ends)) for one in outline.sections
    )
    return replace(outline, sections=sections, starts_on=moved(outline.starts_on))
