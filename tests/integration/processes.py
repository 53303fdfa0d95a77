"""What a worker process of a test does; run as ``python -m tests.integration.processes WHAT
DATABASE OWNER``."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from random import Random

from engine.delivery.message import Message, message_id
from engine.delivery.send import LEASE, Outgoing, send_due
from engine.storage.claims import DeliveryKey, claim_deliveries
from engine.storage.database import Database
from engine.storage.library import Library
from engine.storage.work import Units
from engine.values.clock import SystemClock
from tests.fakes import FakeClock


class Killed:
    """A channel that hands its message over, then the process is no more."""

    def send(self, message: Message) -> None:
        os.write(1, f"{message.message_id}\n".encode())
        os._exit(9)

    def release(self) -> None:
        """Nothing is kept between two messages."""


def render(key: DeliveryKey, to: str) -> Message:
    """The same message for the same key in whatever process."""
    return Message(to, "s", "t", "h", message_id("secret", key, "example.org"))


def claim_all(db: Database, owner: str) -> None:
    """Claim one at a time until nothing is left, and say what was claimed."""
    while True:
        with db.write("town") as session:
            keys = claim_deliveries(session, SystemClock().wall(), owner, LEASE, 1)
            session.commit()
        if not keys:
            break
        os.write(1, f"{keys[0].touch}\n".encode())


if __name__ == "__main__":
    what, path, owner = sys.argv[1:]
    database = Database(f"sqlite:///{path}")
    if what == "claim":
        claim_all(database, owner)
    else:
        units = Units(
            database, Library(database), FakeClock(datetime.now(UTC), datetime.now(UTC)), Random(1)
        )
        send_due(units, Outgoing(owner, render, {"mail": Killed()}))
