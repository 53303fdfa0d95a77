"""What opens when in a course: the sections with an experience, by the week in which they begin."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from engine.curriculum.outline import Outline, Section

WEEK = timedelta(days=7)
AFTERWARDS = 4 * WEEK
"""For so long after its last section has begun, a course is still looked after."""


def opening(outline: Outline, placed: Collection[str], monday: date) -> tuple[Section, ...]:
    """The sections, of those ``placed`` (ids), that begin in the week of that Monday; none where
    nothing says when they begin."""
    days = outline.first_days()
    return tuple(
        section
        for section in outline.sections
        if section.id in placed
        and (day := days[section.id]) is not None
        and monday <= day < monday + WEEK
    )


def is_over(outline: Outline, today: date) -> bool:
    """Whether the course has begun to be a thing of the past; never where it has no dates."""
    days = [day for day in outline.first_days().values() if day is not None]
    return bool(days) and today >= max(days) + AFTERWARDS
