"""Deliveries that are due, one by one: claimed, rendered, sent with no transaction open, and
what came of it written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.delivery.backoff import TRIES, wait_after
from engine.delivery.channels.base import Channel, Refusal
from engine.delivery.message import Message
from engine.journey.joining import learner_of
from engine.journey.planning import wishes_of
from engine.spacing.limits import quiet
from engine.storage.claims import DeliveryKey, claim_deliveries
from engine.storage.tables import Delivery, Learner, Touch
from engine.storage.work import Units, Work

LEASE = timedelta(minutes=10)
"""Longer than a channel's time-outs take together; after it another worker takes the delivery
for abandoned."""
ENOUGH = LEASE / 2
"""A send is begun only while this much of the lease is left."""
SHIFT = timedelta(minutes=1)
"""After so long a batch ends, so that a slow mail server does not keep touches from opening."""

HELD = timedelta(minutes=15)
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
    """What came of a batch: how many left, how many were refused (and wait, or are parked)."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True)
class _Outcome:
    """The state a delivery is left in, what the other side said, the wait before the next try,
    and whether this was one."""

    state: str
    error: str | None = None
    wait: timedelta = timedelta(0)
    tried: bool = True


def send_due(units: Units, post: Outgoing, limit: int = 50) -> DeliveryCounts:
    """Claim and send, one at a time, up to ``limit`` deliveries."""
    total, until = DeliveryCounts(), units.clock.wall() + SHIFT
    while total.sent + total.failed < limit and units.clock.wall() < until:
        with units.db.across("worker-claim", write=True) as door:
            keys = claim_deliveries(door, units.clock.wall(), post.owner, LEASE, limit=1)
            door.commit()
        if not keys:
            break
        state = send_one(units, post, keys[0])
        if state == "sent":
            total = replace(total, sent=total.sent + 1)
        elif state in ("waiting", "parked"):
            total = replace(total, failed=total.failed + 1)
    return total


def send_one(units: Units, post: Outgoing, key: DeliveryKey) -> str | None:
    """Send one claimed delivery; the state it is left in, None when it was not tried: not this
    process's any more, or held."""
    outcome = _attempt(units, post, key)
    if outcome is None:
        return None
    with units.write(key.tenant) as work:
        row = _held(work.session, post, key)
        if row is not None:
            wall = units.clock.wall()
            row.state, row.owner, row.lease_until, row.error = (
                outcome.state,
                None,
                None,
                outcome.error,
            )
            row.next_at = wall + outcome.wait
            row.attempts -= not outcome.tried
            row.sent_at = wall if outcome.state == "sent" else None
            work.commit()
    return outcome.state if outcome.tried else None


def _attempt(units: Units, post: Outgoing, key: DeliveryKey) -> _Outcome | None:
    attempts = TRIES
    try:
        with units.read(key.tenant) as work:
            row = _held(work.session, post, key)
            if (
                row is None
                or row.lease_until is None
                or row.lease_until - units.clock.wall() < ENOUGH
            ):
                return None
            attempts = row.attempts
            if attempts > TRIES:
                return _Outcome("parked", "every try ended with the worker")
            if quiet(wishes_of(learner_of(work.session, key.learner)), units.clock.now()):
                return _Outcome("waiting", row.error, HELD, tried=False)
            message = _message(work, post, key)
        if message is None:
            return _Outcome("withdrawn")
        post.channels[key.channel].send(message)
    except Refusal as refused:
        return _refused(units, attempts, refused)
    except Exception as broken:
        structlog.get_logger("delivery").exception(
            "delivery-broken", tenant=key.tenant, touch=key.touch, channel=key.channel
        )
        return _refused(
            units, attempts, Refusal(f"{type(broken).__name__}: {broken}", permanent=False)
        )
    return _Outcome("sent")


def _message(work: Work, post: Outgoing, key: DeliveryKey) -> Message | None:
    """The message, while its touch still waits for an answer and its learner still wants it this
    way."""
    learner = work.session.scalars(select(Learner).where(Learner.id == key.learner)).one()
    touch = work.session.scalars(
        select(Touch).where(Touch.learner == key.learner, Touch.number == key.touch)
    ).one()
    if touch.state != "open" or learner.channel != key.channel or learner.account.email is None:
        return None
    return post.render(work, learner, touch, key)


def _refused(units: Units, attempts: int, refusal: Refusal) -> _Outcome:
    wait = None if refusal.permanent else wait_after(attempts, units.rng)
    if wait is None:
        return _Outcome("parked", refusal.words[:2000])
    return _Outcome("waiting", refusal.words[:2000], wait)


def _held(unit: Session, post: Outgoing, key: DeliveryKey) -> Delivery | None:
    """The delivery, while this process holds it; gone with its learner, or somebody else's,
    otherwise."""
    return unit.scalars(
        select(Delivery).where(
            Delivery.learner == key.learner,
            Delivery.touch == key.touch,
            Delivery.channel == key.channel,
            Delivery.state == "sending",
            Delivery.owner == post.owner,
        )
    ).one_or_none()
