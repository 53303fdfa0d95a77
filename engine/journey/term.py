"""Until when a course runs: one rule, for every page that offers something of it and every use case
that begins something in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import select

from engine.journey.news import tell
from engine.journey.planning import replan
from engine.journey.touches import close_what_asks_nothing
from engine.spacing.days import local_day, zone_of
from engine.storage.tables import Enrolment, Learner
from engine.storage.tables.journeys import OVER
from engine.storage.work import Work


class HasTerm(Protocol):
    """A course, or a row with these columns of one."""

    @property
    def ends_on(self) -> date | None:
        """The last day on which it runs, if somebody named one."""

    @property
    def ended_at(self) -> datetime | None:
        """When it ended."""


def is_over(course: HasTerm, now: datetime, zone: str) -> bool:
    """Whether the course is over for somebody in that time zone: it was ended, or the day that was
    named is over where they live."""
    if course.ended_at is not None:
        return True
    return course.ends_on is not None and local_day(now, zone_of(zone)) > course.ends_on


def stop_debriefs(work: Work, learner: Learner, course: str) -> None:
    """Nothing of an ended course is asked any more: its open debriefs are closed, and an open touch
    asks about them no longer. What was begun can be lived to its end."""
    its = select(Enrolment).where(
        Enrolment.learner == learner.id, Enrolment.course == course, Enrolment.closed_at.is_(None)
    )
    lived = work.session.scalars(its).all()
    for one in lived:
        one.closed_at, one.closed_as = work.now, OVER
    close_what_asks_nothing(work, learner)
    _told(work, learner, lived)


def resume_debriefs(work: Work, learner: Learner, course: str) -> None:
    """The course goes on: so do the debriefs that it had stopped."""
    its = select(Enrolment).where(
        Enrolment.learner == learner.id, Enrolment.course == course, Enrolment.closed_as == OVER
    )
    lived = work.session.scalars(its).all()
    for one in lived:
        one.closed_at = one.closed_as = None
    _told(work, learner, lived)


def _told(work: Work, learner: Learner, lived: Sequence[Enrolment]) -> None:
    for one in lived:
        if one.finished_at is not None:
            tell(work.session, learner.id, one.id)
    replan(work, learner)
