"""The stored facts about a learner that a decision depends on, read once per unit of work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple, cast

from sqlalchemy import Row
from sqlalchemy.orm import Session

from engine.packs.arcs import arcs
from engine.packs.prompts.base import PromptKind
from engine.spacing import pace as pacing
from engine.spacing import values as spacing
from engine.spacing.limits import WIDEST_GAP
from engine.spacing.until import has_passed
from engine.storage.library import Library
from engine.storage.queries import journeys
from engine.storage.queries.running import entities, rows
from engine.storage.tables import Enrolment, Learner
from engine.storage.work import Work

COUNTS = frozenset({"open", "answered", "missed"})
"""A prompt counts as asked in touches of these states: not in one that was put off, nor in one
whose mail never left."""
LOOK_BACK = timedelta(days=WIDEST_GAP + 2)
"""How far back spacing looks at past touches: as far as the widest gap, which is longer than the
seven local days over which minutes are counted."""


class TouchRow(NamedTuple):
    """A touch as ``journeys.TOUCHES`` reads it, and as it stands now: one whose last moment has
    passed is over. ``lapsed``: it is, but nobody has closed it yet."""

    number: int
    kind: str
    state: str
    due_at: datetime
    opened_at: datetime | None
    expires_at: datetime
    minutes: float
    lapsed: bool


class EnrolmentRow(NamedTuple):
    """A finished experience as ``journeys.ENROLMENTS`` reads it."""

    id: str
    pack: str
    version: str
    module: str
    finished_at: datetime
    revealed_at: datetime | None
    closed_at: datetime | None
    closed_as: str | None


class Occurrence(NamedTuple):
    """One prompt in one touch. ``state`` is the state of the touch; ``gone``: its learner has left
    the course, so it is asked no more."""

    touch: int
    enrolment: str
    prompt: str
    occurrence: int
    state: str
    answered: bool
    gone: bool = False


@dataclass(frozen=True)
class Record:
    """A learner with the touches and debriefs that matter now, as they are stored: values, which do
    not change with the rows.

    ``enrolments`` are those in debrief (plus one that was asked for), ``occurrences`` are all the
    prompts ever put into their touches, and ``cards`` holds the memory of their takeaways by
    enrolment and takeaway.
    """

    learner: Learner | Row[Any]
    wishes: spacing.LearnerState
    touches: tuple[TouchRow, ...]
    enrolments: Mapping[str, EnrolmentRow] = field(default_factory=dict)
    occurrences: tuple[Occurrence, ...] = ()
    cards: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def planned(self) -> TouchRow | None:
        """The one planned touch, if any."""
        return next((touch for touch in self.touches if touch.state == "planned"), None)

    @property
    def open(self) -> TouchRow | None:
        """The one open touch, if any."""
        return next((touch for touch in self.touches if touch.state == "open"), None)

    @property
    def lapsed(self) -> TouchRow | None:
        """The touch that is over without anybody having closed it yet, if any."""
        return next((touch for touch in self.touches if touch.lapsed), None)

    def as_it_stands(self) -> Record:
        """The record in which the touch that has lapsed is answered, if in part, or missed."""
        over = self.lapsed
        if over is None:
            return self
        state = "answered" if any(one.answered for one in self.of_touch(over.number)) else "missed"
        touches = (one._replace(state=state) if one == over else one for one in self.touches)
        asked = (
            one._replace(state=state) if one.touch == over.number else one
            for one in self.occurrences
        )
        return replace(self, touches=tuple(touches), occurrences=tuple(asked))

    def touch(self, number: int) -> TouchRow | None:
        """The touch of that number, if it was read."""
        return next((touch for touch in self.touches if touch.number == number), None)

    def of_touch(self, number: int) -> tuple[Occurrence, ...]:
        """The prompts of that touch, in order."""
        return tuple(one for one in self.occurrences if one.touch == number)

    def left(self, number: int) -> tuple[Occurrence, ...]:
        """What that touch still asks, in order."""
        return tuple(one for one in self.of_touch(number) if not (one.answered or one.gone))

    def late(self, number: int) -> tuple[Occurrence, ...]:
        """What that touch, which is over, asked in vain and can still be answered: what was not
        answered since, and is not asked by the open touch. The record has to hold its experiences.
        """
        touch = self.touch(number)
        if touch is None or touch.state in ("planned", "open"):
            return ()
        return tuple(one for one in self.left(number) if not self._is_overtaken(one))

    def _is_overtaken(self, asked: Occurrence) -> bool:
        key = asked.enrolment, asked.prompt
        return any(
            (one.enrolment, one.prompt) == key
            and one.occurrence > asked.occurrence
            and (one.answered or one.state == "open")
            for one in self.occurrences
        )

    def answered(self, asked: Occurrence, card: tuple[str, str] | None = None) -> Record:
        """The record after that prompt was answered; ``card`` is a takeaway and its new card."""
        found = tuple(
            one._replace(answered=True) if one == asked else one for one in self.occurrences
        )
        cards = {**self.cards, (asked.enrolment, card[0]): card[1]} if card else self.cards
        return replace(self, occurrences=found, cards=cards)

    def ended(self, number: int, end: spacing.TouchEnd) -> Record:
        """The record after that touch has ended, and with the pace that this makes."""
        touches = tuple(
            one._replace(state=end, lapsed=False) if one.number == number else one
            for one in self.touches
        )
        pace = pacing.after(self.wishes.pace, end)
        return replace(self, touches=touches, wishes=replace(self.wishes, pace=pace))

    def debrief(self, enrolment: EnrolmentRow, library: Library) -> spacing.DebriefState:
        """The debrief of one of the experiences, as spacing sees it."""
        debrief = library.module(enrolment.pack, enrolment.version, enrolment.module).spec.debrief
        prompts = tuple(self._prompt(enrolment.id, prompt) for prompt in debrief.prompts)
        named = enrolment.revealed_at is not None
        return spacing.DebriefState(
            enrolment.id, enrolment.finished_at, arcs()[debrief.arc], prompts, named
        )

    @cached_property
    def _asked(self) -> Counter[tuple[str, str]]:
        """How often each prompt of each experience was asked, since the learner last said how to
        go on."""
        since = self.learner.asked_afresh_after
        came = (one for one in self.occurrences if one.state in COUNTS and one.touch > since)
        return Counter((one.enrolment, one.prompt) for one in came)

    @cached_property
    def _occurrences(self) -> dict[tuple[str, str], int]:
        """The number of the last occurrence of each prompt that came."""
        last: dict[tuple[str, str], int] = {}
        for one in self.occurrences:
            if one.state != "planned":
                key = one.enrolment, one.prompt
                last[key] = max(one.occurrence, last.get(key, 0))
        return last

    @cached_property
    def _answered(self) -> Counter[tuple[str, str]]:
        """How often each prompt of each experience was answered."""
        answered = (one for one in self.occurrences if one.answered)
        return Counter((one.enrolment, one.prompt) for one in answered)

    def _prompt(self, enrolment: str, prompt: PromptKind) -> spacing.PromptState:
        takeaway, form, key = prompt.recalls, prompt.form(), (enrolment, prompt.id)
        return spacing.PromptState(
            id=prompt.id,
            stage=prompt.stage,
            gain=form.gain,
            own_words=form.own_words,
            minutes=prompt.minutes,
            asked=self._asked[key],
            answered=self._answered[key],
            occurrences=self._occurrences.get(key, 0),
            takeaway=takeaway,
            follows=prompt.follows,
            card=self.cards.get((enrolment, takeaway)) if takeaway else None,
        )

    def debriefs(self, library: Library) -> tuple[spacing.DebriefState, ...]:
        """The debriefs that are still open, in the order in which their experiences were
        finished."""
        return tuple(
            self.debrief(enrolment, library)
            for enrolment in self.enrolments.values()
            if enrolment.closed_at is None
        )

    def state(self, library: Library) -> spacing.LearnerState:
        """The state that spacing decides on."""
        return replace(self.wishes, touches=past(self.touches), debriefs=self.debriefs(library))


def read_record(
    work: Work,
    learner: Learner | Row[Any],
    *,
    touch: int = 0,
    enrolment: str = "",
    every: bool = False,
) -> Record:
    """The learner's record, including that touch and that finished experience (or ``every`` one)
    whatever their state."""
    session = work.session
    session.flush()
    its = {"learner": learner.id, "also": enrolment, "every": every}
    enrolments = {
        found.id: found
        for found in map(EnrolmentRow._make, rows(session, journeys.ENROLMENTS, **its))
    }
    return Record(
        learner,
        wishes_of(learner),
        read_touches(work, learner, touch),
        enrolments,
        tuple(Occurrence._make(row) for row in rows(session, journeys.PROMPTS, **its, number=touch))
        if enrolments or touch
        else (),
        {(row.enrolment, row.takeaway): row.card for row in rows(session, journeys.CARDS, **its)}
        if enrolments
        else {},
    ).as_it_stands()


def read_touches(work: Work, learner: Learner | Row[Any], number: int = 0) -> tuple[TouchRow, ...]:
    """The learner's touches that limits look at, and the one of that number."""
    its = {"learner": learner.id, "since": work.now - LOOK_BACK, "number": number}
    found = (TouchRow._make((*row, False)) for row in rows(work.session, journeys.TOUCHES, **its))
    return tuple(
        one._replace(state="missed", lapsed=True)
        if one.state == "open" and has_passed(one.expires_at, work.now)
        else one
        for one in found
    )


def past(touches: Iterable[TouchRow]) -> tuple[spacing.PastTouch, ...]:
    """The touches that were opened, as spacing sees them."""
    return tuple(
        spacing.PastTouch(
            touch.number,
            touch.opened_at or touch.due_at,
            touch.minutes,
            cast(spacing.TouchEnd, touch.state),
        )
        for touch in touches
        if touch.state != "planned"
    )


def enrolment_of(session: Session, enrolment_id: str) -> Enrolment:
    """The experience that a record tells of, to be changed."""
    [found] = entities(session, journeys.ENROLMENT, enrolment=enrolment_id)
    return cast(Enrolment, found)


def wishes_of(learner: Learner | Row[Any]) -> spacing.LearnerState:
    """When a learner (or a row with the columns of one) wishes to be asked, without anything that
    they did."""
    return spacing.LearnerState(
        consented=learner.contract_at is not None and learner.stopped_at is None,
        rhythm=rhythm_of(learner),
        pace=pace_of(learner),
        paused_until=learner.paused_until,
        not_before=learner.not_before,
    )


def rhythm_of(learner: Learner | Row[Any]) -> spacing.Rhythm:
    """The learner's own rhythm as a value."""
    return spacing.Rhythm(
        zone=learner.zone,
        hour=learner.hour,
        opens=learner.opens,
        closes=learner.closes,
        days_off=frozenset(learner.days_off),
        country=learner.country,
        touch_minutes=learner.touch_minutes,
        week_minutes=learner.week_minutes,
        gap_days=learner.gap_days,
    )


def pace_of(learner: Learner | Row[Any]) -> spacing.Pace:
    """The learner's pace as a value."""
    return spacing.Pace(learner.missed_in_a_row, learner.gap_factor, learner.asked_to_lighten)
