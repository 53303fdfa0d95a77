"""The progress page of a course of 1 800 learners through the real ``serve``: its time, its weight
on the wire, and what somebody on other pages notices meanwhile."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from engine.values.clock import SystemClock
from tests.bench import people, product
from tests.bench.row import Row, at_most, p95
from tests.bench.serving import Browser, Page, free_port, looking, served

LEARNERS, LOOKS = 1_800, 20
FACILITATOR = "ada@example.org"
PAGES = ("/home", "/path", "/inbox", "/settings")


def looked_at(learners: int, looks: int) -> tuple[list[Page], list[float]]:
    """Each look at the progress page, and the seconds of other pages meanwhile."""
    now = SystemClock().now()
    with tempfile.TemporaryDirectory() as folder:
        made, there = product.installed(Path(folder), 4, now)
        who = product.learner(there)
        for section in (1, 2):
            product.play(there, who, section)
        people.copied(there.db, there.course, product.LEARNER, learners - 1)
        product.facilitator(there, FACILITATOR)
        made.services.close()
        port = free_port()
        with served(Path(folder), port), Browser(port) as ada, Browser(port) as lea:
            ada.sign_in(FACILITATOR)
            lea.sign_in(product.LEARNER)
            path = f"/courses/{there.course_slug}/people"
            for warm in (path, path):
                _good(ada.get(warm))
            for page in PAGES:
                lea.get(page)
            alone = [_good(ada.get(path)) for _ in range(looks)]
            with looking(lea, PAGES, 0.02) as meanwhile:
                while len(meanwhile) < 2 * looks:
                    ada.get(path)
    return alone, meanwhile


def _good(page: Page) -> Page:
    if page.status != 200:
        sys.exit(f"the progress page answers {page.status}: nothing was measured")
    return page


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """Time, weight, and the others."""
    learners, looks = (5, 3) if tiny else (LEARNERS, LOOKS)
    alone, meanwhile = looked_at(learners, looks)
    taken = median(page.seconds for page in alone) * 1000
    encoding = alone[0].headers.get("content-encoding", "not compressed")
    what = f"progress page of {learners} learners"
    yield Row(what, taken, "ms", at_most(40), f"median of {looks}")
    yield Row(f"{what}, on the wire", alone[0].weight / 1024, "KB", at_most(25), encoding)
    note = f"median {median(meanwhile) * 1000:.0f} ms"
    yield Row("other pages meanwhile, p95", p95(meanwhile), "ms", at_most(50), note)
