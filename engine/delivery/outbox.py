"""News of experiences on their way to other systems: claimed one at a time, passed on with no
transaction open, then settled or parked."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.delivery.backoff import wait_after
from engine.delivery.reasons import NewsUntold
from engine.delivery.send import LEASE, SHIFT
from engine.storage.claims import NewsKey, claim_news, tenants_with_news
from engine.storage.tables import Outbox
from engine.storage.work import Units
from engine.values.reasons import Reason

DAY = timedelta(days=1)
WAITS = (*(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720)), *[DAY] * 7)
"""The waits after the first, second… attempt: a gradebook may be down for a week and still receive
what it missed."""
PUT_OFF = timedelta(minutes=1)
"""The wait of news that were not tried, since others had their turn."""
DAILY = tuple([DAY] * 7)
"""The waits if a person has to fix something first."""


@dataclass(frozen=True)
class NewsFailure:
    """Why news could not be passed on. ``waits`` are the waits before further attempts; empty if
    another attempt is pointless. Not ``tried``: put off, and no attempt is counted."""

    reason: Reason
    waits: Sequence[timedelta] = WAITS
    tried: bool = True


@dataclass(frozen=True)
class NewsCounts:
    """The result of a batch: how many news items were passed on, and how many were not (and wait or
    are parked)."""

    told: int = 0
    failed: int = 0

    def __add__(self, other: NewsCounts) -> NewsCounts:
        return NewsCounts(self.told + other.told, self.failed + other.failed)


Tell = Callable[[NewsKey], NewsFailure | None]
"""Passes on the news of one experience, with no transaction open; returns None once every system
that should know does."""


def tell_news(units: Units, owner: str, tell: Tell) -> NewsCounts:
    """Claims and passes on news until there is none left or the shift is over, one experience of
    each organisation in turn. ``owner`` is this worker's name, which no other worker uses."""
    total, until = NewsCounts(), units.clock.wall() + SHIFT
    while units.clock.wall() < until:
        with units.db.across("worker-claim") as door:
            tenants = tenants_with_news(door, units.clock.wall())
        before = total
        for tenant in tenants:
            if units.clock.wall() >= until:
                break
            for key in _claimed(units, owner, tenant):
                trouble = _tried(key, tell)
                _settle(units, owner, key, trouble)
                total += NewsCounts(told=int(trouble is None), failed=int(trouble is not None))
        if total == before:
            break
    return total


def _claimed(units: Units, owner: str, tenant: str) -> list[NewsKey]:
    with units.write(tenant) as work:
        keys = claim_news(work.session, work.wall, owner, LEASE, limit=1)
        work.commit()
        return keys


def parked(unit: Session) -> tuple[tuple[str, Reason], ...]:
    """The organisation's experiences whose news is parked, each with the reason."""
    rows = unit.scalars(select(Outbox).where(Outbox.state == "parked").order_by(Outbox.enrolment))
    return tuple(
        (row.enrolment, Reason.from_json(json.loads(row.error or '{"code": "news-untold"}')))
        for row in rows
    )


def try_again(unit: Session) -> int:
    """Makes parked and waiting news due at once; returns how many there are."""
    rows = unit.scalars(select(Outbox).where(Outbox.state.in_(("parked", "waiting")))).all()
    for row in rows:
        row.state, row.attempts, row.next_at = "waiting", 0, None
    unit.flush()
    return len(rows)


def _tried(key: NewsKey, tell: Tell) -> NewsFailure | None:
    try:
        if key.attempt > len(WAITS) + 1:
            return NewsFailure(NewsUntold(), ())
        return tell(key)
    except Exception:
        structlog.get_logger("outbox").exception(
            "news-broken", tenant=key.tenant, enrolment=key.enrolment
        )
        return NewsFailure(NewsUntold())


def _settle(units: Units, owner: str, key: NewsKey, trouble: NewsFailure | None) -> None:
    """Releases the row. If more news arrived in the meantime, it waits."""
    with units.write(key.tenant) as work:
        row = work.session.scalars(
            select(Outbox)
            .where(Outbox.enrolment == key.enrolment, Outbox.owner == owner)
            .with_for_update()
        ).one_or_none()
        if row is None:
            return
        row.owner = row.lease_until = None
        if row.version == key.version:
            wait = _wait(units, key, trouble) if trouble else None
            row.attempts -= int(trouble is not None and not trouble.tried)
            row.state = "done" if trouble is None else "parked" if wait is None else "waiting"
            done_at = work.wall if trouble is None else None
            row.next_at = work.wall + wait if wait else done_at
            row.error = json.dumps(trouble.reason.as_json()) if trouble else None
        work.commit()


def _wait(units: Units, key: NewsKey, trouble: NewsFailure) -> timedelta | None:
    if not trouble.tried:
        return PUT_OFF
    return wait_after(key.attempt, units.rng, trouble.waits)
