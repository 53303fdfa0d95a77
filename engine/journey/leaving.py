"""Leaving a course and coming back to it. Nothing is lost; only ``forgetting`` erases."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.journey.planning import replan
from engine.journey.touches import close_touch, open_one, unanswered
from engine.storage.tables import Enrolment, Learner, Membership, TouchPrompt
from engine.storage.work import Work

LEFT = "left"
"""The ``closed_as`` of debriefs in a course that its learner left."""


def leave_course(work: Work, learner: Learner, course: str) -> bool:
    """Ends the learner's membership: nothing about that course is asked from now on, and no mail is
    sent for it. What they did in it stays.

    Unanswered prompts of the course are removed from an open touch; a touch with no other prompts
    left is closed without affecting the pace. Returns False if the learner was not a member.
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
    _take_back(work, learner, [e.id for e in enrolments])
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


def _take_back(work: Work, learner: Learner, enrolments: list[str]) -> None:
    touch = open_one(work.session, learner.id)
    if touch is None:
        return
    of_touch = select(TouchPrompt).where(
        TouchPrompt.learner == learner.id, TouchPrompt.touch == touch.number
    )
    left = work.session.scalars(of_touch.where(unanswered())).all()
    for prompt in left:
        if prompt.enrolment in enrolments:
            work.session.delete(prompt)
    work.session.flush()
    if all(prompt.enrolment in enrolments for prompt in left) and (
        left or not _goes_on(work.session, learner)
    ):
        close_touch(work, learner, touch, "snoozed")


def _goes_on(unit: Session, learner: Learner) -> bool:
    """Whether a debrief is still open somewhere."""
    open_ones = select(Enrolment.id).where(
        Enrolment.learner == learner.id,
        Enrolment.finished_at.is_not(None),
        Enrolment.closed_at.is_(None),
    )
    return unit.scalars(open_ones.limit(1)).first() is not None
