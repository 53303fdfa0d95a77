"""Members of a platform's course in ours: entering with the platform's role, and leaving."""

from __future__ import annotations

from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from engine.journey.joining import learner_of
from engine.journey.leaving import come_back, leave_course
from engine.programme import people
from engine.storage.library import Library
from engine.storage.tables import Account, Course, Membership
from lti.roles import CourseRole


def enter(unit: Session, library: Library, course: Course, account: Account, role: CourseRole, now: datetime,
          rng: Random) -> bool:
    """A member of the course, in this role. Who had left goes on where they were. False for who is a member already."""
    member = unit.get(Membership, (unit.info["tenant"], course.id, account.id))
    if member is not None:
        member.role = role
        return False
    people.enrol(unit, course, account, now, role)
    come_back(unit, library, learner_of(unit, account.id), course.id, now, rng)
    return True


def leave(unit: Session, library: Library, course: Course, account: str, now: datetime, rng: Random) -> bool:
    """No member any more, and no touch for this course either. False for who was none."""
    if unit.get(Membership, (unit.info["tenant"], course.id, account)) is None:
        return False
    return leave_course(unit, library, learner_of(unit, account), course.id, now, rng)
