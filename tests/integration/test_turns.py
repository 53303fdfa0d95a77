"""Writers of a SQLite file take turns in the order in which they asked, whatever became of the one
before."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from engine.storage import database
from engine.storage.database import Database
from engine.storage.queries import journeys
from engine.storage.queries.running import change
from engine.storage.tables import Account
from engine.storage.turns import SecondWriter, Turns
from tests import builders
from tests.builders import MONDAY


def until(true: Callable[[], bool]) -> None:
    """Wait until that is so."""
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.001)


def in_a_thread(work: Callable[[], object]) -> Thread:
    thread = Thread(target=work)
    thread.start()
    return thread


def add(db: Database, name: str) -> None:
    with db.write("town") as unit:
        unit.add(Account(name=name, created_at=MONDAY))
        unit.commit()


def names(db: Database) -> list[str]:
    with db.read("town") as unit:
        return sorted(unit.scalars(select(Account.name)))


def test_who_asked_first_has_the_first_turn() -> None:
    turns, order = Turns(), list[int]()
    assert turns.take(1)

    def wait(n: int) -> None:
        assert turns.take(20)
        order.append(n)
        turns.give_back()

    threads = []
    for n in range(8):
        threads.append(in_a_thread(lambda n=n: wait(n)))
        until(lambda n=n: len(turns._waiting) == n + 1)
    turns.give_back()
    for thread in threads:
        thread.join()
    assert order == list(range(8))
    assert turns.take(0.01), "the last one gave it back"


def test_who_waited_in_vain_is_no_longer_waited_for() -> None:
    turns = Turns()
    assert turns.take(1)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(turns.take, 0.01).result() is False
        turns.give_back()
        assert pool.submit(turns.take, 0.01).result() is True


def test_a_turn_is_given_to_one_alone() -> None:
    turns, inside, most = Turns(), list[int](), list[int]()

    def work(n: int) -> None:
        for _ in range(200):
            if turns.take(20 if n else 0.0001):
                inside.append(n)
                most.append(len(inside))
                inside.pop()
                turns.give_back()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert set(most) == {1} and len(most) >= 1000


@pytest.mark.parametrize("end", ["commit", "rollback", "close", "leave", "raise"])
def test_the_turn_ends_however_the_unit_ends(tmp_path: Path, end: str) -> None:
    db = builders.database(tmp_path)
    try:
        with db.write("town") as unit:
            unit.add(Account(name="a", created_at=MONDAY))
            unit.flush()
            if end == "raise":
                raise LookupError
            if end != "leave":
                getattr(unit, end)()
                add(db, "while it is still open")
    except LookupError:
        pass
    add(db, "next")
    with ThreadPoolExecutor(1) as pool:
        pool.submit(add, db, "in another thread").result()
    assert "next" in names(db) and ("a" in names(db)) == (end == "commit")


def test_the_turn_ends_when_the_connection_breaks(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with db.write("town") as unit:
        unit.connection().invalidate()
    with db.write("town") as unit, pytest.raises(OperationalError):
        unit.connection().execute(text("SELECT no_such_column"))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(add, db, "next").result()
    assert names(db) == ["next"]


def test_a_thread_that_writes_is_told_that_it_cannot_write_a_second_time(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with db.write("town") as unit:
        unit.add(Account(name="first", created_at=MONDAY))
        unit.flush()
        with pytest.raises(SecondWriter, match="writing already"):
            add(db, "second")
        with db.read("town") as looking:
            assert looking.scalars(select(Account)).all() == []
        unit.commit()
    add(db, "third")
    assert names(db) == ["first", "third"]


def test_a_unit_may_be_ended_by_another_thread(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    unit = database.TenantSession(db.writing, info={"tenant": "town"})
    unit.add(Account(name="a", created_at=MONDAY))
    unit.flush()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(unit.commit).result()
        pool.submit(add, db, "b").result()
    assert names(db) == ["a", "b"]


def test_who_waits_too_long_hears_that_the_database_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY", 0.05)
    there = builders.database(tmp_path)
    db = Database(str(there.engine.url))
    held, done = Event(), Event()

    def hold() -> None:
        with db.write("town") as unit:
            unit.scalars(select(Account)).all()
            held.set()
            done.wait(20)

    holder = in_a_thread(hold)
    held.wait(20)
    with pytest.raises(OperationalError, match="locked"):
        add(db, "in vain")
    done.set()
    holder.join()
    add(db, "later")
    assert names(db) == ["later"]
    db.close()


def test_another_process_is_waited_for_as_sqlite_does(tmp_path: Path) -> None:
    db, other = builders.database(tmp_path), Database(f"sqlite:///{tmp_path / 'test.db'}")
    with db.write("town") as unit:
        unit.add(Account(name="first", created_at=MONDAY))
        unit.flush()
        waiting = in_a_thread(lambda: add(other, "second"))
        unit.commit()
    waiting.join()
    assert names(db) == ["first", "second"]
    other.close()


def test_sixteen_threads_that_write_all_get_through(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: add(db, f"{n:03}"), range(160)))
    assert names(db) == [f"{n:03}" for n in range(160)]


def test_a_worker_that_keeps_its_connection_keeps_nobody_waiting_after_a_commit(
    tmp_path: Path,
) -> None:
    there = builders.world(tmp_path)
    with there.units().statements("town") as held:
        change(held, journeys.WITHDRAW, of_learner="nobody")
        held.commit()
        add(there.db, "while it is still kept")
        change(held, journeys.WITHDRAW, of_learner="nobody")
        held.commit()
    assert names(there.db) == ["while it is still kept"]
