"""A tick goes on while there is work, and no longer than its minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.apps import House
from tests.bench import people, product
from tests.builders import MONDAY
from tests.fakes import FakeClock
from web import worker

MANY = 130
"""More than a round opens."""


class Hurried(FakeClock):
    """Wall time goes on by half a minute whenever somebody looks."""

    def wall(self) -> datetime:
        self.walled += timedelta(seconds=30)
        return self.walled


@pytest.fixture
def house(tmp_path: Path) -> House:
    made, there = product.installed(tmp_path)
    product.play(there, product.learner(there), 1)
    people.copied(there.db, there.course, product.LEARNER, MANY - 1)
    product.fall_due(there, MONDAY)
    return made


def test_one_tick_opens_and_sends_all_that_is_due(house: House) -> None:
    assert worker.tick(house.services) == worker.Counts(opened=MANY, sent=MANY)
    assert len({mail.to for mail in house.outbox.messages}) == MANY
    assert worker.tick(house.services) == worker.Counts()


def test_a_tick_leaves_the_rest_to_the_next_when_its_minute_is_over(house: House) -> None:
    clock = Hurried(house.clock.learning, house.clock.walled)
    hurried = replace(house.services, units=replace(house.services.units, clock=clock))
    assert 0 < worker.tick(hurried).opened < MANY
    while worker.tick(house.services) != worker.Counts():
        house.clock.later(minutes=11)
    assert len({mail.to for mail in house.outbox.messages}) == MANY
