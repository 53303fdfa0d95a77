"""The life cycle of a touch: opened, closed, reopened. Both the worker and the learner open touches
through this module, in one transaction."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, delete, exists, select
from sqlalchemy.orm import Session

from engine.journey.reasons import TouchUnknown
from engine.journey.record import pace_of
from engine.spacing import pace as pacing
from engine.spacing.decide import EXPIRES_AFTER
from engine.spacing.values import Pace, TouchEnd
from engine.storage.queries import journeys
from engine.storage.queries.running import change, entities
from engine.storage.rewriting import rewrite
from engine.storage.tables import Answer, Enrolment, Learner, Touch, TouchPrompt
from engine.storage.work import Work
from engine.values.errors import NotFound
from engine.values.reasons import Reason

A_LOOK_LATER = timedelta(days=4)
"""When a learner whose touch opened is looked at: in time for being reminded of it."""


def touch_of(session: Session, learner_id: str, number: int) -> Touch:
    """That touch of that learner. Raises ``NotFound("touch-unknown")``."""
    found = entities(session, journeys.TOUCH, learner=learner_id, number=number)
    if not found:
        raise NotFound(TouchUnknown())
    return cast(Touch, found[0])


def open_one(session: Session, learner_id: str) -> Touch | None:
    """The learner's open touch, if any."""
    return _in_state(session, learner_id, "open")


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


def unanswered() -> ColumnElement[bool]:
    """The condition for a ``TouchPrompt`` to have no answer."""
    return ~exists().where(journeys.ITS_ANSWER)


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
    until, lighten = work.now + EXPIRES_AFTER, touch.kind == "lighten"
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


def close_touch(work: Work, learner: Learner | Row[Any], number: int, end: TouchEnd) -> None:
    """Turns an open touch into an answered, missed or snoozed one; updates the pace, and withdraws
    the deliveries that still wait for it."""
    session, before = work.session, pace_of(learner)
    its = {"learner": learner.id, "number": number}
    values = {"state": end, "closed_at": work.now, "pace_before": asdict(before)}
    rewrite(session, Touch, journeys.CLOSE_TOUCH, its, **values)
    after = pacing.after(before, end)
    if after != before:
        keep_pace(session, learner.id, after)
    withdraw_deliveries(session, learner.id, number)


def close_if_nothing_is_left(work: Work, learner: Learner, touch: Touch) -> None:
    """Closes an open touch whose prompts were taken back if it asks nothing else: as answered if
    something in it was, otherwise with the pace unchanged. One that asks whether to slow down is
    closed if no debrief goes on."""
    work.session.flush()
    left = select(TouchPrompt.prompt).where(
        TouchPrompt.learner == learner.id, TouchPrompt.touch == touch.number, unanswered()
    )
    if work.session.scalars(left.limit(1)).first() is not None:
        return
    if touch.kind == "lighten" and _goes_on(work.session, learner):
        return
    asked = prompts_of(work.session, learner.id, touch.number)
    close_touch(work, learner, touch.number, "answered" if asked else "snoozed")
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
    unit.flush()


def forget_unanswered(unit: Session, touch: Touch) -> None:
    """Deletes the unanswered prompts of a touch that the learner put off: they were not really
    asked, and may come again as the same occurrence."""
    of_touch = delete(TouchPrompt).where(
        TouchPrompt.learner == touch.learner, TouchPrompt.touch == touch.number, unanswered()
    )
    unit.execute(of_touch.execution_options(synchronize_session="fetch"))
    unit.flush()


def ask_again(unit: Session, learner: Learner) -> None:
    """The learner is back: deletes the prompts of missed touches that were never answered, so that
    they count as never asked and no prompt stays let go."""
    never = ~exists().where(
        Answer.tenant == TouchPrompt.tenant,
        Answer.enrolment == TouchPrompt.enrolment,
        Answer.prompt == TouchPrompt.prompt,
    )
    missed = select(Touch.number).where(Touch.learner == learner.id, Touch.state == "missed")
    unit.execute(
        delete(TouchPrompt)
        .where(TouchPrompt.learner == learner.id, TouchPrompt.touch.in_(missed), never)
        .execution_options(synchronize_session="fetch")
    )
    unit.flush()


def keep_pace(session: Session, learner_id: str, pace: Pace) -> None:
    """Stores a pace on the learner."""
    rewrite(session, Learner, journeys.CHANGE_PACE, {"id": learner_id}, **asdict(pace))
