"""Mails that somebody asked for, on their way out: each row is claimed under a lease, rendered and
sent with no transaction open, then settled, tried again later, or parked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import structlog
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from engine.delivery.backoff import WAITS, wait_after
from engine.delivery.channels.base import Channel, Refusal
from engine.delivery.message import Message
from engine.delivery.pacing import Watch
from engine.delivery.send import BATCH, LEASE, DeliveryCounts
from engine.journey.addresses import MAIL
from engine.storage.claims import is_due, tenants_with
from engine.storage.tables import OnItsWay
from engine.storage.work import Units

Row = TypeVar("Row", bound=OnItsWay)
Open = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Queue(Generic[Row]):
    """The rows of one table, all or those of one organisation.

    ``open`` opens a session for writing that sees them. ``render`` makes a mail of one, with no
    transaction open; None if nobody is there to get it (any more). ``waits`` are those between
    tries. ``paced``: the pace of the mail server is heeded, and set by what it refuses for now;
    not where those who wait have nothing to do with each other. ``nobody``: the state of a row of
    which there was nobody to send it to.
    """

    table: type[Row]
    open: Open
    render: Callable[[Row], Message | None]
    waits: Sequence[timedelta] = WAITS
    paced: bool = True
    nobody: str = "withdrawn"


@dataclass(frozen=True)
class Turn:
    """What came of some mails of a queue. ``over``: nothing more of it is sent in this tick, since
    nothing due is free or the server asked for a rest."""

    counts: DeliveryCounts
    over: bool


@dataclass(frozen=True)
class Sender:
    """How this process sends: under a name that no other process uses, through one channel."""

    units: Units
    owner: str
    channel: Channel

    def send_queue(self, queue: Queue[Row], until: datetime, most: int = BATCH) -> Turn:
        """Sends up to ``most`` of a queue, and begins none after ``until`` (wall time)."""
        total = DeliveryCounts()
        watch = Watch(self.units, MAIL) if queue.paced else None
        for _mail in range(most):
            if self.units.clock.wall() >= until:
                break
            row = self._taken(queue)
            if row is None:
                return Turn(total, over=True)
            counts, refusal = self._tried(queue, row)
            total += counts
            if watch is not None and watch.must_rest(refusal):
                return Turn(total, over=True)
        return Turn(total, over=False)

    def send_in_turn(
        self, table: type[Row], queue_of: Callable[[str], Queue[Row]], until: datetime
    ) -> DeliveryCounts:
        """Sends what is due in a table of all organisations, a batch of each in turn, until nothing
        is left or ``until`` has come."""
        total, over = DeliveryCounts(), set[str]()
        while self.units.clock.wall() < until:
            with self.units.db.across("worker-claim") as door:
                tenants = tenants_with(door, table, self.units.clock.wall())
            waiting = [tenant for tenant in tenants if tenant not in over]
            if not waiting:
                break
            for tenant in waiting:
                turn = self.send_queue(queue_of(tenant), until)
                total += turn.counts
                if turn.over:
                    over.add(tenant)
        return total

    def release(self) -> None:
        """Nothing more is sent for now."""
        self.channel.release()

    def _taken(self, queue: Queue[Row]) -> Row | None:
        """Claims what has waited longest, and counts the try before it is made: a mail that kills
        its worker is not tried for ever."""
        wall, table = self.units.clock.wall(), queue.table
        with queue.open() as unit:
            row = unit.scalars(
                select(table)
                .where(is_due(table, wall))
                .order_by(table.next_at)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if row is not None:
                row.owner, row.lease_until = self.owner, wall + LEASE
                row.attempts += 1
                unit.commit()
            return row

    def _tried(self, queue: Queue[Row], row: Row) -> tuple[DeliveryCounts, Refusal | None]:
        """Makes one attempt and stores what became of it; returns also how it was refused, if it
        was."""
        try:
            sent = self._attempt(queue, row)
        except Refusal as refused:
            self._refused(queue, row, refused)
            return DeliveryCounts(failed=1), refused
        self._settle(queue, row, "sent" if sent else queue.nobody)
        return DeliveryCounts(sent=int(sent)), None

    def _attempt(self, queue: Queue[Row], row: Row) -> bool:
        """Sends the mail; returns False if nobody is there to get it. Raises ``Refusal``."""
        if row.attempts > len(queue.waits) + 1:
            raise Refusal("every try ended with the worker", permanent=True)
        try:
            message = queue.render(row)
            if message is not None:
                self.channel.send(message)
        except Refusal:
            raise
        except Exception as broken:
            structlog.get_logger("mail").exception("mail-broken", table=queue.table.__name__)
            raise Refusal(f"{type(broken).__name__}: {broken}", permanent=False) from broken
        return message is not None

    def _refused(self, queue: Queue[Row], row: Row, refusal: Refusal) -> None:
        wait, counted = None, not (refusal.server and queue.paced)
        if not refusal.permanent:
            wait = wait_after(row.attempts if counted else 1, self.units.rng, queue.waits)
        state = "waiting" if wait else "parked"
        self._settle(queue, row, state, refusal.words[:2000], wait, untried=not counted)
        if wait is None:
            structlog.get_logger("mail").warning(
                "mail-refused", table=queue.table.__name__, why=refusal.words
            )

    def _settle(
        self,
        queue: Queue[Row],
        row: Row,
        state: str,
        error: str | None = None,
        wait: timedelta | None = None,
        *,
        untried: bool = False,
    ) -> None:
        """Stores the outcome, unless the row was deleted, asked for anew or taken over."""
        with queue.open() as unit:
            key = inspect(queue.table).primary_key_from_instance(row)
            held = unit.get(queue.table, tuple(key), with_for_update=True)
            if held is None or held.owner != self.owner:
                return
            wall = self.units.clock.wall()
            held.state, held.error = state, error
            held.owner = held.lease_until = None
            held.next_at = wall + (wait or timedelta(0))
            held.sent_at = wall if state == "sent" else None
            held.attempts -= int(untried)
            unit.commit()
