"""What a learner finds when they arrive: what waits for them, what they can begin or resume,
what comes next and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from engine.curriculum.outline import Outline, Section
from engine.curriculum.rows import outline_from_json
from engine.journey.answering import may_come
from engine.journey.record import read_record
from engine.journey.touches import reasons_of
from engine.spacing.days import local_day, zone_of
from engine.storage.library import Library
from engine.storage.tables import (
    Course,
    Enrolment,
    Learner,
    Membership,
    Placement,
    Touch,
    TouchPrompt,
)
from engine.storage.work import Work
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Experience:
    """An experience of a host course as its learner sees it: under its cover.

    ``state``: later (its section has not begun: ``from_day``), locked (``first`` names covers to
    live before), new, begun, finished.
    """

    course: str
    course_title: str
    section: str
    section_title: str
    title: str
    summary: str
    minutes: int
    state: str
    enrolment: str | None = None
    from_day: date | None = None
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class Home:
    """``next_touch`` is the planned one; ``may_come``: whether who does not wait for it would be
    asked something."""

    experiences: tuple[Experience, ...]
    open_touch: Touch | None
    next_touch: Touch | None
    may_come: bool

    @property
    def next_reasons(self) -> tuple[Reason, ...]:
        """Why the next touch comes when it does."""
        return reasons_of(self.next_touch) if self.next_touch else ()


@dataclass(frozen=True)
class ReceivedTouch:
    """A touch that came, and the covers of the experiences that it asks about."""

    touch: Touch
    covers: tuple[str, ...]


def home(work: Work, learner: Learner, lang: str) -> Home:
    """The learner's home."""
    record = read_record(work, learner)
    return Home(
        experiences(work, learner, lang), record.open, record.planned, may_come(work, record)
    )


def experiences(work: Work, learner: Learner, lang: str) -> tuple[Experience, ...]:
    """Every experience of every course of the learner, in the order of the outlines."""
    lived = {
        (e.pack, e.module): e
        for e in work.session.scalars(select(Enrolment).where(Enrolment.learner == learner.id))
    }
    joined = (Membership.tenant == Course.tenant) & (Membership.course == Course.id)
    courses = work.session.scalars(
        select(Course)
        .join(Membership, joined)
        .order_by(Course.title)
        .where(Membership.account == learner.id, Membership.role == "learner")
    ).all()
    today = local_day(work.now, zone_of(learner.zone))
    found: list[Experience] = []
    for course in courses:
        placements = {
            p.section: p
            for p in work.session.scalars(select(Placement).where(Placement.course == course.id))
        }
        outline = outline_from_json(course.outline)
        for section, begins in zip(outline.sections, _begins(outline), strict=True):
            placement = placements.get(section.id)
            if placement is not None:
                found.append(
                    _experience(
                        work.library, course, section, placement, lived, begins, today, lang
                    )
                )
    return tuple(found)


def _begins(outline: Outline) -> tuple[date | None, ...]:
    return tuple(span[0] if span else None for span in outline.spans())


def _experience(
    library: Library,
    course: Course,
    section: Section,
    placement: Placement,
    lived: dict[tuple[str, str], Enrolment],
    begins: date | None,
    today: date,
    lang: str,
) -> Experience:
    enrolment = lived.get((placement.pack, placement.module))
    begun_on = enrolment.version if enrolment else placement.version
    module = library.module(placement.pack, begun_on, placement.module)
    missing = tuple(
        m
        for m in module.spec.after
        if (found := lived.get((placement.pack, m))) is None or found.finished_at is None
    )
    state = (
        "finished"
        if enrolment and enrolment.finished_at
        else "begun"
        if enrolment
        else "later"
        if begins and begins > today
        else "locked"
        if missing
        else "new"
    )
    covers = tuple(
        library.module(placement.pack, placement.version, m).text("cover.title", lang)
        for m in missing
    )
    return Experience(
        course.id,
        course.title,
        section.id,
        section.title,
        module.text("cover.title", lang),
        module.text("cover.summary", lang),
        module.spec.minutes,
        state,
        enrolment.id if enrolment else None,
        begins if state == "later" else None,
        covers if state == "locked" else (),
    )


def inbox(work: Work, learner: Learner, lang: str) -> tuple[ReceivedTouch, ...]:
    """Every touch that was opened, the latest first."""
    touches = work.session.scalars(
        select(Touch)
        .where(Touch.learner == learner.id, Touch.state != "planned")
        .order_by(Touch.number.desc())
    ).all()
    of_prompt = (Enrolment.tenant == TouchPrompt.tenant) & (Enrolment.id == TouchPrompt.enrolment)
    asked = work.session.execute(
        select(TouchPrompt.touch, Enrolment.pack, Enrolment.version, Enrolment.module)
        .join(Enrolment, of_prompt)
        .where(TouchPrompt.learner == learner.id)
        .order_by(TouchPrompt.touch, TouchPrompt.position)
    )
    covers: dict[int, dict[str, None]] = {}
    for touch, *module in asked:
        covers.setdefault(touch, {})[work.library.module(*module).text("cover.title", lang)] = None
    return tuple(ReceivedTouch(touch, tuple(covers.get(touch.number, ()))) for touch in touches)
