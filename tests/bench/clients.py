"""Twenty clients who answer mailed links without a pause through the real ``serve`` on SQLite: how
long a POST takes."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from engine.values.clock import SystemClock
from tests.bench import product
from tests.bench.row import Row, at_most, p95
from tests.bench.serving import Browser, free_port, served

CLIENTS, EACH = 20, 15
FIELDS = re.compile(r'type="hidden" name="(enrolment|prompt|occurrence)" value="([^"]*)"')


def answering(clients: int, each: int) -> tuple[list[float], float]:
    """Seconds of every POST, and POSTs a second."""
    now = SystemClock().now()
    with tempfile.TemporaryDirectory() as folder:
        made, there = product.installed(Path(folder), 1, now)
        who = product.learner(there, zone=product.waking_zone(now))
        product.play(there, who, 1)
        number = product.open_now(there, who)
        port = free_port()
        copies = product.copied(there, clients * each)
        paths = product.links(there, copies, number, f"http://127.0.0.1:{port}")
        made.services.close()
        with served(Path(folder), port), ThreadPoolExecutor(clients) as pool:
            _answer(port, product.links(there, [who], number, f"http://127.0.0.1:{port}"))
            start = perf_counter()
            shares = [paths[n::clients] for n in range(clients)]
            taken = list(pool.map(lambda share: _answer(port, share), shares))
            whole = perf_counter() - start
    posts = [one for some in taken for one in some]
    return posts, len(posts) / whole


def _answer(port: int, paths: Sequence[str]) -> list[float]:
    """Answer the first question behind each link; seconds of each POST."""
    browser, taken = Browser(port), []
    for path in paths:
        page = browser.get(path).text.split("/undo")[0]
        option = re.search(r'name="option" value="([^"]+)"', page)
        form = product.form(Random(1), option[1] if option else "") | dict(FIELDS.findall(page))
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
