"""Members of a course, each enrolled once. Who they are is in engine.people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.journey.looking import look_at
from engine.storage.tables import Account, Course, Membership
from engine.values.roles import LEARNER


def enrol(
    unit: Session, course: Course, account: Account, now: datetime, role: str = LEARNER
) -> Membership:
    """Makes a person a member of a course; does nothing if they already are. Who learns in one is a
    learner of the organisation from then on, whatever else they are."""
    its = select(Membership).where(Membership.course == course.id, Membership.account == account.id)
    there = unit.scalars(its).one_or_none()
    if there is not None:
        return there
    if role == LEARNER:
        account.roles |= {LEARNER}
    made = Membership(course=course.id, account=account.id, role=role, joined_at=now)
    try:
        with unit.begin_nested():
            unit.add(made)
            look_at(unit, account.id, now)
    except IntegrityError:  # they became one at this very moment
        return unit.scalars(its).one()
    return made
