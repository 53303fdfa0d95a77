"""The plan of a course as a value: taken down before a change, recognised, and put back by an
undo."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses.reasons import NothingToUndo, UndoOvertaken
from engine.storage.tables import Course, Placement
from engine.storage.work import Work
from engine.values.errors import Conflict

_PLACED = ("section", "pack", "version", "module", "minutes", "fit", "pinned", "reasons")


def snapshot(unit: Session, course: Course) -> dict[str, Any]:
    """Placements, pins, bans, minutes and what was left out, as plain JSON."""
    return {
        "placements": [
            {name: getattr(row, name) for name in _PLACED} for row in _rows(unit, course)
        ],
        "pins": course.pins,
        "bans": course.bans,
        "weekly_minutes": course.weekly_minutes,
        "left_out": course.left_out,
        "slotted_at": course.slotted_at.isoformat() if course.slotted_at else None,
    }


def fingerprint(unit: Session, course: Course) -> str:
    """Equal for two states of a course only if outline, limits and placements are the same."""
    placed = [[row.section, row.pack, row.version, row.module] for row in _rows(unit, course)]
    limits = [course.weekly_minutes, sorted(course.pins), sorted(course.bans)]
    told = json.dumps([course.outline, limits, placed], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def remember(unit: Session, course: Course, before: Mapping[str, Any]) -> None:
    """The plan before the change that was just stored is what an undo puts back."""
    unit.flush()
    course.undo = {"before": dict(before), "after": fingerprint(unit, course)}
    unit.flush()


def may_undo(unit: Session, course: Course) -> bool:
    """Whether there is a change to undo, and nothing else has changed since."""
    return course.undo is not None and course.undo["after"] == fingerprint(unit, course)


def undo(work: Work, course: Course) -> None:
    """Puts back placements, pins, bans and minutes as they were before the last change; once.

    Raises ``Conflict("nothing-to-undo" | "undo-overtaken")``; nothing is changed then.
    """
    unit = work.session
    unit.refresh(course, with_for_update=True)
    if course.undo is None:
        raise Conflict(NothingToUndo())
    if not may_undo(unit, course):
        raise Conflict(UndoOvertaken())
    before, at = course.undo["before"], course.undo["before"]["slotted_at"]
    for name in ("pins", "bans", "weekly_minutes", "left_out"):
        setattr(course, name, before[name])
    course.slotted_at, course.undo = datetime.fromisoformat(at) if at else None, None
    replace_placements(unit, course, before["placements"])


def replace_placements(
    unit: Session, course: Course, placements: Sequence[Mapping[str, Any]]
) -> None:
    """Makes these the only placements of the course."""
    for row in _rows(unit, course):
        unit.delete(row)
    unit.flush()
    unit.add_all(Placement(course=course.id, **placed) for placed in placements)
    unit.flush()


def _rows(unit: Session, course: Course) -> list[Placement]:
    its = select(Placement).where(Placement.course == course.id).order_by(Placement.section)
    return list(unit.scalars(its))
