"""The worker's door: what is due, across organisations, and claimed so that no two workers send
one delivery at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, literal, or_, select, tuple_, update
from sqlalchemy.orm import Session

from engine.storage.tables import Delivery, Enrolment, LtiContext, LtiRegistration, Outbox, Touch

CLAIMABLE = ("waiting", "sending")
"""``sending`` with a lease that ran out belongs to a worker that died: it is anybody's again."""


@dataclass(frozen=True)
class TouchKey:
    """Which touch, of whom."""

    tenant: str
    learner: str
    number: int


@dataclass(frozen=True)
class LearnerKey:
    """Whom."""

    tenant: str
    learner: str


@dataclass(frozen=True)
class DeliveryKey:
    """Which touch, through which channel."""

    tenant: str
    learner: str
    touch: int
    channel: str


@dataclass(frozen=True)
class NewsKey:
    """Which experience has news: ``version`` is what is read of it now, ``attempt`` counts the
    tries, from 1."""

    tenant: str
    enrolment: str
    version: int
    attempt: int


@dataclass(frozen=True)
class ContextRow:
    """Which course of a platform."""

    tenant: str
    registration: str
    deployment: str
    context: str


def due_touches(session: Session, now: datetime, limit: int) -> list[TouchKey]:
    """The planned touches that fell due (learning time), the oldest first."""
    due = select(Touch.tenant, Touch.learner, Touch.number).where(
        Touch.state == literal("planned", literal_execute=True), Touch.due_at <= now
    )
    return [TouchKey(*row) for row in session.execute(due.order_by(Touch.due_at).limit(limit))]


def expired_touches(session: Session, now: datetime, limit: int) -> list[TouchKey]:
    """The open touches whose time is over (learning time), the oldest first."""
    over = select(Touch.tenant, Touch.learner, Touch.number).where(
        Touch.state == literal("open", literal_execute=True), Touch.expires_at <= now
    )
    return [TouchKey(*row) for row in session.execute(over.order_by(Touch.expires_at).limit(limit))]


def debriefs_over(session: Session, finished_before: datetime, limit: int) -> list[LearnerKey]:
    """Whose debriefs are still open of experiences finished by then (learning time), the oldest
    first."""
    over = select(Enrolment.tenant, Enrolment.learner).where(
        Enrolment.finished_at <= finished_before, Enrolment.closed_at.is_(None)
    )
    return [
        LearnerKey(*row)
        for row in session.execute(over.order_by(Enrolment.finished_at).limit(limit))
    ]


def claim_deliveries(
    session: Session, wall: datetime, owner: str, lease: timedelta, limit: int
) -> list[DeliveryKey]:
    """Take up to ``limit`` deliveries whose next try has come, for the length of ``lease`` (wall
    time). Commit at once.

    One statement: a materialised CTE locks the rows that nobody else is claiming, then they are
    marked. PostgreSQL skips rows that another worker is claiming; SQLite has one writer at a time
    and drops the lock clause. The attempt is counted here, so that a delivery which kills its
    worker is not tried for ever.
    """
    keys = Delivery.tenant, Delivery.learner, Delivery.touch, Delivery.channel
    states = literal(CLAIMABLE, literal_execute=True)
    due = (
        select(*keys)
        .where(
            Delivery.state.in_(states),
            Delivery.next_at <= wall,
            or_(Delivery.lease_until.is_(None), Delivery.lease_until <= wall),
        )
        .order_by(Delivery.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED")
    )
    claim = (
        update(Delivery)
        .where(tuple_(*keys).in_(select(due)))
        .values(
            state="sending", owner=owner, lease_until=wall + lease, attempts=Delivery.attempts + 1
        )
        .returning(*keys)
        .execution_options(synchronize_session=False, storage_core=True)
    )
    return [DeliveryKey(*row) for row in session.execute(claim)]


def claim_news(
    session: Session, wall: datetime, owner: str, lease: timedelta, limit: int
) -> list[NewsKey]:
    """Take up to ``limit`` experiences that have news, as deliveries are taken. News that came
    while somebody reads the row wait until that lease is given back or over, so that one
    experience is never in two hands."""
    keys = Outbox.tenant, Outbox.enrolment
    states = literal(CLAIMABLE, literal_execute=True)
    due = (
        select(*keys)
        .where(
            Outbox.state.in_(states),
            or_(Outbox.next_at.is_(None), Outbox.next_at <= wall),
            or_(Outbox.lease_until.is_(None), Outbox.lease_until <= wall),
        )
        .order_by(Outbox.next_at.nulls_first())
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED")
    )
    claim = (
        update(Outbox)
        .where(tuple_(*keys).in_(select(due)))
        .values(
            state="sending", owner=owner, lease_until=wall + lease, attempts=Outbox.attempts + 1
        )
        .returning(*keys, Outbox.version, Outbox.attempts)
        .execution_options(synchronize_session=False, storage_core=True)
    )
    return [NewsKey(*row) for row in session.execute(claim)]


def claim_contexts(
    session: Session, wall: datetime, again: timedelta, awake: timedelta, limit: int
) -> list[ContextRow]:
    """Take up to ``limit`` courses of platforms whose roster is due, of enabled registrations,
    by moving their time on by ``again``. Those that nobody opened for ``awake`` are left alone
    until somebody does. Wall time; commit at once."""
    keys = LtiContext.tenant, LtiContext.registration, LtiContext.deployment, LtiContext.context
    silently = {"synchronize_session": False, "storage_core": True}
    session.execute(
        update(LtiContext)
        .where(LtiContext.sync_at <= wall, LtiContext.opened_at < wall - awake)
        .values(sync_at=None)
        .execution_options(**silently)
    )
    owner = and_(
        LtiRegistration.tenant == LtiContext.tenant, LtiRegistration.id == LtiContext.registration
    )
    due = (
        select(*keys)
        .join(LtiRegistration, owner)
        .where(LtiContext.sync_at <= wall, LtiRegistration.enabled)
        .order_by(LtiContext.sync_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=LtiContext)
        .cte("due")
        .prefix_with("MATERIALIZED")
    )
    claim = (
        update(LtiContext)
        .where(tuple_(*keys).in_(select(due)))
        .values(sync_at=wall + again)
        .returning(*keys)
        .execution_options(**silently)
    )
    return [ContextRow(*row) for row in session.execute(claim)]
