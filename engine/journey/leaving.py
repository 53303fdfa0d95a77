"""Leaving a course, and coming back to it. Nothing is lost: ``forgetting`` is what erases."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.journey.planning import replan
from engine.journey.touches import close_touch, open_one, unanswered
from engine.storage.tables import Enrolment, Learner, Membership, TouchPrompt
from engine.storage.work import Work

LEFT = "left"
"""How the debriefs of a course are closed that its learner left."""


def leave_course(work: Work, learner: Learner, course: str) -> bool:
    """No member any more: nothing of that course is asked from now on, and no mail leaves for it.
    What was lived stays.

    Prompts of an open touch that are not answered yet are taken back; a touch that has no others
    ends without harm to the pace. False for who was no member.
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
    """A member again: what was closed because they left goes on."""
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
