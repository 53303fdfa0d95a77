"""Messages handed over a second through a channel that does nothing, a commit for each: on SQLite
against the bare driver, on PostgreSQL against Procrastinate, with one worker and with two."""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import update
from sqlalchemy.engine import make_url

from engine.storage.database import Database
from engine.storage.tables import Base, Delivery, Tenant
from tests import builders
from tests.bench import people, postgres, product
from tests.bench.cost import Cost, cost
from tests.bench.peers import bare, jobs
from tests.bench.row import Row, Took, at_least, took

COUNT, ROUNDS = 400, 3


def waiting(db: Database, count: int) -> product.Town:
    """A town in which so many mails wait."""
    there = product.town(db)
    who = product.learner(there)
    product.play(there, who, 1)
    product.open_now(there, who, mail=True)
    people.copied(there.db, there.course, product.LEARNER, count - 1)
    return there


def on_sqlite(count: int, rounds: int) -> tuple[Took, Took, Cost]:
    """What one message takes, ours and the bare loop's; and what all of ours cost."""
    ours, peer = [], []
    with tempfile.TemporaryDirectory() as folder:
        db = builders.database(Path(folder))
        waiting(db, count)
        file, copy = Path(folder) / "test.db", Path(folder) / "bare.db"
        driver: Any = db.engine.dialect.dbapi
        for _ in range(rounds):
            _again(db)
            db.close()
            shutil.copy(file, copy)
            peer.append(took(lambda: _all(bare.hand_over(driver, copy), count)))
            ours.append(took(lambda: _all(product.hand_over(db, "one"), count)))
        _again(db)
        with cost(db) as seen:
            _all(product.hand_over(db, "one"), count)
        db.close()
    return _one(ours, count), _one(peer, count), seen


def _one(rounds: Sequence[Took], count: int) -> Took:
    """The median of rounds, for one message."""
    return Took(median(r.wall for r in rounds) / count, median(r.busy for r in rounds) / count)


def _all(done: int, count: int) -> None:
    if done != count:
        sys.exit(f"{done} of {count} messages were handed over: nothing was measured")


def _again(db: Database) -> None:
    """All of them wait once more."""
    table = Delivery.__table__
    with db.engine.begin() as connection:
        connection.execute(
            update(table).values(
                state="waiting",
                attempts=0,
                owner=None,
                lease_until=None,
                sent_at=None,
                next_at=builders.MONDAY,
            )
        )


def on_postgres(url: str, count: int, rounds: int, workers: int) -> tuple[float, float]:
    """Ours and Procrastinate's, a second, with so many processes."""
    plain = _plain(url)
    ours, peer = [], []
    db = Database(url)
    for _ in range(rounds):
        _again(db)
        db.close()
        jobs.wait(plain, count)
        peer.append(count / at_once(_their_worker, plain, workers))
        ours.append(count / at_once(_our_worker, url, workers))
    return median(ours), median(peer)


def _plain(url: str) -> str:
    """The URL as the driver itself reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _our_worker(url: str, number: int, ready: Any) -> None:
    db = Database(url)
    with db.engine.connect():
        ready.wait()
    while product.hand_over(db, f"worker-{number}"):
        pass
    db.close()


def _their_worker(url: str, _number: int, ready: Any) -> None:
    asyncio.run(jobs.work(url, ready.wait))


def at_once(work: Callable[[str, int, Any], None], url: str, workers: int) -> float:
    """Seconds from the moment when all are there until the last is done."""
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(workers + 1)
    running = [context.Process(target=work, args=(url, n, ready)) for n in range(workers)]
    for process in running:
        process.start()
    ready.wait()
    start = perf_counter()
    for process in running:
        process.join()
    if any(process.exitcode for process in running):
        sys.exit("a worker broke: nothing was measured")
    return perf_counter() - start


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """SQLite, then PostgreSQL with one worker and two."""
    count, rounds = (12, 1) if tiny else (COUNT, ROUNDS)
    ours, peer, seen = on_sqlite(count, rounds)
    note = (
        f"{1 / ours.wall:.0f} and {1 / peer.wall:.0f} a second, median of {rounds} rounds of "
        f"{count}; processor {ours.busy * 1000:.2f} and {peer.busy * 1000:.2f} ms a message"
    )
    ratio = peer.wall / ours.wall
    yield Row("hand-over on SQLite, against the bare driver", ratio, "", at_least(0.25), note)
    yield Row("hand-over: statements a message", len(seen.statements) / count)
    yield Row("hand-over: transactions a message", seen.transactions / count)
    with postgres.running() as url:
        db = Database(url)
        Base.metadata.create_all(db.engine)
        with db.shared(write=True) as unit:
            unit.add(Tenant(id=product.TENANT, name="Town", created_at=builders.MONDAY))
            unit.commit()
        waiting(db, count)
        jobs.create(_plain(url))
        for workers in (1, 2):
            mine, its = on_postgres(url, count, rounds, workers)
            note = f"{mine:.0f} and {its:.0f} a second; the dream is ≥ 5"
            yield Row(
                f"hand-over on PostgreSQL, {workers} worker(s), against Procrastinate",
                mine / its,
                "",
                at_least(2),
                note,
            )
        db.close()
