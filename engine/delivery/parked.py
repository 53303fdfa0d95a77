"""Parked deliveries, which are not retried any more, for the operator of the installation: what was
refused, and how to try again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session

from engine.journey.addresses import MAIL
from engine.storage.tables import (
    Account,
    Address,
    AddressClaim,
    Announcement,
    Delivery,
    Invitation,
    MondayMail,
    OnItsWay,
    Touch,
)


@dataclass(frozen=True)
class ParkedDelivery:
    """A parked delivery: its recipient, when it was last tried (wall time) and how often, and what
    the other side said."""

    to: str
    channel: str
    tried_at: datetime
    attempts: int
    error: str


ASKED: tuple[type[OnItsWay], ...] = (Invitation, AddressClaim, Announcement, MondayMail)
"""Mails that somebody asked for, which belong to an organisation."""


def parked(unit: Session) -> tuple[ParkedDelivery, ...]:
    """The organisation's parked deliveries, invitations and confirmations, the latest first."""
    found = [*_touches(unit), *_asked(unit)]
    return tuple(sorted(found, key=lambda one: one.tried_at, reverse=True))


def _asked(unit: Session) -> Iterator[ParkedDelivery]:
    for table in ASKED:
        for row in unit.scalars(select(table).where(table.state == "parked")):
            yield ParkedDelivery(row.email, MAIL, row.next_at, row.attempts, row.error or "")


def _touches(unit: Session) -> Iterator[ParkedDelivery]:
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
    )
    for row, to in rows:
        yield ParkedDelivery(to or "", row.channel, row.next_at, row.attempts, row.error or "")


def try_again(unit: Session, wall: datetime) -> int:
    """Makes due again what somebody asked for, and deliveries whose touch still waits for an
    answer; returns how many there are."""
    asked = [
        row for table in ASKED for row in unit.scalars(select(table).where(table.state == "parked"))
    ]
    for row in asked:
        row.ask(wall)
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
    for one in rows:
        one.state, one.attempts, one.next_at = "waiting", 0, wall
    unit.flush()
    return len(rows) + len(asked)
