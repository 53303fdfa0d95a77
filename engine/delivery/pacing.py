"""How fast a channel may send: a server that says "not now" sets the pace of everything that waits
for it, and does not use up the tries of each mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from engine.delivery.channels.base import Refusal
from engine.storage.queries import deliveries
from engine.storage.queries.running import across
from engine.storage.tables import SendingPace
from engine.storage.work import Units

MAILS_REFUSED, SERVER_REFUSED = 10, 3
"""After so many refusals in a row the channel is held: one mail that is refused for now may be
greylisted or meet a full mailbox, ten in a row meet a limit. Less patience is due to a server that
cannot be reached or hangs up (421)."""
HOLDS = tuple(timedelta(minutes=m) for m in (5, 10, 15))
"""How long the channel is held the first, second… time in a row. One mail is tried after each: if
it is refused too, the next hold begins."""


@dataclass(frozen=True)
class Pace:
    """Holds in a row, and until when (wall time) nothing is sent."""

    holds: int = 0
    held_until: datetime | None = None

    def after_refusals(self, in_a_row: int, wall: datetime, *, server: bool) -> Pace:
        """The pace after so many refusals for now, one mail after another; ``server``: the last was
        about the server and not a mail."""
        patience = 1 if self.holds else SERVER_REFUSED if server else MAILS_REFUSED
        if in_a_row < patience:
            return self
        hold = HOLDS[min(self.holds, len(HOLDS) - 1)]
        return Pace(self.holds + 1, wall + hold)

    def is_held(self, wall: datetime) -> bool:
        """Whether nothing may be sent at that moment."""
        return self.held_until is not None and wall < self.held_until


FREE = Pace()


def pace_of(units: Units, channel: str) -> Pace:
    """The channel's pace, which all workers share."""
    with units.db.across("worker-claim") as door:
        found = across(door, deliveries.PACE, channel=channel)
        return Pace(*found[0]) if found else FREE


class Watch:
    """What a channel's server makes of one mail after another, in one turn of sending."""

    def __init__(self, units: Units, channel: str) -> None:
        self._units, self._channel = units, channel
        self._known, self._in_a_row = pace_of(units, channel), 0

    def must_rest(self, refusal: Refusal | None) -> bool:
        """Whether the server asks for a rest, by what it made of the last mail (None: it took
        it)."""
        if refusal is None:
            self._in_a_row = 0
            self._become(FREE)
            return False
        if refusal.permanent:
            return False
        self._in_a_row += 1
        wall = self._units.clock.wall()
        self._become(self._known.after_refusals(self._in_a_row, wall, server=refusal.server))
        return self._known.is_held(wall)

    def _become(self, pace: Pace) -> None:
        if pace != self._known:
            self._known = pace
            _keep(self._units, self._channel, pace)


def _keep(units: Units, channel: str, pace: Pace) -> None:
    with units.db.shared(write=True) as session:
        query = select(SendingPace).where(SendingPace.channel == channel).with_for_update()
        row = session.scalars(query).one_or_none() or SendingPace(channel=channel)
        row.holds, row.held_until = pace.holds, pace.held_until
        session.add(row)
        session.commit()
