"""The people of a course as facilitators see them: counts and states, never words; a page of them
at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select

from engine.spacing.days import local_day, zone_of
from engine.storage.queries import courses
from engine.storage.queries.running import rows
from engine.storage.tables import Course
from engine.storage.work import Work
from engine.values.folding import bare
from engine.values.pages import before, nearest, pages_of

NOTHING = (0, 0, 0, 0)
RANKED: Mapping[str, Select[Any]] = {
    "finished": courses.PEOPLE_AND_FINISHED,
    "answers": courses.PEOPLE_AND_ANSWERS,
}
"""The orders that begin with those who have most."""


@dataclass(frozen=True)
class Progress:
    """One learner as a facilitator sees them. ``state``: invited (has not accepted the trust
    contract), joined, active, paused, quiet (missing touches), stopped."""

    account: str
    name: str
    state: str
    begun: int
    finished: int
    debriefs_done: int
    answers: int


@dataclass(frozen=True)
class CourseProgress:
    """A page of the people of a course. ``states``: how many of them all are in each state;
    ``found``: how many are in the state asked for; ``page`` counts from 1."""

    people: tuple[Progress, ...]
    states: Mapping[str, int]
    found: int
    page: int

    @property
    def total(self) -> int:
        """How many people there are."""
        return sum(self.states.values())

    @property
    def pages(self) -> int:
        """How many pages those that were found fill, at least one."""
        return pages_of(self.found)

    @property
    def first(self) -> int:
        """Which of those found the page begins with, from 1."""
        return before(self.page) + 1


@dataclass(frozen=True)
class _Person:
    """A learner, and what they are sorted by."""

    account: str
    name: str
    state: str
    rank: int


def progress(
    work: Work, course: Course, state: str = "", order: str = "name", page: int = 1
) -> CourseProgress:
    """The learners of a course who are in that state (all when it is empty): by ``name``, by
    ``state``, or by how much is ``finished`` or how many ``answers`` they gave, most first. Of a
    page that is not there, the nearest. Two statements, however many people there are.

    Names are compared here: no order of SQLite's takes accents and numbers as readers do.
    """
    found = rows(work.session, RANKED.get(order, courses.PEOPLE), course=course.id)
    everybody = [_person(row, work.now) for row in found]
    chosen = sorted(
        (one for one in everybody if state in ("", one.state)),
        key=lambda one: (
            one.state if order == "state" else "",
            -one.rank,
            as_read(one.name),
            one.account,  # so that people of one name keep their places from page to page
        ),
    )
    page = nearest(page, len(chosen))
    shown = chosen[before(page) : before(page + 1)]
    states = Counter(one.state for one in everybody)
    return CourseProgress(_counted(work, course, shown), states, len(chosen), page)


def of_learner(work: Work, course: Course, learner: str) -> Progress | None:
    """One learner of the course; None when they are not in it."""
    found = rows(work.session, courses.PERSON, course=course.id, learner=learner)
    counted = _counted(work, course, [_person(row, work.now) for row in found])
    return counted[0] if counted else None


@lru_cache(maxsize=32_768)
def as_read(name: str) -> str:
    """What sorts names as people do: Student 2 before Student 10."""
    return re.sub(r"\d+", lambda number: number[0].zfill(12), bare(name))


def _person(row: Row[Any], now: datetime) -> _Person:
    return _Person(row.id, row.name or row.email or "", _state(row, now), row.rank)


def _state(row: Row[Any], now: datetime) -> str:
    """The state in this course. Who has begun nothing in it has joined, and no more is said: their
    breaks and missed touches are about other courses."""
    if not row.joined:
        return "invited"
    if not row.has_begun:
        return "joined"
    if row.stopped:
        return "stopped"
    if row.paused_until is not None and row.paused_until > local_day(now, zone_of(row.zone)):
        return "paused"
    return "quiet" if row.missed_in_a_row else "active"


def _counted(work: Work, course: Course, people: Iterable[_Person]) -> tuple[Progress, ...]:
    """These people with what they did."""
    shown = list(people)
    ids = [one.account for one in shown]
    found = rows(work.session, courses.COUNTS, course=course.id, learners=ids)
    counts = {row.learner: (row.begun, row.finished, row.complete, row.answers) for row in found}
    return tuple(
        Progress(one.account, one.name, one.state, *counts.get(one.account, NOTHING))
        for one in shown
    )
