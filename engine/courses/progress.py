"""The people of a course as facilitators see them: counts and states, never words; searched,
filtered, sorted, and a page of them at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from engine.courses.refused import refused_addresses, refused_learners
from engine.spacing.days import local_day, zone_of
from engine.spacing.pace import ASK_AFTER_MISSED
from engine.storage.queries import desk
from engine.storage.queries.running import rows
from engine.storage.tables import Course
from engine.storage.work import Work
from engine.values.folding import bare
from engine.values.pages import before, nearest, pages_of

STATES = ("invited", "joined", "ready", "active", "paused", "quiet", "stopped", "done")
GROUPS: Mapping[str, tuple[str, ...]] = {"unbegun": ("joined", "ready")}
"""Names for several states at once: who is in the course and has begun nothing in it."""
REFUSED = "refused"
"""Not a state of its own: whose mail is refused may be in any."""
ORDERS = ("name", "state", "finished", "answers", "seen")


@dataclass(frozen=True)
class Wish:
    """Which people of a course, in which order. What is empty asks for everybody.

    ``words`` are looked for in names and addresses, without accents; ``state`` is one of
    ``STATES``, of ``GROUPS``, or ``REFUSED``; ``cohort`` is its id, ``section`` one of the
    outline's, in which they have ``lived``: begun, finished, or not (begun nothing). Sorted by
    ``finished``, ``answers`` or ``seen``, who has most, or was here last, comes first.
    """

    words: str = ""
    state: str = ""
    cohort: str = ""
    section: str = ""
    lived: str = ""
    order: str = "name"


@dataclass(frozen=True)
class Progress:
    """One person as a facilitator sees them.

    ``state``: invited (not in the course yet), joined (has not accepted the trust contract), ready
    (has begun nothing in this course), active, paused, quiet (missed several touches in a row),
    stopped, done (finished every experience of the course, and every debrief is over). ``account``
    is empty for who is only invited. ``seen``: their last sign of life in this course.
    """

    account: str
    name: str
    email: str
    state: str
    begun: int = 0
    finished: int = 0
    debriefs_done: int = 0
    answers: int = 0
    cohorts: tuple[str, ...] = ()
    seen: datetime | None = None
    refused: bool = False
    asked_at: datetime | None = None

    @property
    def key(self) -> str:
        """What a form names them by."""
        return self.account or self.email


@dataclass(frozen=True)
class CourseProgress:
    """A page of the people of a course who were asked for. ``states``: how many of those who fit
    the rest of the wish are in each state, or have their mail refused; ``found``: how many fit it
    all; ``total``: how many people there are; ``page`` counts from 1."""

    people: tuple[Progress, ...]
    states: Mapping[str, int]
    found: int
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages those that were found fill, at least one."""
        return pages_of(self.found)

    @property
    def first(self) -> int:
        """Which of those found the page begins with, from 1."""
        return before(self.page) + 1


@dataclass(frozen=True)
class _Signs:
    """What people did in a course beside what their states are made of, by account."""

    answers: Mapping[str, int] = field(default_factory=dict)
    seen: Mapping[str, datetime] = field(default_factory=dict)

    def of(self, one: Progress) -> Progress:
        """That person with what they did."""
        return replace(
            one,
            answers=self.answers.get(one.account, 0),
            seen=max(filter(None, (one.seen, self.seen.get(one.account))), default=None),
        )


def progress(work: Work, course: Course, wish: Wish | None = None, page: int = 1) -> CourseProgress:
    """A page of the people of a course; of a page that is not there, the nearest. As many
    statements for many people as for few."""
    wish = wish or Wish()
    them = everybody(work, course)
    chosen = _fitting(work, course, them, wish)
    states = Counter(one.state for one in chosen)
    states += Counter(REFUSED for one in chosen if one.refused)
    chosen = _sorted(work, course, (one for one in chosen if is_in(one, wish.state)), wish.order)
    page = nearest(page, len(chosen))
    shown = chosen[before(page) : before(page + 1)]
    if wish.order not in _BY_SIGNS:
        shown = _signed(work, course, shown)
    return CourseProgress(tuple(shown), states, len(chosen), len(them), page)


def found(work: Work, course: Course, wish: Wish) -> tuple[Progress, ...]:
    """Everybody who was asked for, on whatever page, with all that is told of them."""
    chosen = _fitting(work, course, everybody(work, course), wish)
    chosen = [one for one in chosen if is_in(one, wish.state)]
    return tuple(_sorted(work, course, chosen, wish.order, signs=True))


def of_learner(work: Work, course: Course, learner: str) -> Progress | None:
    """One learner of the course; None when they are not in it."""
    them = rows(work.session, desk.PERSON, course=course.id, learner=learner)
    placed = _placed(work, course)
    people = [_person(row, work.now, placed) for row in them]
    return _signed(work, course, people)[0] if people else None


@lru_cache(maxsize=32_768)
def as_read(name: str) -> str:
    """What sorts names as people do: Student 2 before Student 10."""
    return re.sub(r"\d+", lambda number: number[0].zfill(12), bare(name))


def everybody(work: Work, course: Course) -> list[Progress]:
    """The learners of the course, and who is invited to it, without their signs of life.

    Names are compared here: no order of SQLite's takes accents and numbers as readers do.
    """
    its, unit = {"course": course.id}, work.session
    placed, parked = _placed(work, course), refused_learners(unit, course)
    invited = {row.email: row for row in rows(unit, desk.INVITED, **its)}
    bounced = refused_addresses(invited)
    cohorts: dict[str, list[str]] = {}
    for row in rows(unit, desk.IN_COHORTS, **its):
        cohorts.setdefault(row.account, []).append(row.name)
    people = [
        replace(
            _person(row, work.now, placed),
            cohorts=tuple(cohorts.get(row.id, ())),
            refused=row.id in parked or (not row.came and row.email in bounced),
        )
        for row in rows(unit, desk.PEOPLE, **its)
    ]
    here = {row.email for row in rows(unit, desk.ADDRESSES, **its)} if invited else set()
    return people + [
        Progress("", email, email, "invited", refused=email in bounced, asked_at=row.asked_at)
        for email, row in invited.items()
        if email not in here
    ]


def _placed(work: Work, course: Course) -> int:
    """How many experiences are placed in the course."""
    return len(rows(work.session, desk.PLACED, course=course.id))


def _person(row: Row[Any], now: datetime, placed: int) -> Progress:
    return Progress(
        row.id,
        row.name or row.email or "",
        row.email or "",
        _state(row, now, placed),
        row.begun,
        row.finished,
        row.complete,
        seen=row.joined_at if row.came else None,
    )


def _state(row: Row[Any], now: datetime, placed: int) -> str:
    """The state in this course. Of who has begun nothing in it no more is said: their breaks and
    missed touches are about other courses."""
    if not row.came:
        return "joined"
    if not row.begun:
        return "ready"
    if 0 < placed <= row.over and not row.open:
        return "done"
    if row.stopped:
        return "stopped"
    if row.paused_until is not None and row.paused_until > local_day(now, zone_of(row.zone)):
        return "paused"
    return "quiet" if row.missed_in_a_row >= ASK_AFTER_MISSED else "active"


def is_in(one: Progress, state: str) -> bool:
    """Whether somebody is in a state, in one of a group of states, or has their mail refused."""
    if state == REFUSED:
        return one.refused
    return not state or one.state in GROUPS.get(state, (state,))


def _fitting(work: Work, course: Course, people: Iterable[Progress], wish: Wish) -> list[Progress]:
    """Who fits the wish, whatever their state."""
    words = bare(wish.words).split()
    found = [one for one in people if all(w in bare(f"{one.name} {one.email}") for w in words)]
    if wish.cohort:
        them = {
            row.account
            for row in rows(work.session, desk.IN_COHORTS, course=course.id)
            if row.id == wish.cohort
        }
        found = [one for one in found if one.account in them]
    if wish.section:
        lived = _lived(work, course, wish.section)
        found = [one for one in found if one.account and _has(lived.get(one.account), wish.lived)]
    return found


def _lived(work: Work, course: Course, section: str) -> Mapping[str, bool]:
    """Who began the experience of that section, and whether they finished it."""
    [*here] = [r for r in rows(work.session, desk.PLACED, course=course.id) if r.section == section]
    if not here:
        return {}
    its = {"course": course.id, "pack": here[0].pack, "module": here[0].module}
    return {row.learner: row.finished for row in rows(work.session, desk.IN_MODULE, **its)}


def _has(finished: bool | None, lived: str) -> bool:
    """Whether somebody lived an experience that far; ``finished`` is None if they never began."""
    match lived:
        case "finished":
            return bool(finished)
        case "not":
            return finished is None
        case _:
            return finished is not None


_BY_SIGNS = ("answers", "seen")


def _sorted(
    work: Work, course: Course, people: Iterable[Progress], order: str, *, signs: bool = False
) -> list[Progress]:
    """These people in that order, with their signs of life if it looks at them, or if told so."""
    them = list(people)
    if signs or order in _BY_SIGNS:
        read = _read(rows(work.session, desk.SIGNS, course=course.id))
        them = [read.of(one) for one in them]
    return sorted(them, key=lambda one: _rank(one, order))


def _rank(one: Progress, order: str) -> tuple[Any, ...]:
    """What sorts somebody; names last, so that people of one rank keep their places from page to
    page."""
    first: Any = {
        "state": STATES.index(one.state),
        "finished": -one.finished,
        "answers": -one.answers,
        "seen": -(one.seen.timestamp() if one.seen else 0),
    }.get(order, 0)
    return first, as_read(one.name), one.key


def _signed(work: Work, course: Course, people: Iterable[Progress]) -> list[Progress]:
    """These people with their signs of life."""
    them = list(people)
    ids = [one.account for one in them]
    read = _read(rows(work.session, desk.SIGNS_OF, course=course.id, learners=ids))
    return [read.of(one) for one in them]


def _read(signs: Iterable[Row[Any]]) -> _Signs:
    answers, seen = {}, {}
    for row in signs:
        answers[row.learner] = row.answers
        seen[row.learner] = max(filter(None, (row.started, row.finished, row.acted, row.answered)))
    return _Signs(answers, seen)
