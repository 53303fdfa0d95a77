"""Members of a course, each enrolled once. Who they are is in engine.people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.tables import Account, Course, Membership


def enrol(
    unit: Session, course: Course, account: Account, now: datetime, role: str = "learner"
) -> Membership:
    """Makes a person a member of a course; does nothing if they already are."""
    there = unit.scalars(
        select(Membership).where(Membership.course == course.id, Membership.account == account.id)
    ).one_or_none()
    if there is None:
        there = Membership(course=course.id, account=account.id, role=role, joined_at=now)
        unit.add(there)
        unit.flush()
    return there
