"""Deliveries that are due: taken a few at a time, one organisation after the other; each rendered,
sent with no transaction open, and settled by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from sqlalchemy import Row

from engine.delivery.backoff import TRIES, wait_after
from engine.delivery.channels.base import Channel, Refusal
from engine.delivery.message import Message
from engine.journey.addresses import MAIL
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
from engine.storage.queries.running import change, rows
from engine.storage.work import Statements, Units

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

Render = Callable[[DeliveryKey, str], Message]
"""Puts a touch into a message to an address; no transaction is open then. Any exception is a failed
try."""


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
    try:
        while units.clock.wall() < until:
            with units.db.across("worker-claim") as door:
                tenants = tenants_with_mail(door, units.clock.wall())
                door.commit()  # at a rollback psycopg forgets every statement that it prepared
            taken = [send_batch(units, outgoing, tenant, until) for tenant in tenants]
            if not any(taken):
                break
            total = sum((counts for counts in taken if counts), total)
    finally:
        for channel in outgoing.channels.values():
            channel.release()
    return total


def send_batch(
    units: Units, outgoing: Outgoing, tenant: str, until: datetime
) -> DeliveryCounts | None:
    """Send up to ``BATCH`` deliveries of one organisation; None when other workers hold all that is
    due. What was taken and not begun by ``until`` (wall time) is given back."""
    with units.statements(tenant) as line:
        wall = units.clock.wall()
        keys = claim_deliveries(line, wall, outgoing.owner, LEASE, BATCH)
        return _send_each(units, outgoing, line, keys, until) if keys else None


def send_one(units: Units, outgoing: Outgoing, key: DeliveryKey) -> DeliveryCounts:
    """Send one delivery that this process holds and whose try began, and settle it."""
    with units.statements(key.tenant) as line:
        return _send_each(units, outgoing, line, [key])


def _send_each(
    units: Units,
    outgoing: Outgoing,
    line: Statements,
    keys: Sequence[DeliveryKey],
    until: datetime | None = None,
) -> DeliveryCounts:
    """Send what was claimed, one after the other, with nothing locked. One transaction lies between
    two messages: what came of the last, and the try of the next."""
    counts = DeliveryCounts()
    key, held = keys[0], _held(line, outgoing, keys[0])
    line.commit()
    for coming in (*keys[1:], None):
        outcome = _attempt(units, outgoing, key, held) if held else None
        wall = units.clock.wall()
        if outcome is not None:
            _settle(line, outgoing, key, outcome, wall)
            counts += outcome.counts
        if coming is None or (until is not None and wall >= until):
            break
        begin_delivery(line, coming, outgoing.owner)
        key, held = coming, _held(line, outgoing, coming)
        line.commit()
    if key is not keys[-1]:
        change(line, deliveries.RELEASE, by=outgoing.owner)
    line.commit()
    return counts


def _held(line: Statements, outgoing: Outgoing, key: DeliveryKey) -> Row[Any] | None:
    """The delivery, while this process holds it (columns of ``deliveries.HELD``); None when it is
    gone with its learner, or somebody else's."""
    found = rows(line, deliveries.HELD, **of_delivery(key), by=outgoing.owner)
    return found[0] if found else None


def _settle(
    line: Statements, outgoing: Outgoing, key: DeliveryKey, outcome: _Outcome, wall: datetime
) -> None:
    """Write down what came of a try, unless another worker took the delivery over meanwhile."""
    change(
        line,
        deliveries.SETTLE,
        **of_delivery(key),
        by=outgoing.owner,
        new_state=outcome.state,
        new_error=outcome.error,
        new_next_at=wall + outcome.wait,
        new_sent_at=wall if outcome.state == "sent" else None,
        untried=int(not outcome.tried),
    )


def _attempt(units: Units, outgoing: Outgoing, key: DeliveryKey, held: Row[Any]) -> _Outcome | None:
    """What came of one try; None when there is not enough left of the lease for one."""
    if held.lease_until - units.clock.wall() < ENOUGH:
        return None
    if held.attempts > TRIES:
        return _Outcome("parked", "every try ended with the worker")
    try:
        if quiet(wishes_of(held), units.clock.now()):
            return _Outcome("waiting", held.error, HELD_BACK, tried=False)
        to = _wanted_at(outgoing, key, held)
        if to is None:
            return _Outcome("withdrawn")
        outgoing.channels[key.channel].send(outgoing.render(key, to))
    except Refusal as refused:
        return _refused(units, held.attempts, refused)
    except Exception as broken:
        structlog.get_logger("delivery").exception(
            "delivery-broken", tenant=key.tenant, touch=key.touch, channel=key.channel
        )
        trouble = Refusal(f"{type(broken).__name__}: {broken}", permanent=False)
        return _refused(units, held.attempts, trouble)
    return _Outcome("sent")


def _wanted_at(outgoing: Outgoing, key: DeliveryKey, held: Row[Any]) -> str | None:
    """The address to send to; None when the touch waits for no answer any more, its learner does
    not want it this way, or the channel was switched off."""
    if held.state != "open" or key.channel not in outgoing.channels:
        return None
    if key.channel != MAIL:
        return cast(str | None, held.address)
    return held.email if held.channel == MAIL else None


def _refused(units: Units, attempts: int, refusal: Refusal) -> _Outcome:
    wait = None if refusal.permanent else wait_after(attempts, units.rng)
    if wait is None:
        return _Outcome("parked", refusal.words[:2000])
    return _Outcome("waiting", refusal.words[:2000], wait)
