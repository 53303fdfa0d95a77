"""Fifty tables of eight seats in the real ``serve`` on SQLite: every page asks every two seconds
whether something has changed, and seats act meanwhile."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from engine.journey import tables
from engine.journey.joining import held_learner
from engine.storage.tables import Account, Placement
from engine.values.clock import SystemClock
from tests.apps import House
from tests.bench import people, product
from tests.bench.row import Row, at_most, p95
from tests.bench.serving import Browser, free_port, served
from tests.integration.tables import GAME, HALL, crowd

TABLES, SEATS, ROUNDS = 50, 8, 8
EVERY, LASTS, HANDS = 2.0, 20.0, 20
"""Seconds between two looks of a page and of the whole measure; how many threads look."""
ACTS_AT = 8
"""A seat acts at every so many looks."""


@dataclass
class Seat:
    """A page that somebody has open at a table, and what their browser keeps."""

    page: str
    cookies: dict[str, str]
    tag: str = ""
    looks: int = 0


@dataclass
class Taken:
    """Seconds of every look, of every page fetched because something had changed, and of every
    act."""

    looks: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    acts: list[float] = field(default_factory=list)


def seated(made: House, there: product.Town, count: int) -> list[str]:
    """So many learners at as many tables as they fill; where their pages are, in order, after the
    ids of their accounts."""
    pack = made.services.library.install(crowd(SEATS, ROUNDS), there.clock.now())
    who = [
        product.learner(there),
        *people.copied(there.db, there.course, product.LEARNER, count - 1),
    ]
    with there.db.write(product.TENANT) as unit:
        placed = unit.query(Placement).one()
        placed.pack, placed.version, placed.module = GAME, pack.version, HALL
        unit.commit()
    pages = []
    for one in who:
        with there.units.write(product.TENANT) as work:
            learner = held_learner(work.session, one)
            found = tables.sit_down(work, learner, there.course, "s1", tables.OTHERS)
            pages.append(f"/experience/{found.id}")
            work.commit()
    return [*who, *pages]


def signed_in(made: House, there: product.Town, account: str) -> dict[str, str]:
    """The cookie that signing in leaves."""
    client = made.app.test_client()
    with there.db.read(product.TENANT) as unit:
        one = unit.get(Account, (product.TENANT, account))
    with client.session_transaction() as session:
        session["_user_id"] = f"{one.tenant}:{one.id}:{one.epoch}"
    kept = client.get_cookie("relecture")
    assert kept is not None
    return {"relecture": kept.value}


def playing(count: int, lasts: float) -> tuple[Taken, float]:
    """What so many seats saw and did in so many seconds, and how many seconds it took."""
    now = SystemClock().now()
    with tempfile.TemporaryDirectory() as folder:
        made, there = product.installed(Path(folder), 1, now)
        both = seated(made, there, count)
        port = free_port()
        seats = [
            Seat(page, signed_in(made, there, account))
            for account, page in zip(both[:count], both[count:], strict=True)
        ]
        made.services.close()
        with served(Path(folder), port), ThreadPoolExecutor(HANDS) as pool:
            with Browser(port, seats[0].cookies) as first:
                first.get(seats[0].page)
            hands = [hand for n in range(HANDS) if (hand := seats[n::HANDS])]
            start = perf_counter()
            taken = list(pool.map(lambda hand: _look_on(port, hand, lasts), hands))
            whole = perf_counter() - start
    every = Taken()
    for one in taken:
        every.looks += one.looks
        every.pages += one.pages
        every.acts += one.acts
    return every, whole


def _look_on(port: int, seats: Sequence[Seat], lasts: float) -> Taken:
    """Has these seats look every two seconds, one after the other over one connection, as a proxy
    would, and act now and then."""
    taken, start, number = Taken(), perf_counter(), 0
    with Browser(port) as browser:
        while (due := start + number * EVERY / len(seats)) < start + lasts:
            sleep(max(0, due - perf_counter()))
            seat = seats[number % len(seats)]
            browser.cookies = seat.cookies
            _look(browser, seat, taken)
            number += 1
    return taken


def _look(browser: Browser, seat: Seat, taken: Taken) -> None:
    seat.looks += 1
    look = browser.get(f"{seat.page}/table", **{"If-None-Match": f'"{seat.tag}"'})
    taken.looks.append(look.seconds)
    if look.status == 200 or seat.looks % ACTS_AT == 0:
        page = browser.get(seat.page)
        if page.status != 200:
            sys.exit(f"the page of a table answers {page.status}: nothing was measured")
        taken.pages.append(page.seconds)
        seat.tag = re.findall(r'data-tag="([^"]*)"', page.text)[0]
        if seat.looks % ACTS_AT == 0 and 'name="put"' in page.text:
            asked = r'type="hidden" name="(number|step)" value="([^"]*)"'
            act = browser.post(seat.page, {**dict(re.findall(asked, page.text)), "put": "5"})
            if act.status != 303:
                sys.exit(f"an act is answered {act.status}: nothing was measured")
            taken.acts.append(act.seconds)
    elif look.status != 304:
        sys.exit(f"a table answers {look.status}: nothing was measured")


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """The p95 of a look, of a page, of an act."""
    count, lasts = (SEATS, 3.0) if tiny else (TABLES * SEATS, LASTS)
    taken, whole = playing(count, lasts)
    what = f"{count // SEATS} tables of {SEATS}"
    note = (
        f"median {median(taken.looks) * 1000:.1f} ms, {len(taken.looks) / whole:.0f} looks a second"
    )
    yield Row(f"{what}, p95 of a look", p95(taken.looks), "ms", at_most(100), note)
    yield Row(f"{what}, p95 of a page", p95(taken.pages), "ms", None, f"{len(taken.pages)} pages")
    if taken.acts:
        note = f"{len(taken.acts) / whole:.1f} acts a second"
        yield Row(f"{what}, p95 of an act", p95(taken.acts), "ms", at_most(100), note)
