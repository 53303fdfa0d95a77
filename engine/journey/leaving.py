"""Leaving: everything that is known of a learner, to take away; then all of it erased, planned touches included."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import Session

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


def export(unit: Session, library: Library, learner: Learner, lang: str) -> dict[str, Any]:
    """Everything kept about a learner as plain JSON: rows as they are stored, and each experience's cover in words."""
    enrolments = list(unit.scalars(select(Enrolment).where(Enrolment.learner == learner.id).order_by(Enrolment.started_at)))
    ids = [e.id for e in enrolments]
    covers = {e.id: library.module(e.pack, e.version, e.module).text("cover.title", lang) for e in enrolments}
    return {
        "account": plain(learner.account), "learner": plain(learner),
        "courses": [plain(m) for m in unit.scalars(select(Membership).where(Membership.account == learner.id))],
        "experiences": [plain(e) | {"cover": covers[e.id]} for e in enrolments],
        **{name: [plain(row) for row in unit.scalars(select(table).where(table.enrolment.in_(ids)))]
           for name, table in (("steps", Step), ("answers", Answer), ("memories", Memory))},
        **{name: [plain(row) for row in unit.scalars(select(table).where(table.learner == learner.id))]
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


def plain(row: Base) -> dict[str, Any]:
    """A row as plain JSON, without what is nobody's business outside."""
    columns = (column.key for column in inspect(type(row)).columns)
    return {key: _json(getattr(row, key)) for key in columns if key not in _SECRET}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime | time) else value
