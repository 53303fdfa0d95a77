"""Parked deliveries, which are not retried any more, for the operator of the installation: what was
refused, and how to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session

from engine.journey.addresses import MAIL
from engine.storage.tables import Account, Address, Delivery, Touch


@dataclass(frozen=True)
class ParkedDelivery:
    """A parked delivery: its recipient, when it was last tried (wall time) and how often, and what
    the other side said."""

    to: str
    channel: str
    tried_at: datetime
    attempts: int
    error: str


def parked(unit: Session) -> tuple[ParkedDelivery, ...]:
    """The organisation's parked deliveries, the latest first."""
    whose = and_(Account.tenant == Delivery.tenant, Account.id == Delivery.learner)
    where = and_(
        Address.tenant == Delivery.tenant,
        Address.account == Delivery.learner,
        Address.channel == Delivery.channel,
    )
    to = case((Delivery.channel == MAIL, Account.email), else_=Address.value)
    rows = unit.execute(
        select(Delivery, to)
        .join(Account, whose)
        .outerjoin(Address, where)
        .where(Delivery.state == "parked")
        .order_by(Delivery.next_at.desc())
    )
    return tuple(
        ParkedDelivery(to or "", row.channel, row.next_at, row.attempts, row.error or "")
        for row, to in rows
    )


def try_again(unit: Session, wall: datetime) -> int:
    """Makes those whose touch still waits for an answer due again; returns how many there are."""
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
