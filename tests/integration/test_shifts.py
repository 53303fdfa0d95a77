"""However slowly others answer, a worker stops sending when its shift is over, and never holds what
it has not begun."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from engine.delivery.message import Message, message_id
from engine.delivery.opening import open_due
from engine.delivery.outbox import NewsCounts, tell_news
from engine.delivery.send import SHIFT, DeliveryCounts, Outgoing, send_due
from engine.storage.claims import DeliveryKey, NewsKey
from engine.storage.tables import Delivery, Outbox, Touch
from engine.storage.work import Units
from tests import builders
from tests.fakes import FakeClock

pytestmark = pytest.mark.both_databases

TOWNS = ("town", "valley")


def two_organisations(folder: Path) -> tuple[Units, FakeClock]:
    """Each with one learner, whose touch and news are due."""
    there, clock = builders.world(folder, *TOWNS), FakeClock()
    for town in TOWNS:
        with there.db.write(town) as unit:
            course = builders.course(unit)
            learner = builders.learner(unit, there.library, course)
            unit.add(Outbox(enrolment=builders.lived(unit, there, learner, course).id))
            due = unit.scalars(select(Touch.due_at)).one()
            clock.learning = clock.walled = max(clock.walled, due)
            unit.commit()
    units = Units(there.db, there.library, clock, Random(3))
    assert open_due(units) == len(TOWNS)
    return units, clock


def owners(units: Units, table: type[Delivery] | type[Outbox]) -> list[str | None]:
    found = list[str | None]()
    for town in TOWNS:
        with units.read(town) as work:
            found += work.session.scalars(select(table.owner))
    return found


class Slow:
    """A channel that takes a whole shift for one message."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock

    def send(self, _message: Message) -> None:
        self.clock.later(seconds=SHIFT.total_seconds())

    def release(self) -> None:
        """Nothing is kept between two messages."""


def render(key: DeliveryKey, to: str) -> Message:
    return Message(to, "s", "t", "h", message_id("a secret", key, "example.org"))


def test_the_mail_of_another_organisation_waits_for_the_next_shift(tmp_path: Path) -> None:
    units, clock = two_organisations(tmp_path)
    outgoing = Outgoing("one", render, {"mail": Slow(clock)})
    assert send_due(units, outgoing) == DeliveryCounts(sent=1)
    assert owners(units, Delivery) == [None, None]
    assert send_due(units, outgoing) == DeliveryCounts(sent=1)
    assert send_due(units, outgoing) == DeliveryCounts()


def test_the_news_of_another_organisation_waits_for_the_next_shift_unclaimed(
    tmp_path: Path,
) -> None:
    units, clock = two_organisations(tmp_path)
    held = list[list[str | None]]()

    def slowly(_key: NewsKey) -> None:
        held.append(owners(units, Outbox))
        clock.later(seconds=SHIFT.total_seconds())

    assert tell_news(units, "one", slowly) == NewsCounts(told=1)
    assert sorted(held[0], key=str) == [None, "one"]
    assert tell_news(units, "one", slowly) == NewsCounts(told=1)
    assert tell_news(units, "one", slowly) == NewsCounts()
