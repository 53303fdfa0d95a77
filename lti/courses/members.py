"""Members of a platform's course in ours: entering with the platform's role, and leaving."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from engine.journey.joining import learner_of
from engine.journey.leaving import LEFT, come_back, leave_course
from engine.storage.tables import Course, Enrolment, Membership
from engine.storage.work import Work
from lti.wire.roles import CourseRole


def enter(work: Work, course: Course, roles: Mapping[str, CourseRole]) -> int:
    """These accounts are members of the course, each in that role; how many were none before.
    Who had left goes on where they were. A few queries, however many they are."""
    there = {
        row.account: row
        for row in work.session.scalars(
            select(Membership).where(Membership.course == course.id, Membership.account.in_(roles))
        )
    }
    for account, row in there.items():
        row.role = roles[account]
    new = [account for account in roles if account not in there]
    work.session.add_all(
        Membership(course=course.id, account=account, role=roles[account], joined_at=work.now)
        for account in new
    )
    work.session.flush()
    for account in work.session.scalars(
        select(Enrolment.learner)
        .distinct()
        .where(
            Enrolment.course == course.id, Enrolment.closed_as == LEFT, Enrolment.learner.in_(new)
        )
    ).all():
        come_back(work, learner_of(work.session, account), course.id)
    return len(new)


def leave(work: Work, course: Course, account: str) -> bool:
    """No member any more, and no touch for this course either. False for who was none."""
    if work.session.get(Membership, (work.session.info["tenant"], course.id, account)) is None:
        return False
    return leave_course(work, learner_of(work.session, account), course.id)
