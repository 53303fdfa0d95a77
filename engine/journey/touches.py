"""The life cycle of a touch: opened, closed, reopened. Both the worker and the learner open touches
through this module, in one transaction."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from sqlalchemy import ColumnElement, Row, exists, select
from sqlalchemy.orm import Session

from engine.journey.reasons import TouchUnknown
from engine.journey.record import pace_of
from engine.spacing import pace as pacing
from engine.spacing.days import local_day, monday_of, zone_of
from engine.spacing.until import has_passed, moved, open_until
from engine.spacing.values import Pace, TouchEnd
from engine.storage.queries import journeys
from engine.storage.queries.running import change, entities
from engine.storage.rewriting import rewrite
from engine.storage.tables import Enrolment, Learner, Touch, TouchPrompt
from engine.storage.tables.journeys import GONE
from engine.storage.work import Work
from engine.values.errors import NotFound
from engine.values.reasons import Reason

A_LOOK_LATER = timedelta(days=4)
"""When a learner whose touch opened is looked at: in time for being reminded of it."""


class Lasting(Protocol):
    """A touch, however it was read."""

    @property
    def state(self) -> str: ...
    @property
    def expires_at(self) -> datetime: ...


def touch_of(session: Session, learner_id: str, number: int) -> Touch:
    """That touch of that learner. Raises ``NotFound("touch-unknown")``."""
    found = entities(session, journeys.TOUCH, learner=learner_id, number=number)
    if not found:
        raise NotFound(TouchUnknown())
    return cast(Touch, found[0])


def open_one(work: Work, learner_id: str) -> Touch | None:
    """The touch that waits for the learner's answer, if any."""
    found = unclosed_one(work.session, learner_id)
    return None if found is None or has_passed(found.expires_at, work.now) else found


def unclosed_one(session: Session, learner_id: str) -> Touch | None:
    """The touch that is stored as open, if any, be it over by now."""
    return _in_state(session, learner_id, "open")


def state_at(touch: Lasting, now: datetime, *, answered: bool = False) -> str:
    """The state in which a touch stands at ``now``: it is not open a moment longer than was said.
    ``answered``: whether anything in it was."""
    if touch.state != "open" or not has_passed(touch.expires_at, now):
        return touch.state
    return "answered" if answered else "missed"


def planned_one(session: Session, learner_id: str) -> Touch | None:
    """The learner's planned touch, if any."""
    return _in_state(session, learner_id, "planned")


def _in_state(session: Session, learner_id: str, state: str) -> Touch | None:
    found = entities(session, journeys.TOUCH_IN_STATE, learner=learner_id, state=state)
    return found[0] if found else None


def prompts_of(session: Session, learner_id: str, number: int) -> list[TouchPrompt]:
    """The prompts of that touch of that learner, in order."""
    return entities(session, journeys.PROMPTS_OF_TOUCH, learner=learner_id, number=number)


def reasons_of(touch: Touch | Row[Any]) -> tuple[Reason, ...]:
    """Why the touch comes when it does."""
    return tuple(Reason.from_json(reason) for reason in touch.reasons)


def still_asked() -> ColumnElement[bool]:
    """The condition for a ``TouchPrompt`` to have no answer, in a debrief that may still be asked
    about."""
    gone = exists().where(journeys.ITS_ENROLMENT, Enrolment.closed_as.in_(GONE))
    return ~exists().where(journeys.ITS_ANSWER) & ~gone


def withdraw_deliveries(session: Session, learner_id: str, touch: int | None = None) -> None:
    """Withdraws the deliveries that still wait, whatever the channel: those of that touch, or
    all."""
    if touch is None:
        change(session, journeys.WITHDRAW, of_learner=learner_id)
    else:
        its = {"of_learner": learner_id, "of_touch": touch}
        change(session, journeys.WITHDRAW_TOUCH, **its)


def open_touch(work: Work, learner: Learner | Row[Any], touch: Touch | Row[Any]) -> None:
    """Turns a planned touch into an open one: from now on it is in the learner's inbox, exactly
    once."""
    session, its = work.session, {"learner": learner.id, "number": touch.number}
    until, lighten = open_until(work.now, zone_of(learner.zone)), touch.kind == "lighten"
    values = {"state": "open", "opened_at": work.now, "expires_at": until}
    rewrite(session, Touch, journeys.OPEN_TOUCH, its, **values)
    rewrite(
        session,
        Learner,
        journeys.TOUCH_CAME,
        {"id": learner.id},
        last_touch=touch.number,
        not_before=None,
        asked_to_lighten=learner.asked_to_lighten or lighten,
        announce_at=min(learner.announce_at or until, work.now + A_LOOK_LATER),
    )


def close_touch(
    work: Work,
    learner: Learner | Row[Any],
    number: int,
    end: TouchEnd,
    before: Pace | None = None,
) -> None:
    """Turns an open touch into an answered, missed or snoozed one; counts it in its courses,
    updates the pace (``before``, if not that of ``learner``), and withdraws the deliveries that
    still wait for it."""
    session, before = work.session, before or pace_of(learner)
    its = {"learner": learner.id, "number": number}
    values = {"state": end, "closed_at": work.now, "pace_before": asdict(before)}
    rewrite(session, Touch, journeys.CLOSE_TOUCH, its, **values)
    change(session, journeys.FORGET_RESPONSE, **its)
    if end in ("answered", "missed"):
        week = monday_of(local_day(work.now, zone_of(learner.zone)))
        change(session, journeys.ADD_RESPONSE, **its, week=week, answered=end == "answered")
    after = pacing.after(before, end)
    if after != before:
        keep_pace(session, learner.id, after)
    withdraw_deliveries(session, learner.id, number)


def close_what_asks_nothing(work: Work, learner: Learner) -> None:
    """Closes the learner's open touch if nothing that it asks may be asked any more."""
    touch = unclosed_one(work.session, learner.id)
    if touch is not None:
        close_if_nothing_is_left(work, learner, touch)


def close_if_nothing_is_left(work: Work, learner: Learner, touch: Touch) -> None:
    """Closes an open touch if it asks nothing any more, because its learner left a course or an
    experience was erased: as answered if something in it was, otherwise with the pace unchanged.
    One that asks whether to slow down is closed if no debrief goes on."""
    work.session.flush()
    of_touch = TouchPrompt.learner == learner.id, TouchPrompt.touch == touch.number
    left = select(TouchPrompt.prompt).where(*of_touch, still_asked())
    if work.session.scalars(left.limit(1)).first() is not None:
        return
    if touch.kind == "lighten" and _goes_on(work.session, learner):
        return
    was = select(TouchPrompt.prompt).where(*of_touch, exists().where(journeys.ITS_ANSWER))
    answered = work.session.scalars(was.limit(1)).first() is not None
    close_touch(work, learner, touch.number, "answered" if answered else "snoozed")
    work.session.flush()


def _goes_on(session: Session, learner: Learner) -> bool:
    """Whether a debrief is still open somewhere."""
    open_ones = select(Enrolment.id).where(
        Enrolment.learner == learner.id,
        Enrolment.finished_at.is_not(None),
        Enrolment.closed_at.is_(None),
    )
    return session.scalars(open_ones.limit(1)).first() is not None


def reopen_touch(unit: Session, learner: Learner, touch: Touch) -> None:
    """Undoes closing by an answer: the touch is open again and the pace is what it was before."""
    if touch.pace_before is not None:
        keep_pace(unit, learner.id, Pace(**touch.pace_before))
    touch.state, touch.closed_at, touch.pace_before = "open", None, None
    change(unit, journeys.FORGET_RESPONSE, learner=learner.id, number=touch.number)
    unit.flush()


def move_open_touch(work: Work, learner: Learner, zone: str) -> None:
    """The learner moves to that zone: the day until which their open touch can be answered ends
    where they are now."""
    touch = open_one(work, learner.id) if zone != learner.zone else None
    if touch is not None:
        touch.expires_at = moved(touch.expires_at, zone_of(learner.zone), zone_of(zone))


def keep_pace(session: Session, learner_id: str, pace: Pace) -> None:
    """Stores a pace on the learner."""
    rewrite(session, Learner, journeys.CHANGE_PACE, {"id": learner_id}, **asdict(pace))
