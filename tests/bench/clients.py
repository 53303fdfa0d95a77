"""Twenty clients who answer mailed links without a pause, one POST after the other, through the
real ``serve`` on SQLite: how long a POST takes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter

from engine.values.clock import SystemClock
from tests.bench import people, product
from tests.bench.row import Row, at_most, p95
from tests.bench.serving import Browser, free_port, served

CLIENTS, EACH = 20, 20
Work = Sequence[tuple[str, Sequence[dict[str, str]]]]
"""Where each touch is answered, and the fields that answer its questions."""


def answering(clients: int, each: int) -> tuple[list[float], float]:
    """Seconds of every POST, and POSTs a second."""
    now = SystemClock().now()
    with tempfile.TemporaryDirectory() as folder:
        made, there = product.installed(Path(folder), 1, now)
        who = product.learner(there, zone=product.waking_zone(now))
        product.play(there, who, 1)
        number = product.open_now(there, who)
        port = free_port()
        everybody = [who, *people.copied(there.db, there.course, product.LEARNER, clients * each)]
        paths = product.links(there, everybody, number, f"http://127.0.0.1:{port}")
        asked = [product.forms(there, one, number) for one in everybody]
        warm, *work = zip(paths, asked, strict=True)
        made.services.close()
        with served(Path(folder), port), ThreadPoolExecutor(clients) as pool:
            browsers = [Browser(port) for _ in range(clients)]
            for browser in browsers:
                browser.get(warm[0])
            _answer(browsers[0], [warm])
            start = perf_counter()
            taken = list(pool.map(_answer, browsers, (work[n::clients] for n in range(clients))))
            whole = perf_counter() - start
            for browser in browsers:
                browser.close()
    posts = [one for some in taken for one in some]
    return posts, len(posts) / whole


def _answer(browser: Browser, work: Work) -> list[float]:
    """Answer every question behind each link; seconds of each POST."""
    taken = []
    for path, forms in work:
        for form in forms:
            answer = browser.post(path, form)
            if answer.status != 303:
                sys.exit(f"an answer was refused with {answer.status}: nothing was measured")
            taken.append(answer.seconds)
    return taken


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """The p95, with what stands around it."""
    clients, each = (2, 2) if tiny else (CLIENTS, EACH)
    taken, rate = answering(clients, each)
    note = f"median {median(taken) * 1000:.0f} ms, {rate:.0f} answers a second, {len(taken)} in all"
    yield Row(f"{clients} clients answering, p95 of a POST", p95(taken), "ms", at_most(250), note)
