"""Members of a platform's course in ours: joining by a launch with the platform's role, leaving,
and coming back."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from engine.journey.joining import learner_of
from engine.journey.leaving import LEFT, come_back, leave_course
from engine.storage.queries import launches
from engine.storage.queries.running import change, rows
from engine.storage.tables import Course, Enrolment, Membership
from engine.storage.work import Work
from lti.wire.roles import CourseRole


def follow(work: Work, course: Course, roles: Mapping[str, CourseRole]) -> int:
    """Gives these accounts the role that the platform says they have, where they are members, and
    returns how many came back: those who had left resume where they were. Who never came is not
    made a member. Takes a few queries, however many accounts there are."""
    there = {
        row.account: row
        for row in work.session.scalars(
            select(Membership).where(Membership.course == course.id, Membership.account.in_(roles))
        )
    }
    for account, row in there.items():
        row.role = roles[account]
    back = work.session.scalars(
        select(Enrolment.learner)
        .distinct()
        .where(
            Enrolment.course == course.id,
            Enrolment.closed_as == LEFT,
            Enrolment.learner.in_(roles.keys() - there.keys()),
        )
    ).all()
    work.session.add_all(
        Membership(course=course.id, account=account, role=roles[account], joined_at=work.now)
        for account in back
    )
    work.session.flush()
    for account in back:
        come_back(work, learner_of(work.session, account), course.id)
    return len(back)


def come(
    work: Work, course: str, account: str, role: CourseRole, before: str | None, *, newcomer: bool
) -> None:
    """Makes an account that arrives by a launch a member of the course in that role; ``before`` is
    its previous role, None if it was not a member. A ``newcomer`` to the installation cannot have
    left a course before."""
    if before is None:
        change(
            work.session,
            launches.ADD_MEMBER,
            course=course,
            account=account,
            role=role,
            joined_at=work.now,
        )
        if not newcomer and rows(
            work.session, launches.LEFT_BEHIND, learner=account, course=course, closed_as=LEFT
        ):
            come_back(work, learner_of(work.session, account), course)
    elif before != role:
        change(
            work.session,
            launches.CHANGE_ROLE,
            of_course=course,
            of_account=account,
            new_role=role,
        )


def leave(work: Work, course: Course, account: str) -> bool:
    """Removes the account from the course's members and ends its touches for this course. Returns
    False if it was not a member."""
    if work.session.get(Membership, (work.session.info["tenant"], course.id, account)) is None:
        return False
    return leave_course(work, learner_of(work.session, account), course.id)
