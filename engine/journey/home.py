"""What a learner finds on arrival: what waits for them, what they can begin or resume, and what
comes next and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row

from engine.curriculum.outline import Section
from engine.curriculum.rows import outline_from_json
from engine.journey.beginning import State, standing
from engine.journey.coming import may_come
from engine.journey.playing import scene
from engine.journey.record import TouchRow, read_record
from engine.journey.term import is_over
from engine.journey.touches import planned_one, reasons_of, state_at
from engine.packs.activities.mission import Mission
from engine.spacing.days import local_day, zone_of
from engine.storage.library import Library
from engine.storage.queries import courses as queries
from engine.storage.queries import journeys
from engine.storage.queries.running import entities, rows
from engine.storage.tables import Course, Enrolment, Learner, Touch
from engine.storage.tables.journeys import GONE
from engine.storage.work import Work
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Experience:
    """An experience of a host course as its learner sees it: by its cover.

    ``state`` and ``from_day`` are those of its ``Standing``; ``first`` holds the cover titles of
    the experiences to finish first.
    """

    course: str
    course_title: str
    section: str
    section_title: str
    title: str
    summary: str
    minutes: int
    state: State
    enrolment: str | None = None
    from_day: date | None = None
    first: tuple[str, ...] = ()
    module: tuple[str, str] = ("", "")
    elsewhere: bool = False
    """Its pack and id; whether it was begun in another course or section, where it is at home."""
    day: date | None = None
    about: str = ""
    ahead: bool = False
    """The day of the learner's appointment in it, if they have one; what it is about (Markdown);
    whether it is still to come."""


@dataclass(frozen=True)
class Home:
    """The home page of a learner: every experience once, even if two courses have it.
    ``next_touch`` is the planned touch; ``may_come`` is whether there is something to ask if the
    learner does not wait for it. ``over`` are the titles of their courses that have ended; of
    these, only what was begun is an experience here."""

    experiences: tuple[Experience, ...]
    open_touch: TouchRow | None
    next_touch: Touch | None
    may_come: bool
    over: tuple[str, ...] = ()

    @property
    def next_reasons(self) -> tuple[Reason, ...]:
        """Why the next touch comes when it does."""
        return reasons_of(self.next_touch) if self.next_touch else ()


@dataclass(frozen=True)
class ReceivedTouch:
    """A touch that was opened, the state in which it stands (``withdrawn``: asked no more, though
    nobody put it off), and the covers of the experiences that it asks about."""

    touch: Touch
    state: str
    covers: tuple[str, ...]


def home(work: Work, learner: Learner, lang: str) -> Home:
    """The learner's home."""
    record = read_record(work, learner)
    planned = planned_one(work.session, learner.id) if record.planned else None
    courses = entities(work.session, queries.OF_LEARNER, learner=learner.id)
    ended = [one for one in courses if is_over(one, work.now, learner.zone)]
    archived = {one.id for one in ended if one.archived_at is not None}
    shown = tuple(
        _with_day(work, learner, one, lang)
        for one in _once(experiences(work, learner, lang))
        if one.state != "over" and one.course not in archived
    )
    over = tuple(one.title for one in ended if one.archived_at is None)
    return Home(shown, record.open, planned, may_come(work, record), over)


def _with_day(work: Work, learner: Learner, one: Experience, lang: str) -> Experience:
    """An experience that is under way, with the day of the learner's appointment in it."""
    if one.enrolment is None or one.state != "begun":
        return one
    version = work.session.get_one(Enrolment, (work.tenant, one.enrolment)).version
    module = work.library.module(one.module[0], version, one.module[1])
    if not isinstance(module.spec.activity, Mission):
        return one
    found = scene(work, learner, one.enrolment).screen.appointment
    if found is None:
        return one
    own = module.texts.get(lang) or module.texts[module.written_in]
    about = own.get(f"{found.about}.quote") or module.text(found.about, lang)
    ahead = found.day > local_day(work.now, zone_of(learner.zone))
    return replace(one, day=found.day, about=about, ahead=ahead)


def _once(found: Sequence[Experience]) -> tuple[Experience, ...]:
    """Each experience once: where it was begun, else where it can be begun, else where it opens
    first."""
    best: dict[tuple[str, str], Experience] = {}
    for one in found:
        other = best.setdefault(one.module, one)
        if _rank(one) < _rank(other):
            best[one.module] = one
    chosen = {id(one) for one in best.values()}
    return tuple(one for one in found if id(one) in chosen)


def _rank(one: Experience) -> tuple[bool, bool, date]:
    return one.elsewhere, one.state in ("later", "locked"), one.from_day or date.min


def experiences(work: Work, learner: Learner, lang: str) -> tuple[Experience, ...]:
    """Every experience of every course of the learner, in the order of the outlines; then what they
    are in the middle of and no course places any more. Takes three statements, however many
    experiences there are."""
    lived = {
        (one.pack, one.module): one
        for one in entities(work.session, journeys.LIVED, learner=learner.id)
    }
    placed = {
        (row.course, row.section): row
        for row in rows(work.session, queries.PLACED_FOR_LEARNER, learner=learner.id)
    }
    today = local_day(work.now, zone_of(learner.zone))
    gone = set(lived) - {(row.pack, row.module) for row in placed.values()}
    found: list[Experience] = []
    for course in entities(work.session, queries.OF_LEARNER, learner=learner.id):
        outline = outline_from_json(course.outline)
        first_days = outline.first_days()
        for section in outline.sections:
            here = placed.get((course.id, section.id))
            if here is not None:
                when = first_days[section.id], today, is_over(course, work.now, learner.zone)
                found.append(_experience(work.library, course, section, here, lived, when, lang))
        titles = {section.id: section.title for section in outline.sections}
        for one in (lived[key] for key in lived if key in gone):
            if one.course == course.id and one.finished_at is None:
                section = Section(one.section, titles.get(one.section, ""))
                when = None, today, is_over(course, work.now, learner.zone)
                found.append(_experience(work.library, course, section, one, lived, when, lang))
    return tuple(found)


def _experience(
    library: Library,
    course: Course,
    section: Section,
    placement: Row[Any] | Enrolment,
    lived: Mapping[tuple[str, str], Enrolment],
    when: tuple[date | None, date, bool],
    lang: str,
) -> Experience:
    """The experience placed in a section; ``when``: the day on which the section opens, today, and
    whether the course is over."""
    enrolment = lived.get((placement.pack, placement.module))
    begun_on = enrolment.version if enrolment else placement.version
    module = library.module(placement.pack, begun_on, placement.module)
    done = {
        m: one.finished_at is not None for (pack, m), one in lived.items() if pack == placement.pack
    }
    opens, today, over = when
    found = standing(placement.module, module.spec.after, done, opens, today, over=over)
    return Experience(
        course.id,
        course.title,
        section.id,
        section.title,
        module.text("cover.title", lang),
        module.text("cover.summary", lang),
        module.spec.minutes,
        found.state,
        enrolment.id if enrolment else None,
        found.from_day,
        tuple(
            library.module(placement.pack, placement.version, m).text("cover.title", lang)
            for m in found.first
        ),
        (placement.pack, placement.module),
        enrolment is not None and (enrolment.course, enrolment.section) != (course.id, section.id),
    )


def inbox(work: Work, learner: Learner, lang: str) -> tuple[ReceivedTouch, ...]:
    """Every touch that was opened, the latest first."""
    covers: dict[int, dict[str, None]] = {}
    goes_on: set[int] = set()
    for row in rows(work.session, journeys.ASKED_ABOUT, learner=learner.id):
        module = work.library.module(row.pack, row.version, row.module)
        covers.setdefault(row.touch, {})[module.text("cover.title", lang)] = None
        goes_on |= set() if row.closed_as in GONE else {row.touch}
    received = []
    for touch in entities(work.session, journeys.RECEIVED, learner=learner.id):
        state, its = state_at(touch, work.now), tuple(covers.get(touch.number, ()))
        is_asked = touch.number in goes_on and learner.stopped_at is None
        if state == "snoozed" and its and not is_asked:
            state = "withdrawn"
        received.append(ReceivedTouch(touch, state, its))
    return tuple(received)
