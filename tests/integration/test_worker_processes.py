"""Several processes with a worker each: one that stopped is told of, one that ended is not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.storage import workers
from tests.apps import House, house
from web import worker
from web.site.health import examine, faults

pytestmark = pytest.mark.both_databases
MINUTE, MOST = timedelta(minutes=1), timedelta(minutes=6)


@pytest.fixture
def town(tmp_path: Path) -> House:
    return house(tmp_path)


def test_a_worker_that_stopped_is_not_hidden_by_another_nor_missed_for_ever(
    town: House,
) -> None:
    services, wall = town.services, town.clock.wall()
    if services.db.engine.dialect.name == "sqlite":
        workers.beat(services.db, "killed", wall)
        workers.beat(services.db, "here", wall + MINUTE)
        assert workers.longest_silent(services.db) == wall + MINUTE, "one process, by design"
        return
    workers.beat(services.db, "stops", wall)
    workers.beat(services.db, "ends", wall)
    workers.beat(services.db, "works", wall + 10 * MINUTE)
    workers.leave(services.db, "ends")
    assert examine(services, wall + 10 * MINUTE).silent == 10 * MINUTE
    workers.leave(services.db, "stops")
    assert examine(services, wall + 10 * MINUTE).silent == timedelta(0)
    workers.beat(services.db, "stops", wall)
    workers.beat(services.db, "works", wall + timedelta(days=1, seconds=1))
    assert examine(services, wall + timedelta(days=1, seconds=1)).silent == timedelta(0)


def test_a_process_without_a_worker_sees_that_the_one_of_another_fell_silent(town: House) -> None:
    services, wall = town.services, town.clock.wall()
    assert examine(services, wall).silent is None
    workers.beat(services.db, "elsewhere", wall)
    assert list(faults(examine(services, wall + MOST), MOST)) == []
    [fault] = faults(examine(services, wall + MOST + MINUTE), MOST)
    assert fault["fault"] == "worker-silent"


def test_a_process_gives_its_signs_of_life_and_takes_them_back_when_it_ends(town: House) -> None:
    services, wall = town.services, town.clock.wall()
    worker.beat(services)
    assert workers.longest_silent(services.db) is None, "no worker runs here"
    services.pulse.note(worker.JOBS, wall)
    worker.beat(services)
    assert workers.longest_silent(services.db) == wall
    worker.leave(services)
    assert workers.longest_silent(services.db) is None
