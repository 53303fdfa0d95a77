"""A course in figures: how many people came how far, in which section, this week and the last ones.
Counted by the database, whoever they are; who they are is in ``progress``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from engine.courses.calendar import WEEK
from engine.courses.refused import refused_learners
from engine.spacing.days import local_day, monday_of
from engine.storage.queries import desk
from engine.storage.queries.running import rows
from engine.storage.tables import Course
from engine.storage.work import Work

WEEKS = 12
"""So many weeks of responses are counted, this one included."""


@dataclass(frozen=True)
class Funnel:
    """How many people are invited (all who ever were and all who are in the course), how many of
    them came (accepted the trust contract), began an experience, finished one, completed the
    debrief of one. ``joined``: how many are in the course; ``refused``: whose mail is refused."""

    invited: int
    joined: int
    came: int
    began: int
    finished: int
    complete: int
    refused: int

    @property
    def unbegun(self) -> int:
        """How many are in the course and have begun nothing."""
        return self.joined - self.began

    @property
    def uncome(self) -> int:
        """How many were invited and are not in the course yet."""
        return self.invited - self.joined


@dataclass(frozen=True)
class InSection:
    """How many people began, finished, and completed the debrief of the experience of a section."""

    section: str
    pack: str
    version: str
    module: str
    begun: int
    finished: int
    complete: int


@dataclass(frozen=True)
class Moved:
    """How often something happened: this week so far, last week up to the same moment, and in all
    of last week."""

    now: int
    then: int
    last: int


@dataclass(frozen=True)
class Responses:
    """Of the touches about a course that were closed in the week that begins with a Monday, how
    many were answered."""

    monday: date
    answered: int
    closed: int

    @property
    def rate(self) -> float | None:
        """The share that was answered (0–1); None where none was closed."""
        return self.answered / self.closed if self.closed else None


@dataclass(frozen=True)
class Figures:
    """A course in figures. ``sections`` are those with an experience, in no order; ``moved`` is by
    what happened: joined, begun, finished, complete; ``weeks`` end with this one."""

    funnel: Funnel
    sections: Mapping[str, InSection]
    moved: Mapping[str, Moved]
    weeks: tuple[Responses, ...]


def figures(work: Work, course: Course, zone: ZoneInfo) -> Figures:
    """The figures of a course now; weeks begin on Mondays in that zone. Eight statements, however
    many people there are."""
    unit, its = work.session, {"course": course.id}
    monday = monday_of(local_day(work.now, zone))
    this, last = _at(monday, zone), _at(monday - WEEK, zone)
    spans = {"this": this, "last": last, "then": work.now - WEEK}
    [members] = rows(unit, desk.MEMBERS, **its, **spans)
    [reached] = rows(unit, desk.REACHED, **its)
    [others] = rows(unit, desk.NOT_MEMBERS, **its)
    [lately] = rows(unit, desk.LATELY, **its, **spans)
    refused = len(refused_learners(unit, course)) + others.refused
    return Figures(
        Funnel(
            members.members + others.invited,
            members.members,
            members.came,
            reached.began,
            reached.finished,
            reached.complete,
            refused,
        ),
        _sections(rows(unit, desk.PLACED, **its), rows(unit, desk.SECTIONS, **its)),
        {"joined": _moved(members, "joined"), **{what: _moved(lately, what) for what in _LIVED}},
        _weeks(work, course, monday),
    )


_LIVED = ("begun", "finished", "complete")


def _sections(placed: Any, lived: Any) -> Mapping[str, InSection]:
    counts = {(row.pack, row.module): row for row in lived}
    return {
        row.section: InSection(
            row.section,
            row.pack,
            row.version,
            row.module,
            *_counts(counts.get((row.pack, row.module))),
        )
        for row in placed
    }


def _counts(row: Row[Any] | None) -> tuple[int, int, int]:
    return (row.begun, row.finished, row.complete) if row else (0, 0, 0)


def _moved(row: Row[Any], what: str) -> Moved:
    return Moved(*(getattr(row, f"{what}_{span}") for span in ("now", "then", "last")))


def _weeks(work: Work, course: Course, monday: date) -> tuple[Responses, ...]:
    mondays = [monday - WEEK * n for n in reversed(range(WEEKS))]
    found = rows(work.session, desk.RESPONSES, course=course.id, since=mondays[0])
    counts = {row.week: (row.answered, row.closed) for row in found}
    return tuple(Responses(day, *counts.get(day, (0, 0))) for day in mondays)


def _at(day: date, zone: ZoneInfo) -> datetime:
    """When that day begins there."""
    return datetime.combine(day, time(), zone)
