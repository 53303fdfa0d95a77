"""Worker processes side by side on one database, and one that is killed between sending and
writing it down."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select

from engine.delivery.message import Message
from engine.delivery.send import LEASE, DeliveryCounts, Outgoing, send_due
from engine.storage.database import Database
from engine.storage.library import Library
from engine.storage.tables import Delivery, Touch
from engine.storage.work import Units
from tests import builders
from tests.fakes import FakeClock
from tests.integration.processes import render

ROOT = Path(__file__).parents[2]


def waiting(folder: Path, count: int) -> Database:
    """One learner with this many mails that wait; the last of them is for an open touch."""
    there, past = builders.world(folder), datetime.now(UTC) - timedelta(minutes=1)
    with there.db.write("town") as unit:
        learner = builders.learner(unit, there.library, builders.course(unit))
        for number in range(1, count + 1):
            unit.add(
                Touch(
                    learner=learner.id,
                    number=number,
                    state="open" if number == count else "answered",
                    due_at=past,
                    expires_at=past + timedelta(days=7),
                    minutes=1,
                )
            )
            unit.flush()
            unit.add(Delivery(learner=learner.id, touch=number, channel="mail", next_at=past))
        unit.commit()
    return there.db


def worker(what: str, folder: Path, owner: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.processes", what, str(folder / "test.db"), owner],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_side_by_side_share_the_work_and_none_is_done_twice(tmp_path: Path) -> None:
    waiting(tmp_path, 120)
    running = [worker("claim", tmp_path, owner) for owner in ("one", "two")]
    claimed = [int(line) for process in running for line in process.communicate()[0].split()]
    assert [process.returncode for process in running] == [0, 0]
    assert sorted(claimed) == list(range(1, 121))


def test_a_process_killed_after_sending_is_followed_by_one_resend_with_the_same_id(
    tmp_path: Path,
) -> None:
    db = waiting(tmp_path, 1)
    killed = worker("send", tmp_path, "one")
    said = killed.communicate()[0].strip()
    assert killed.returncode == 9
    with db.read("town") as unit:
        assert unit.scalars(select(Delivery.state)).one() == "sending"

    taken: list[Message] = []

    class Taken:
        def send(self, message: Message) -> None:
            taken.append(message)

        def release(self) -> None:
            """Nothing is kept between two messages."""

    clock = FakeClock(datetime.now(UTC), datetime.now(UTC))
    units, post = (
        Units(db, Library(db), clock, Random(1)),
        Outgoing("two", render, {"mail": Taken()}),
    )
    assert send_due(units, post) == DeliveryCounts()
    clock.walled += LEASE
    assert send_due(units, post) == DeliveryCounts(sent=1)
    assert [message.message_id for message in taken] == [said]
