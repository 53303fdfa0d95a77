"""Due deliveries: claimed a few at a time, one organisation after another, and each rendered, sent
with no transaction open, and settled by itself."""

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
from engine.delivery.pacing import Watch
from engine.journey.addresses import MAIL
from engine.journey.record import wishes_of
from engine.spacing.limits import quiet
from engine.spacing.until import has_passed
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
"""Longer than a channel's timeouts add up to; once it is over, another worker considers the
delivery abandoned and takes it."""
ENOUGH = LEASE / 2
"""A send is started only while at least this much of the lease is left."""
SHIFT = timedelta(minutes=1)
"""Sending pauses after this long, so that a slow mail server does not keep touches from opening."""
BATCH = 20
"""How many deliveries are claimed from one organisation before the next one's turn: an organisation
with a million due never starves one that has a single delivery."""

HELD_BACK = timedelta(minutes=15)
"""A delivery due for an attempt outside its learner's hours is put off by this much (wall time),
again and again until it is within them."""

Render = Callable[[DeliveryKey, str], Message]
"""Renders a touch as a message to an address, with no transaction open. Any exception counts as a
failed attempt."""


@dataclass(frozen=True)
class Outgoing:
    """How this process sends: under which name (which no other process uses), how touches become
    messages, and through which channels."""

    owner: str
    render: Render
    channels: Mapping[str, Channel]


@dataclass(frozen=True)
class DeliveryCounts:
    """The result of some deliveries: how many were sent, and how many failed (and wait or are
    parked)."""

    sent: int = 0
    failed: int = 0

    def __add__(self, other: DeliveryCounts) -> DeliveryCounts:
        return DeliveryCounts(self.sent + other.sent, self.failed + other.failed)


@dataclass(frozen=True)
class _Outcome:
    """The state in which a delivery is left, what the other side said, the wait before the next
    attempt, and whether this counts as one."""

    state: str
    error: str | None = None
    wait: timedelta = timedelta(0)
    tried: bool = True
    refusal: Refusal | None = None

    @property
    def counts(self) -> DeliveryCounts:
        """The outcome as counts."""
        if self.state == "sent":
            return DeliveryCounts(sent=1)
        return DeliveryCounts(failed=int(self.tried and self.state != "withdrawn"))


def send_due(units: Units, outgoing: Outgoing) -> DeliveryCounts:
    """Sends until nothing is due any more or the shift is over, a batch of each organisation in
    turn."""
    total, until = DeliveryCounts(), units.clock.wall() + SHIFT
    try:
        while units.clock.wall() < until:
            with units.db.across("worker-claim") as door:
                tenants = tenants_with_mail(door, units.clock.wall())
                door.commit()  # on a rollback psycopg forgets every statement that it prepared
            taken = [
                send_batch(units, outgoing, tenant, until)
                for tenant in tenants
                if units.clock.wall() < until
            ]
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
    """Sends up to ``BATCH`` deliveries of one organisation; returns None if nothing due is free
    because other workers hold it. Deliveries that were claimed but not started by ``until`` (wall
    time) are released."""
    with units.statements(tenant) as line:
        wall = units.clock.wall()
        keys = claim_deliveries(line, wall, outgoing.owner, LEASE, BATCH)
        return _send_each(units, outgoing, line, keys, until) if keys else None


def _send_each(
    units: Units,
    outgoing: Outgoing,
    line: Statements,
    keys: Sequence[DeliveryKey],
    until: datetime,
) -> DeliveryCounts:
    """Sends the claimed deliveries one after another, with nothing locked, until the server asks
    for a rest. One transaction lies between two messages: it settles the last and begins the
    attempt of the next."""
    counts, watched = DeliveryCounts(), dict[str, Watch]()
    key, held = keys[0], _held(line, outgoing, keys[0])
    line.commit()
    for coming in (*keys[1:], None):
        outcome = _attempt(units, outgoing, key, held) if held else None
        resting = outcome is not None and _must_rest(units, watched, key.channel, outcome)
        wall = units.clock.wall()
        with line.together():
            if outcome is not None:
                _settle(line, outgoing, key, outcome, wall)
                counts += outcome.counts
            if coming is None or resting or wall >= until:
                break
            begin_delivery(line, coming, outgoing.owner)
            key, held = coming, _held(line, outgoing, coming)
            line.commit()
    if key is not keys[-1]:
        change(line, deliveries.RELEASE, by=outgoing.owner)
    line.commit()
    return counts


def _must_rest(units: Units, watched: dict[str, Watch], channel: str, outcome: _Outcome) -> bool:
    """Whether the channel's server asks for a rest; what never reached it says nothing."""
    if outcome.refusal is None and outcome.state != "sent":
        return False
    if channel not in watched:
        watched[channel] = Watch(units, channel)
    return watched[channel].must_rest(outcome.refusal)


def _held(line: Statements, outgoing: Outgoing, key: DeliveryKey) -> Row[Any] | None:
    """The delivery (columns of ``deliveries.HELD``) if this process still holds it; None if it was
    deleted with its learner or another worker took it."""
    found = rows(line, deliveries.HELD, **of_delivery(key), by=outgoing.owner)
    return found[0] if found else None


def _settle(
    line: Statements, outgoing: Outgoing, key: DeliveryKey, outcome: _Outcome, wall: datetime
) -> None:
    """Stores the outcome of an attempt, unless another worker took the delivery over in the
    meantime."""
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
    """The outcome of one attempt; None if too little of the lease is left to make one."""
    if held.lease_until - units.clock.wall() < ENOUGH:
        return None
    if held.attempts > TRIES:
        return _Outcome("parked", "every try ended with the worker")
    try:
        if quiet(wishes_of(held), units.clock.now()):
            return _Outcome("waiting", held.error, HELD_BACK, tried=False)
        to = _wanted_at(outgoing, key, held, units.clock.now())
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


def _wanted_at(outgoing: Outgoing, key: DeliveryKey, held: Row[Any], now: datetime) -> str | None:
    """The address to send to; None if the touch no longer waits for an answer, its learner does not
    want it through this channel, or the channel was switched off."""
    is_open = held.state == "open" and not has_passed(held.expires_at, now)
    if not is_open or key.channel not in outgoing.channels:
        return None
    if key.channel != MAIL:
        return cast(str | None, held.address)
    return held.email if held.channel == MAIL else None


def _refused(units: Units, attempts: int, refusal: Refusal) -> _Outcome:
    tried = not refusal.server
    wait = None if refusal.permanent else wait_after(attempts if tried else 1, units.rng)
    if wait is None:
        return _Outcome("parked", refusal.words[:2000])
    return _Outcome("waiting", refusal.words[:2000], wait, tried, refusal)
