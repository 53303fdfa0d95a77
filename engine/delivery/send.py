"""Deliveries that are due: taken a few at a time, one organisation after the other; each rendered,
sent with no transaction open, and settled by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from engine.delivery.backoff import TRIES, wait_after
from engine.delivery.channels.base import Channel, Refusal
from engine.delivery.message import Message
from engine.journey.record import wishes_of
from engine.spacing.limits import quiet
from engine.storage.claims import (
    DeliveryKey,
    begin_delivery,
    claim_deliveries,
    of_delivery,
    tenants_with_mail,
)
from engine.storage.queries import deliveries
from engine.storage.queries.running import bound, change
from engine.storage.tables import Learner, Touch
from engine.storage.work import Units, Work

LEASE = timedelta(minutes=10)
"""Longer than a channel's time-outs take together; after it another worker takes the delivery
for abandoned."""
ENOUGH = LEASE / 2
"""A send is begun only while this much of the lease is left."""
SHIFT = timedelta(minutes=1)
"""After so long sending pauses, so that a slow mail server does not keep touches from opening."""
BATCH = 20
"""So many are taken of one organisation before it is the next one's turn: whoever has a million
due never starves who has one."""

HELD_BACK = timedelta(minutes=15)
"""What comes up for a try outside its learner's hours is looked at again after so long (wall
time), until it is within them."""

Render = Callable[[Work, Learner, Touch, DeliveryKey], Message]
"""Puts a touch into a message, in a session that reads the learner's organisation. Any exception
is a failed try."""


@dataclass(frozen=True)
class Outgoing:
    """How this process sends: under which name (its own alone), how touches become messages, and
    through what."""

    owner: str
    render: Render
    channels: Mapping[str, Channel]


@dataclass(frozen=True)
class DeliveryCounts:
    """What came of some deliveries: how many left, how many were refused (and wait, or are
    parked)."""

    sent: int = 0
    failed: int = 0

    def __add__(self, other: DeliveryCounts) -> DeliveryCounts:
        return DeliveryCounts(self.sent + other.sent, self.failed + other.failed)


@dataclass(frozen=True)
class _Outcome:
    """The state a delivery is left in, what the other side said, the wait before the next try,
    and whether this was one."""

    state: str
    error: str | None = None
    wait: timedelta = timedelta(0)
    tried: bool = True

    @property
    def counts(self) -> DeliveryCounts:
        """The delivery, counted."""
        if self.state == "sent":
            return DeliveryCounts(sent=1)
        return DeliveryCounts(failed=int(self.tried and self.state != "withdrawn"))


def send_due(units: Units, outgoing: Outgoing) -> DeliveryCounts:
    """Send until nothing is due any more, or the shift is over: a batch of each organisation in
    turn."""
    total, until = DeliveryCounts(), units.clock.wall() + SHIFT
    while units.clock.wall() < until:
        with units.db.across("worker-claim") as door:
            tenants = tenants_with_mail(door, units.clock.wall())
        taken = [send_batch(units, outgoing, tenant, until) for tenant in tenants]
        if not any(taken):
            break
        total = sum((counts for counts in taken if counts), total)
    return total


def send_batch(
    units: Units, outgoing: Outgoing, tenant: str, until: datetime
) -> DeliveryCounts | None:
    """Send up to ``BATCH`` deliveries of one organisation; None when other workers hold all that is
    due. What was taken and not begun by ``until`` (wall time) is given back."""
    with units.write(tenant) as work:
        keys = claim_deliveries(work.session, work.wall, outgoing.owner, LEASE, BATCH)
        work.commit()
    counts, key = DeliveryCounts(), None
    for key, following in zip(keys, [*keys, None][1:], strict=True):
        goes_on = following if units.clock.wall() < until else None
        counts += send_one(units, outgoing, key, goes_on)
        if goes_on is None:
            break
    if keys and key is not keys[-1]:
        with units.write(tenant) as work:
            change(work.session, deliveries.RELEASE, by=outgoing.owner)
            work.commit()
    return counts if keys else None


def send_one(
    units: Units, outgoing: Outgoing, key: DeliveryKey, following: DeliveryKey | None = None
) -> DeliveryCounts:
    """Send one delivery that this process holds and settle it; the next one's try begins in the
    same transaction."""
    outcome = _attempt(units, outgoing, key)
    if outcome is None and following is None:
        return DeliveryCounts()
    with units.write(key.tenant) as work:
        if outcome is not None:
            _settle(work, outgoing, key, outcome)
        if following is not None:
            begin_delivery(work.session, following, outgoing.owner)
        work.commit()
    return DeliveryCounts() if outcome is None else outcome.counts


def _settle(work: Work, outgoing: Outgoing, key: DeliveryKey, outcome: _Outcome) -> None:
    """Write down what came of a try, unless another worker took the delivery over meanwhile."""
    change(
        work.session,
        deliveries.SETTLE,
        **of_delivery(key),
        by=outgoing.owner,
        new_state=outcome.state,
        new_error=outcome.error,
        new_next_at=work.wall + outcome.wait,
        new_sent_at=work.wall if outcome.state == "sent" else None,
        untried=int(not outcome.tried),
    )


def _attempt(units: Units, outgoing: Outgoing, key: DeliveryKey) -> _Outcome | None:
    """What came of one try; None when it is not this process's any more, or not for long."""
    attempts = TRIES
    try:
        with units.read(key.tenant) as work:
            held = _held(work.session, outgoing, key)
            if held is None or held.lease_until - work.wall < ENOUGH:
                return None
            attempts = held.attempts
            if attempts > TRIES:
                return _Outcome("parked", "every try ended with the worker")
            if quiet(wishes_of(held.learner), work.now):
                return _Outcome("waiting", held.error, HELD_BACK, tried=False)
            if not _is_wanted(held, key):
                return _Outcome("withdrawn")
            message = outgoing.render(work, held.learner, held.touch, key)
        outgoing.channels[key.channel].send(message)
    except Refusal as refused:
        return _refused(units, attempts, refused)
    except Exception as broken:
        structlog.get_logger("delivery").exception(
            "delivery-broken", tenant=key.tenant, touch=key.touch, channel=key.channel
        )
        trouble = Refusal(f"{type(broken).__name__}: {broken}", permanent=False)
        return _refused(units, attempts, trouble)
    return _Outcome("sent")


class _Held(NamedTuple):
    """A delivery as its worker holds it."""

    attempts: int
    lease_until: datetime
    error: str | None
    learner: Learner
    touch: Touch


def _held(session: Session, outgoing: Outgoing, key: DeliveryKey) -> _Held | None:
    """The delivery, while this process holds it; gone with its learner, or somebody else's,
    otherwise."""
    found = session.execute(
        deliveries.HELD, bound(session, {**of_delivery(key), "by": outgoing.owner})
    ).one_or_none()
    return _Held._make(found) if found else None


def _is_wanted(held: _Held, key: DeliveryKey) -> bool:
    """Whether the touch still waits for an answer and its learner still wants it this way."""
    learner = held.learner
    return (
        held.touch.state == "open"
        and learner.channel == key.channel
        and learner.account.email is not None
    )


def _refused(units: Units, attempts: int, refusal: Refusal) -> _Outcome:
    wait = None if refusal.permanent else wait_after(attempts, units.rng)
    if wait is None:
        return _Outcome("parked", refusal.words[:2000])
    return _Outcome("waiting", refusal.words[:2000], wait)
