"""Courses whose last day is over end; and what their end, or their being reopened, means for open
debriefs is done, each learner in a transaction of their own."""

from __future__ import annotations

from datetime import timedelta

import structlog

from engine.courses import ending
from engine.journey.joining import learner_of
from engine.journey.term import resume_debriefs, stop_debriefs
from engine.storage.claims import CourseKey, courses_over, courses_owing
from engine.storage.queries import courses
from engine.storage.queries.running import entities, rows
from engine.storage.tables.journeys import OVER
from engine.storage.work import Units

LAST_ZONE = timedelta(hours=12)
"""A day is over everywhere once it is over at UTC−12."""


def end_courses(units: Units, limit: int = 100) -> int:
    """Ends up to ``limit`` courses whose last day is over wherever a learner may live; returns how
    many."""
    last = (units.clock.now() - LAST_ZONE).date()
    with units.db.across("worker-claim") as door:
        keys = courses_over(door, last, limit)
    return sum(_end(units, key) for key in keys)


def settle_debriefs(units: Units, limit: int = 100) -> int:
    """Stops or resumes the debriefs of up to ``limit`` learners of each course that owes it;
    returns of how many."""
    with units.db.across("worker-claim") as door:
        keys = courses_owing(door, limit)
    return sum(_settle(units, key, limit) for key in keys)


def _end(units: Units, key: CourseKey) -> bool:
    try:
        with units.write(key.tenant) as work:
            [course] = entities(work.session, courses.COURSE, course=key.course)
            ending.end(work, course, course.at_end)
            work.commit()
            return True
    except Exception:
        structlog.get_logger("delivery").exception(
            "course-not-ended", tenant=key.tenant, course=key.course
        )
        return False


def _settle(units: Units, key: CourseKey, limit: int) -> int:
    """The course owes nothing once nobody is left."""
    with units.read(key.tenant) as work:
        [course] = entities(work.session, courses.COURSE, course=key.course)
        owed = course.owed
        its = {"course": key.course, "most": limit}
        if owed == "stop":
            left = rows(work.session, courses.IN_OPEN_DEBRIEF, **its)
        else:
            left = rows(work.session, courses.STOPPED, **its, closed_as=OVER)
        learners = [row.learner for row in left]
    if not learners:
        _is_settled(units, key, owed)
    return sum(_settle_one(units, key, owed, learner) for learner in learners)


def _settle_one(units: Units, key: CourseKey, owed: str | None, learner: str) -> bool:
    try:
        with units.write(key.tenant) as work:
            settle = stop_debriefs if owed == "stop" else resume_debriefs
            settle(work, learner_of(work.session, learner), key.course)
            work.commit()
            return True
    except Exception:
        structlog.get_logger("delivery").exception(
            "debriefs-not-settled", tenant=key.tenant, course=key.course
        )
        return False


def _is_settled(units: Units, key: CourseKey, owed: str | None) -> None:
    with units.write(key.tenant) as work:
        [course] = entities(work.session, courses.COURSE, course=key.course)
        work.session.refresh(course, with_for_update=True)
        if course.owed == owed:
            course.owed = None
            work.commit()
