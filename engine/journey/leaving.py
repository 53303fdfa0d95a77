"""Leaving a course and coming back to it. Nothing is lost; only ``forgetting`` erases."""

from __future__ import annotations

from sqlalchemy import select

from engine.journey.planning import replan
from engine.journey.touches import close_what_asks_nothing
from engine.storage.tables import Enrolment, Learner, Membership
from engine.storage.tables.journeys import LEFT
from engine.storage.work import Work


def leave_course(work: Work, learner: Learner, course: str) -> bool:
    """Ends the learner's membership: nothing about that course is asked from now on, and no mail is
    sent for it. What they did in it stays.

    An open touch no longer asks about the course, and is closed if it asks nothing else. Returns
    False if the learner was not a member.
    """
    member = work.session.scalars(
        select(Membership).where(Membership.course == course, Membership.account == learner.id)
    ).one_or_none()
    if member is None:
        return False
    work.session.delete(member)
    lived = select(Enrolment).where(
        Enrolment.learner == learner.id, Enrolment.course == course, Enrolment.closed_at.is_(None)
    )
    enrolments = work.session.scalars(lived).all()
    for enrolment in enrolments:
        enrolment.closed_at, enrolment.closed_as = work.now, LEFT
    close_what_asks_nothing(work, learner)
    replan(work, learner)
    return True


def come_back(work: Work, learner: Learner, course: str) -> None:
    """The learner is a member again: reopens the debriefs that were closed because they left."""
    left = work.session.scalars(
        select(Enrolment).where(
            Enrolment.learner == learner.id, Enrolment.course == course, Enrolment.closed_as == LEFT
        )
    ).all()
    for enrolment in left:
        enrolment.closed_at = enrolment.closed_as = None
    if left:
        replan(work, learner)
