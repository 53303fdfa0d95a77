"""Deliveries that nobody tries any more, for whoever looks after the installation: what was
refused, and once more, please."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from engine.storage.tables import Account, Delivery, Touch


@dataclass(frozen=True)
class ParkedDelivery:
    """One of them: to whom, when it was last tried (wall time) and how often, and what the other
    side said."""

    to: str
    channel: str
    tried_at: datetime
    attempts: int
    error: str


def parked(unit: Session) -> tuple[ParkedDelivery, ...]:
    """The organisation's parked deliveries, the latest first."""
    whose = and_(Account.tenant == Delivery.tenant, Account.id == Delivery.learner)
    rows = unit.execute(
        select(Delivery, Account.email)
        .join(Account, whose)
        .where(Delivery.state == "parked")
        .order_by(Delivery.next_at.desc())
    )
    return tuple(
        ParkedDelivery(email or "", row.channel, row.next_at, row.attempts, row.error or "")
        for row, email in rows
    )


def try_again(unit: Session, wall: datetime) -> int:
    """Let those be tried anew whose touch still waits for an answer; how many they are."""
    of_touch = and_(
        Touch.tenant == Delivery.tenant,
        Touch.learner == Delivery.learner,
        Touch.number == Delivery.touch,
    )
    rows = unit.scalars(
        select(Delivery)
        .join(Touch, of_touch)
        .where(Delivery.state == "parked", Touch.state == "open")
    ).all()
    for row in rows:
        row.state, row.attempts, row.next_at = "waiting", 0, wall
    unit.flush()
    return len(rows)
