"""Members of a platform's course in ours: entering with the platform's role, and leaving."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.journey.joining import learner_of
from engine.journey.leaving import LEFT, come_back, leave_course
from engine.storage.library import Library
from engine.storage.tables import Course, Enrolment, Membership
from lti.wire.roles import CourseRole


def enter(
    unit: Session,
    library: Library,
    course: Course,
    roles: Mapping[str, CourseRole],
    now: datetime,
    rng: Random,
) -> int:
    """These accounts are members of the course, each in that role; how many were none before.
    Who had left goes on where they were. A few queries, however many they are."""
    there = {
        row.account: row
        for row in unit.scalars(
            select(Membership).where(Membership.course == course.id, Membership.account.in_(roles))
        )
    }
    for account, row in there.items():
        row.role = roles[account]
    new = [account for account in roles if account not in there]
    unit.add_all(
        Membership(course=course.id, account=account, role=roles[account], joined_at=now)
        for account in new
    )
    unit.flush()
    for account in unit.scalars(
        select(Enrolment.learner)
        .distinct()
        .where(
            Enrolment.course == course.id, Enrolment.closed_as == LEFT, Enrolment.learner.in_(new)
        )
    ).all():
        come_back(unit, library, learner_of(unit, account), course.id, now, rng)
    return len(new)


def leave(
    unit: Session, library: Library, course: Course, account: str, now: datetime, rng: Random
) -> bool:
    """No member any more, and no touch for this course either. False for who was none."""
    if unit.get(Membership, (unit.info["tenant"], course.id, account)) is None:
        return False
    return leave_course(unit, library, learner_of(unit, account), course.id, now, rng)
