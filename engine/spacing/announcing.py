"""WHEN a learner is told that something waits for them, and what: an experience that opened, one
not begun after a week, a question that is still open, a table that waits for their seat, a day
that they chose. It asks nothing and costs no touch minutes.

It stands here, beside the prompts that it is not, because the limits are the same: the learner's
own days and hours, pause and stop. The gap and the minutes, which are about being asked, do not
count; in their place stands one rule of its own: one message a local day, touches included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from engine.spacing.days import local_day
from engine.spacing.limits import Limits, limits_of
from engine.spacing.values import LearnerState

Kind = Literal["opened", "not-begun", "reminder", "table", "mission"]
FRESH = timedelta(days=3)
"""How long what opened, or was not begun, is still news: a weekend and a holiday. Later it is
dropped, so that after an absence of ours there is no queue."""
NOT_BEGUN_AFTER = timedelta(days=7)
REMINDED_AFTER = timedelta(days=5)
"""After so many local days a question that is still open is called to mind, once."""
NotReminded = Literal["unwanted", "resting", "told", "missed", "nothing"]
"""Why a learner is not reminded: they get no announcements by mail, take a break, were told before,
let the last question pass, or nothing waits for them."""
AHEAD = 8
"""So many local days, today included, a reminder may wait for the learner's hours."""
HEAD_START = timedelta(minutes=30)
"""How long a touch that is due today may take to leave before it is no longer waited for."""


@dataclass(frozen=True)
class Item:
    """One thing to tell. ``subject`` names what it is about: the experience, the touch, or the
    experience and the step of its table or the return of its mission."""

    kind: Kind
    subject: str


@dataclass(frozen=True)
class Opening:
    """An experience that the learner has not begun. ``opens`` is the local day from which they can:
    that of its section, or the day on which they came; ``is_news``: its section opens after they
    came. ``locked``: another has to be finished first."""

    subject: str
    opens: date
    is_news: bool
    locked: bool = False


@dataclass(frozen=True)
class OpenTouch:
    """The touch that waits for an answer: the local days on which it opened and ends, and the
    courses that it asks about and that announce (ids)."""

    subject: str
    opened: date
    ends: date
    courses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AwaitedSeat:
    """A table of several that waits for the learner: the local day since which it does, and that on
    which a recorded voice answers for them."""

    subject: str
    since: date
    ends: date


@dataclass(frozen=True)
class ChosenDay:
    """The local day on which a learner goes somewhere for an experience, or may come back to it."""

    subject: str
    day: date


@dataclass(frozen=True)
class AnnouncingState:
    """All that ``decide`` looks at. ``wanted``: the learner can be told by mail, and wants to be.

    ``openings`` are in the order of the course. ``told`` is what was told before; ``nudged``:
    something not begun was told, and nothing has been begun since. ``days``: the local days on
    which a message left already, ``asked`` those of them on which a touch opened; ``planned_at``:
    when the planned touch is due.
    """

    learner: LearnerState
    wanted: bool = True
    openings: tuple[Opening, ...] = ()
    waiting: OpenTouch | None = None
    seats: tuple[AwaitedSeat, ...] = ()
    chosen: tuple[ChosenDay, ...] = ()
    told: frozenset[Item] = frozenset()
    nudged: bool = False
    days: frozenset[date] = frozenset()
    asked: frozenset[date] = frozenset()
    planned_at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """What to tell now (nothing, mostly), and when to look again (UTC; None: not before something
    happens)."""

    items: tuple[Item, ...] = ()
    look_at: datetime | None = None


@dataclass(frozen=True)
class _Candidate:
    """Something to tell on one of the days from ``first`` to ``last``; ``locked``: not today."""

    item: Item
    first: date
    last: date
    locked: bool = False

    def holds(self, day: date) -> bool:
        """Whether there is reason to tell it on that day."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Reminded:
    """What a learner is reminded of, on which local day, and from when (UTC)."""

    item: Item
    day: date
    at: datetime


def decide(state: AnnouncingState, now: datetime, spread: float) -> Decision:
    """What is told to the learner now, and when to look again. ``now`` is aware; ``spread`` in
    [0, 1) says how much later than their wished hour a message leaves."""
    if not _may_be_told(state):
        return Decision()
    limits = _limits(state)
    today = local_day(now, limits.zone)
    found = tuple(_candidates(state))
    for day in _days(found, today):
        items = _on(found, day, today)
        at = _moment(state, limits, day, spread) if items else None
        if at is None:
            continue
        at = max(at, now) if day == today else at
        if limits.hour_refusal(at) is not None:
            continue
        if at > now:
            return Decision(look_at=at)
        after = replace(state, told=state.told | set(items), days=state.days | {today})
        nudged = state.nudged or any(item.kind == "not-begun" for item in items)
        return Decision(items, decide(replace(after, nudged=nudged), now, spread).look_at)
    return Decision()


def beside_touch(state: AnnouncingState, now: datetime) -> tuple[Item, ...]:
    """What the mail of a touch that opens now tells as well; the limits were checked for it."""
    if not _may_be_told(state):
        return ()
    today = local_day(now, _limits(state).zone)
    return () if today in state.days else _on(tuple(_candidates(state)), today, today)


def may_leave(state: AnnouncingState, day: date, now: datetime) -> bool:
    """Whether what was to be told on that local day may still leave: it is that day, no touch
    came in between, and the learner's hours are not over."""
    limits = _limits(state)
    return (
        _may_be_told(state)
        and day not in state.asked
        and local_day(now, limits.zone) == day
        and limits.refusal(day) is None
        and limits.hour_refusal(now) is None
    )


def still_true(state: AnnouncingState, day: date, items: Iterable[Item]) -> tuple[Item, ...]:
    """Those of the items that there is still reason to tell on that day: what opened lately, is not
    begun, or waits for an answer."""
    opened = {one.item for one in _candidates(replace(state, told=frozenset())) if one.holds(day)}
    reasons = opened | {one.item for one in _reminders(state) if one.holds(day)}
    return tuple(item for item in items if item in reasons)


def reminded(
    state: AnnouncingState, course: str, now: datetime, spread: float
) -> Reminded | NotReminded:
    """What somebody who runs that course (id) may have the learner reminded of, and when; or why
    not. It is what they would be told by themselves in a few days, and takes its place: nobody is
    told twice, after a missed touch, or in a break."""
    if not state.wanted:
        return "unwanted"
    limits = _limits(state)
    today = local_day(now, limits.zone)
    days = [today + timedelta(days=n) for n in range(AHEAD)]
    if not state.learner.consented or all(limits.refusal(day) is not None for day in days):
        return "resting"
    found = [
        one
        for one in _reminders(state)
        if _is_about(one.item, state, course) and any(map(one.holds, days))
    ]
    fresh = [
        one
        for one in found
        if one.item not in state.told and not (state.nudged and one.item.kind == "not-begun")
    ]
    if not fresh:
        return "told" if found else "nothing"
    if state.learner.pace.missed_in_a_row:
        return "missed"
    planned = state.planned_at and local_day(state.planned_at, limits.zone)
    for day in days:
        item = next((one.item for one in fresh if one.holds(day)), None)
        at = _moment(state, limits, day, spread) if item and day != planned else None
        at = max(at, now) if at is not None and day == today else at
        if item and at is not None and limits.hour_refusal(at) is None:
            return Reminded(item, day, at)
    return "resting"


def _is_about(item: Item, state: AnnouncingState, course: str) -> bool:
    if item.kind == "reminder":
        return state.waiting is not None and course in state.waiting.courses
    return item.subject.startswith(f"{course}/")


def _reminders(state: AnnouncingState) -> Iterator[_Candidate]:
    """The touch that waits for an answer, and what is not begun and could be."""
    if state.waiting is not None:
        waiting = state.waiting
        yield _Candidate(Item("reminder", waiting.subject), waiting.opened, waiting.ends)
    for one in state.openings:
        if not one.locked:
            yield _Candidate(Item("not-begun", one.subject), one.opens, date.max)


def _may_be_told(state: AnnouncingState) -> bool:
    return state.wanted and state.learner.consented


def _limits(state: AnnouncingState) -> Limits:
    """The learner's limits but for the gap and the minutes."""
    return replace(limits_of(state.learner), sent=())


def _candidates(state: AnnouncingState) -> Iterator[_Candidate]:
    return (one for one in _all(state) if one.item not in state.told)


def _all(state: AnnouncingState) -> Iterator[_Candidate]:
    for one in state.openings:
        if one.is_news:
            opened = Item("opened", one.subject)
            yield _Candidate(opened, one.opens, one.opens + FRESH, one.locked)
        if not state.nudged:
            first = one.opens + NOT_BEGUN_AFTER
            not_begun = Item("not-begun", one.subject)
            yield _Candidate(not_begun, first, first + FRESH, one.locked)
    for seat in state.seats:
        yield _Candidate(Item("table", seat.subject), seat.since, seat.ends)
    for one_day in state.chosen:
        yield _Candidate(Item("mission", one_day.subject), one_day.day, one_day.day + FRESH)
    waiting = state.waiting
    if waiting is not None and state.learner.pace.missed_in_a_row == 0:
        first = waiting.opened + REMINDED_AFTER
        yield _Candidate(Item("reminder", waiting.subject), first, waiting.ends)


def _days(found: Iterable[_Candidate], today: date) -> list[date]:
    """The days from today on which there is something to tell."""
    return sorted(
        {
            day
            for one in found
            for n in range((one.last - one.first).days + 1)
            if (day := one.first + timedelta(days=n)) >= today
        }
    )


def _on(found: Iterable[_Candidate], day: date, today: date) -> tuple[Item, ...]:
    """What there is to tell on that day. Of all that is not begun, only the first."""
    items = [
        one.item
        for one in found
        if one.first <= day <= one.last and not (one.locked and day == today)
    ]
    first = next((item for item in items if item.kind == "not-begun"), None)
    return tuple(item for item in items if item.kind != "not-begun" or item == first)


def _moment(state: AnnouncingState, limits: Limits, day: date, spread: float) -> datetime | None:
    """From when something may be told on that day; None on a day without messages."""
    if day in state.days or limits.refusal(day) is not None:
        return None
    at = limits.moment(day, spread)
    if at is None:
        return None
    later = [at]
    if state.learner.not_before is not None:
        later.append(state.learner.not_before)
    if state.planned_at is not None and local_day(state.planned_at, limits.zone) == day:
        later.append(state.planned_at + HEAD_START)
    return max(later)
