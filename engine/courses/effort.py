"""What a course asks of its learners, in minutes, before they say yes to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses.outlines import outline_of
from engine.storage.tables import Course, Placement


@dataclass(frozen=True)
class Effort:
    """How many experiences are placed in a course, their minutes in all, the most that fall into
    one week, and the day on which the first opens (None: at any time, or there is none)."""

    experiences: int = 0
    minutes: int = 0
    week_minutes: int = 0
    opens: date | None = None


def effort_of(unit: Session, course: Course) -> Effort:
    """What the course asks, as it is slotted now."""
    outline = outline_of(course)
    weeks = dict(zip((one.id for one in outline.sections), outline.weeks(), strict=True))
    days, minutes = outline.first_days(), Counter[int]()
    placed = unit.execute(
        select(Placement.section, Placement.minutes).where(
            Placement.tenant == course.tenant, Placement.course == course.id
        )
    ).all()
    for row in placed:
        minutes[weeks.get(row.section, 0)] += row.minutes
    opens = [days.get(row.section) for row in placed]
    return Effort(
        len(placed),
        sum(minutes.values()),
        max(minutes.values(), default=0),
        min((day for day in opens if day), default=None) if all(opens) else None,
    )
