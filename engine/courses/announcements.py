"""Whether the learners of a course are told that something waits for them: decided by whoever runs
the course, and by each learner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select

from engine.courses.outlines import outline_of
from engine.courses.slotting import placements_of
from engine.journey.looking import look_at_course
from engine.spacing.days import local_day, zone_of
from engine.storage.queries import announcements
from engine.storage.queries.running import rows
from engine.storage.tables import Announcement, Course, Learner, Membership
from engine.storage.work import Work


@dataclass(frozen=True)
class OfCourse:
    """``on``: learners are told; ``days``: the days on which an experience opens from now on, with
    the title of its section; ``reached``: how many learners can be told."""

    on: bool
    days: tuple[tuple[date, str], ...]
    reached: int


def of_course(work: Work, course: Course) -> OfCourse:
    """What the learners of a course are told, and when."""
    outline = outline_of(course)
    first, titles = outline.first_days(), {one.id: one.title for one in outline.sections}
    today = local_day(work.now, zone_of("UTC"))
    coming = [
        (day, titles[row.section])
        for row in placements_of(work.session, course)
        if (day := first.get(row.section)) is not None and day >= today
    ]
    reached = (
        select(func.count(Learner.id))
        .join(
            Membership,
            (Membership.tenant == Learner.tenant) & (Membership.account == Learner.id),
        )
        .where(
            Membership.course == course.id,
            Membership.role == "learner",
            Learner.contract_at.is_not(None),
            Learner.stopped_at.is_(None),
            Learner.channel == "mail",
            Learner.announcements,
        )
    )
    [on] = rows(work.session, announcements.OF_COURSE, course=course.id)
    return OfCourse(bool(on.announces), tuple(coming), work.session.scalars(reached).one())


def switch(work: Work, course: Course, on: bool) -> None:
    """Tells the learners of a course from now on, or no longer."""
    course.announces = on
    look_at_course(work.session, course.id, work.now)


def want(work: Work, learner: Learner, wanted: bool) -> None:
    """The learner wants to be told, or no longer; what waits to leave is withdrawn then. Questions
    are another matter."""
    learner.announcements, learner.announce_at = wanted, work.now
    if not wanted:
        waiting = delete(Announcement).where(
            Announcement.learner == learner.id, Announcement.state == "waiting"
        )
        work.session.execute(waiting)
    work.session.flush()
