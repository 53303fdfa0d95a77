"""The tables of a course: opened for a cohort by whoever runs it, looked at, and begun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import Row

from engine.courses import cohorts
from engine.courses.reasons import CohortUnknown
from engine.courses.slotting import placements_of
from engine.journey import tables
from engine.journey.reasons import NotForSeveral, PlacementUnknown
from engine.packs.activities.together import PACES, Pace, Sheet, Together
from engine.packs.model import Module
from engine.storage.queries import tables as queries
from engine.storage.queries.running import rows
from engine.storage.tables import Course
from engine.storage.work import Work
from engine.values.errors import NotFound, Refused

State = Literal["gathering", "going", "ended"]


@dataclass(frozen=True)
class Several:
    """An experience for several that is placed in the course."""

    section: str
    title: str
    seats: int


@dataclass(frozen=True)
class CourseTable:
    """A table of the course: how many of its seats are taken. ``cohort`` is the name of that for
    which it was opened, None for whoever waits."""

    id: str
    title: str
    cohort: str | None
    pace: str
    seats: int
    taken: int
    state: State


def several(work: Work, course: Course, lang: str) -> tuple[Several, ...]:
    """The experiences for several of a course, by their covers."""
    found = []
    for placed in placements_of(work.session, course):
        module = work.library.module(placed.pack, placed.version, placed.module)
        seats = len(module.spec.activity.seats)
        if seats:
            found.append(Several(placed.section, module.text("cover.title", lang), seats))
    return tuple(found)


def sheets(work: Work, course: Course, section: str) -> tuple[Module, tuple[Sheet, ...]]:
    """What the seats of an experience for several are given on paper. Raises
    ``NotFound("placement-unknown")`` and ``Refused("not-for-several")``."""
    placed = {one.section: one for one in placements_of(work.session, course)}.get(section)
    if placed is None:
        raise NotFound(PlacementUnknown())
    module = work.library.module(placed.pack, placed.version, placed.module)
    if not module.spec.activity.seats:
        raise Refused(NotForSeveral())
    return module, cast(Together, module.spec.activity).sheets()


def tables_of(work: Work, course: Course, lang: str) -> tuple[CourseTable, ...]:
    """The tables of a course, the latest first."""
    names = {one.id: one.name for one in cohorts.cohorts_of(work.session, course)}
    found = rows(work.session, queries.OF_COURSE, course=course.id)
    return tuple(_table(work, row, names.get(row.cohort), lang) for row in found)


def _table(work: Work, row: Row[Any], cohort: str | None, lang: str) -> CourseTable:
    module = work.library.module(row.pack, row.version, row.module)
    state: State = "ended" if row.ended_at else "going" if row.begun_at else "gathering"
    seats = len(module.spec.activity.seats)
    title = module.text("cover.title", lang)
    return CourseTable(row.id, title, cohort, row.pace, seats, row.seated, state)


def open_table(work: Work, course: Course, section: str, cohort: str, pace: str) -> None:
    """Opens a table for a cohort of the course. Raises ``NotFound("placement-unknown" |
    "cohort-unknown")`` and ``Refused("not-for-several")``."""
    placed = {one.section: one for one in placements_of(work.session, course)}.get(section)
    if placed is None or pace not in PACES:
        raise NotFound(PlacementUnknown())
    if cohort not in {one.id for one in cohorts.cohorts_of(work.session, course)}:
        raise NotFound(CohortUnknown())
    wanted: Pace = "live" if pace == "live" else "days"
    tables.open_table(work, placed, wanted, cohort)


def begin(work: Work, course: Course, table: str) -> None:
    """Begins a table of the course with those who are there. Raises
    ``NotFound("table-unknown")``."""
    known = {row.id for row in rows(work.session, queries.OF_COURSE, course=course.id)}
    tables.begin_table(work, table if table in known else "")
