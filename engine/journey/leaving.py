"""Leaving: a course, and coming back to it; or altogether: what is known of a learner to take away, then all of it erased."""

from __future__ import annotations

from datetime import date, datetime, time
from random import Random
from typing import Any

from sqlalchemy import delete, exists, inspect, select
from sqlalchemy.orm import Session

from engine.journey.planning import replan
from engine.journey.touches import close_touch, open_one
from engine.storage.library import Library
from engine.storage.tables import (
    Account,
    Answer,
    Base,
    Delivery,
    Enrolment,
    Learner,
    Membership,
    Memory,
    Step,
    Touch,
    TouchPrompt,
)

_BY_ENROLMENT: tuple[type[Step | Answer | Memory], ...] = (Answer, Memory, Step)
_BY_LEARNER: tuple[type[Delivery | TouchPrompt | Touch | Enrolment], ...] = (Delivery, TouchPrompt, Touch, Enrolment)
_SECRET = {"password_hash", "epoch", "card_before", "owner", "lease_until"}


LEFT = "left"
"""How the debriefs of a course are closed that its learner left."""


def leave_course(unit: Session, library: Library, learner: Learner, course: str, now: datetime, rng: Random) -> bool:
    """No member any more: nothing of that course is asked from now on, and no mail leaves for it. What was lived stays.

    Prompts of an open touch that are not answered yet are taken back; a touch that has no others ends without harm to the pace.
    False for who was no member.
    """
    member = unit.scalars(select(Membership).where(Membership.course == course, Membership.account == learner.id)).one_or_none()
    if member is None:
        return False
    unit.delete(member)
    lived = select(Enrolment).where(Enrolment.learner == learner.id, Enrolment.course == course, Enrolment.closed_at.is_(None))
    enrolments = unit.scalars(lived).all()
    for enrolment in enrolments:
        enrolment.closed_at, enrolment.closed_as = now, LEFT
    _take_back(unit, learner, [e.id for e in enrolments], now)
    replan(unit, library, learner, now, rng)
    return True


def come_back(unit: Session, library: Library, learner: Learner, course: str, now: datetime, rng: Random) -> None:
    """A member again: what was closed because they left goes on."""
    left = unit.scalars(select(Enrolment).where(Enrolment.learner == learner.id, Enrolment.course == course,
                                                Enrolment.closed_as == LEFT)).all()
    for enrolment in left:
        enrolment.closed_at = enrolment.closed_as = None
    if left:
        replan(unit, library, learner, now, rng)


def _take_back(unit: Session, learner: Learner, enrolments: list[str], now: datetime) -> None:
    touch = open_one(unit, learner.id)
    if touch is None:
        return
    of_touch = select(TouchPrompt).where(TouchPrompt.learner == learner.id, TouchPrompt.touch == touch.number)
    unanswered = unit.scalars(of_touch.where(~exists().where(
        Answer.tenant == TouchPrompt.tenant, Answer.enrolment == TouchPrompt.enrolment, Answer.prompt == TouchPrompt.prompt,
        Answer.occurrence == TouchPrompt.occurrence))).all()
    for prompt in unanswered:
        if prompt.enrolment in enrolments:
            unit.delete(prompt)
    unit.flush()
    if all(prompt.enrolment in enrolments for prompt in unanswered) and (unanswered or not _goes_on(unit, learner)):
        close_touch(unit, learner, touch, "snoozed", now)


def _goes_on(unit: Session, learner: Learner) -> bool:
    """Whether a debrief is still open somewhere."""
    open_ones = select(Enrolment.id).where(Enrolment.learner == learner.id, Enrolment.finished_at.is_not(None),
                                           Enrolment.closed_at.is_(None))
    return unit.scalars(open_ones.limit(1)).first() is not None


def export(unit: Session, library: Library, learner: Learner, lang: str) -> dict[str, Any]:
    """Everything kept about a learner as plain JSON: rows as they are stored, and each experience's cover in words."""
    enrolments = list(unit.scalars(select(Enrolment).where(Enrolment.learner == learner.id).order_by(Enrolment.started_at)))
    ids = [e.id for e in enrolments]
    covers = {e.id: library.module(e.pack, e.version, e.module).text("cover.title", lang) for e in enrolments}
    return {
        "account": _plain(learner.account), "learner": _plain(learner),
        "courses": [_plain(m) for m in unit.scalars(select(Membership).where(Membership.account == learner.id))],
        "experiences": [_plain(e) | {"cover": covers[e.id]} for e in enrolments],
        **{name: [_plain(row) for row in unit.scalars(select(table).where(table.enrolment.in_(ids)))]
           for name, table in (("steps", Step), ("answers", Answer), ("memories", Memory))},
        **{name: [_plain(row) for row in unit.scalars(select(table).where(table.learner == learner.id))]
           for name, table in (("touches", Touch), ("touch_prompts", TouchPrompt), ("deliveries", Delivery))},
    }


def erase(unit: Session, learner: Learner) -> None:
    """Delete every row about this person, their account included. There is no way back; the caller exported before."""
    ids = list(unit.scalars(select(Enrolment.id).where(Enrolment.learner == learner.id)))
    for of_enrolment in _BY_ENROLMENT:
        unit.execute(delete(of_enrolment).where(of_enrolment.enrolment.in_(ids)))
    for of_learner in _BY_LEARNER:
        unit.execute(delete(of_learner).where(of_learner.learner == learner.id))
    unit.execute(delete(Membership).where(Membership.account == learner.id))
    unit.execute(delete(Learner).where(Learner.id == learner.id))
    unit.execute(delete(Account).where(Account.id == learner.id))
    unit.flush()


def _plain(row: Base) -> dict[str, Any]:
    columns = (column.key for column in inspect(type(row)).columns)
    return {key: _json(getattr(row, key)) for key in columns if key not in _SECRET}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime | time) else value
