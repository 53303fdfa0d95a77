"""Leaving a course and coming back to it. Nothing is lost; only ``forgetting`` erases."""

from __future__ import annotations

from sqlalchemy import delete, select

from engine.journey.planning import replan
from engine.journey.touches import close_if_nothing_is_left, open_one, unanswered
from engine.storage.tables import Enrolment, Learner, Membership, TouchPrompt
from engine.storage.work import Work

LEFT = "left"
"""The ``closed_as`` of debriefs in a course that its learner left."""


def leave_course(work: Work, learner: Learner, course: str) -> bool:
    """Ends the learner's membership: nothing about that course is asked from now on, and no mail is
    sent for it. What they did in it stays.

    Unanswered prompts of the course are removed from an open touch, which is closed if it asks
    nothing else. Returns False if the learner was not a member.
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
    take_back(work, learner, [e.id for e in enrolments])
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


def take_back(work: Work, learner: Learner, enrolments: list[str]) -> None:
    """Removes what an open touch still asks about these experiences, and closes it if it asks
    nothing else."""
    touch = open_one(work.session, learner.id)
    if touch is None:
        return
    asked = delete(TouchPrompt).where(
        TouchPrompt.learner == learner.id,
        TouchPrompt.touch == touch.number,
        TouchPrompt.enrolment.in_(enrolments),
        unanswered(),
    )
    work.session.execute(asked.execution_options(synchronize_session="fetch"))
    close_if_nothing_is_left(work, learner, touch)
