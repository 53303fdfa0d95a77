"""A course ends, on a day or by hand; is put away, brought back, and reopened. What becomes of open
debriefs was asked when the end was set; the worker then does it, learner by learner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import func, select

from engine.courses.reasons import DebriefsNotSaid, EndsInThePast, NotEnded, RunsAlready
from engine.journey.reasons import CourseOver
from engine.storage.tables import Course, Enrolment
from engine.storage.work import Work
from engine.values.errors import Invalid, Refused

AtEnd = Literal["finish", "stop"]
WAYS: tuple[AtEnd, ...] = ("finish", "stop")
"""What becomes of open debriefs: those who are in one finish it, or nothing is asked any more."""
State = Literal["running", "dated", "ended", "archived"]


@dataclass(frozen=True)
class OpenDebriefs:
    """How many debriefs of a course are open, and of how many people."""

    debriefs: int
    people: int


def state_of(course: Course) -> State:
    """Where a course stands; ``dated``: it runs, and its last day is named."""
    if course.archived_at is not None:
        return "archived"
    if course.ended_at is not None:
        return "ended"
    return "running" if course.ends_on is None else "dated"


def open_debriefs(work: Work, course: Course) -> OpenDebriefs:
    """What ending the course would concern."""
    debriefs, people = work.session.execute(
        select(func.count(Enrolment.id), func.count(Enrolment.learner.distinct())).where(
            Enrolment.course == course.id,
            Enrolment.finished_at.is_not(None),
            Enrolment.closed_at.is_(None),
        )
    ).one()
    return OpenDebriefs(debriefs, people)


def end_on(work: Work, course: Course, day: date | None, at_end: str, today: date) -> None:
    """Names the last day of a course (None: it has none), which is over when it is over where a
    learner lives.

    Raises ``Refused("course-over")``, ``Invalid("ends-in-the-past", field="ends_on")`` and
    ``Invalid("debriefs-not-said", field="at_end")``.
    """
    _hold(work, course)
    if course.ended_at is not None:
        raise Refused(CourseOver())
    if day is not None and day < today:
        raise Invalid(EndsInThePast(), field="ends_on")
    course.at_end = _way(at_end)
    course.ends_on = day


def end(work: Work, course: Course, at_end: str) -> None:
    """Ends a course at once: no new experience opens, and nobody new joins. Raises
    ``Refused("course-over")`` and ``Invalid("debriefs-not-said", field="at_end")``."""
    _hold(work, course)
    if course.ended_at is not None:
        raise Refused(CourseOver())
    course.at_end = _way(at_end)
    course.ended_at = work.now
    if at_end == "stop":
        course.owed = "stop"  # else what is still to be resumed is resumed, to be finished


def reopen(work: Work, course: Course) -> None:
    """The course goes on, without a last day, and so do the debriefs that its end had stopped.
    Raises ``Refused("runs-already")``."""
    _hold(work, course)
    if course.ended_at is None:
        raise Refused(RunsAlready())
    course.owed = "resume" if course.at_end == "stop" else None
    course.ended_at = course.archived_at = course.ends_on = None


def archive(work: Work, course: Course) -> None:
    """Takes a course that has ended out of the lists; it stays readable. Raises
    ``Refused("not-ended")``."""
    _hold(work, course)
    if course.ended_at is None:
        raise Refused(NotEnded())
    course.archived_at = course.archived_at or work.now


def bring_back(work: Work, course: Course) -> None:
    """Puts an archived course back into the lists; it has ended all the same."""
    _hold(work, course)
    course.archived_at = None


def _hold(work: Work, course: Course) -> None:
    work.session.refresh(course, with_for_update=True)


def _way(at_end: str) -> AtEnd:
    for way in WAYS:
        if way == at_end:
            return way
    raise Invalid(DebriefsNotSaid(), field="at_end")
