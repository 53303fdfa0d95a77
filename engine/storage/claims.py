"""The worker's door: finds which organisations have something due; each row is then claimed inside
its own organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import Session

from engine.storage.queries import deliveries
from engine.storage.queries.deliveries import CLAIMABLE
from engine.storage.queries.running import Bound, change, rows
from engine.storage.tables import Delivery, Enrolment, LtiContext, Outbox, Touch


@dataclass(frozen=True)
class TouchKey:
    """Identifies a touch."""

    tenant: str
    learner: str
    number: int


@dataclass(frozen=True)
class LearnerKey:
    """Identifies a learner."""

    tenant: str
    learner: str


@dataclass(frozen=True)
class DeliveryKey:
    """Identifies the delivery of a touch through one channel."""

    tenant: str
    learner: str
    touch: int
    channel: str


@dataclass(frozen=True)
class NewsKey:
    """Identifies an experience with news: ``version`` is the one now being read, ``attempt`` counts
    the tries, from 1."""

    tenant: str
    enrolment: str
    version: int
    attempt: int


@dataclass(frozen=True)
class ContextRow:
    """Identifies a platform's course."""

    tenant: str
    registration: str
    deployment: str
    context: str


def due_touches(door: Session, now: datetime, limit: int) -> list[TouchKey]:
    """The planned touches that are due (learning time), oldest first."""
    planned = literal("planned", literal_execute=True)
    due = select(Touch.tenant, Touch.learner, Touch.number).where(
        Touch.state == planned, Touch.due_at <= now
    )
    return [TouchKey(*row) for row in door.execute(due.order_by(Touch.due_at).limit(limit))]


def expired_touches(door: Session, now: datetime, limit: int) -> list[TouchKey]:
    """The open touches that have expired (learning time), oldest first."""
    opened = literal("open", literal_execute=True)
    over = select(Touch.tenant, Touch.learner, Touch.number).where(
        Touch.state == opened, Touch.expires_at <= now
    )
    return [TouchKey(*row) for row in door.execute(over.order_by(Touch.expires_at).limit(limit))]


def debriefs_over(door: Session, finished_before: datetime, limit: int) -> list[LearnerKey]:
    """The learners with open debriefs of experiences finished by ``finished_before`` (learning
    time), oldest first."""
    over = select(Enrolment.tenant, Enrolment.learner).where(
        Enrolment.finished_at <= finished_before, Enrolment.closed_at.is_(None)
    )
    oldest = over.order_by(Enrolment.finished_at).limit(limit)
    return [LearnerKey(*row) for row in door.execute(oldest)]


def tenants_with_mail(door: Session, wall: datetime) -> list[str]:
    """The organisations with a delivery that is due for a try, longest waiting first."""
    states = literal(CLAIMABLE, literal_execute=True)
    return _by_tenant(
        door,
        select(Delivery.tenant, func.min(Delivery.next_at).label("since")).where(
            Delivery.state.in_(states),
            Delivery.next_at <= wall,
            or_(Delivery.lease_until.is_(None), Delivery.lease_until <= wall),
        ),
    )


def tenants_with_news(door: Session, wall: datetime) -> list[str]:
    """The organisations with news of experiences to deliver, longest waiting first."""
    states = literal(CLAIMABLE, literal_execute=True)
    return _by_tenant(
        door,
        select(Outbox.tenant, func.min(Outbox.next_at).label("since")).where(
            Outbox.state.in_(states),
            or_(Outbox.next_at.is_(None), Outbox.next_at <= wall),
            or_(Outbox.lease_until.is_(None), Outbox.lease_until <= wall),
        ),
    )


def tenants_with_rosters(door: Session, wall: datetime) -> list[str]:
    """The organisations with a platform course whose roster is due."""
    return _by_tenant(
        door,
        select(LtiContext.tenant, func.min(LtiContext.sync_at).label("since")).where(
            LtiContext.sync_at <= wall
        ),
    )


def _by_tenant(door: Session, due: Select[str, datetime | None]) -> list[str]:
    found = door.execute(due.group_by("tenant").order_by("since", "tenant"))
    return [row[0] for row in found]


def claim_deliveries(
    session: Bound, wall: datetime, owner: str, lease: timedelta, limit: int
) -> list[DeliveryKey]:
    """Claims up to ``limit`` of the organisation's due deliveries for the length of ``lease`` (wall
    time).

    Commit at once. A try is counted for the first of them; count the others one by one with
    ``begin_delivery``.
    """
    until = wall + lease
    taken = rows(session, deliveries.CLAIM, wall=wall, by=owner, until=until, most=limit)
    tenant = session.info["tenant"]
    keys = [DeliveryKey(tenant, row.learner, row.touch, row.channel) for row in taken]
    if keys:
        begin_delivery(session, keys[0], owner)
    return keys


def begin_delivery(session: Bound, key: DeliveryKey, owner: str) -> None:
    """Counts a try of a delivery that this worker has claimed."""
    change(session, deliveries.BEGIN, **of_delivery(key), by=owner)


def of_delivery(key: DeliveryKey) -> dict[str, object]:
    """The parameters that identify a delivery in the statements of ``queries.deliveries``."""
    return {"of_learner": key.learner, "of_touch": key.touch, "of_channel": key.channel}


def claim_news(
    session: Session, wall: datetime, owner: str, lease: timedelta, limit: int
) -> list[NewsKey]:
    """Claims up to ``limit`` of the organisation's experiences that have news. Commit at once."""
    until = wall + lease
    taken = rows(session, deliveries.CLAIM_NEWS, wall=wall, by=owner, until=until, most=limit)
    tenant = session.info["tenant"]
    return [NewsKey(tenant, row.enrolment, row.version, row.attempts) for row in taken]


def claim_contexts(
    session: Session, wall: datetime, again: timedelta, awake: timedelta, limit: int
) -> list[ContextRow]:
    """Claims up to ``limit`` of the organisation's platform courses whose roster is due, for
    enabled registrations, by postponing their next sync by ``again``.

    Courses that nobody has opened for ``awake`` are skipped until somebody does. Wall time; commit
    at once.
    """
    change(session, deliveries.FORGET_SLEEPING, wall=wall, awake_since=wall - awake)
    taken = rows(session, deliveries.CLAIM_CONTEXTS, wall=wall, again=wall + again, most=limit)
    tenant = session.info["tenant"]
    return [ContextRow(tenant, row.registration, row.deployment, row.context) for row in taken]
