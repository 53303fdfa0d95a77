"""The desk of a course with 100, 1 800 and 10 000 people: its time, counted each time it is asked
for, and bytes; and the list of its people."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.apps import Visitor
from tests.bench import people, product
from tests.bench.row import Row, at_most, took

SIZES, LOOKS = (100, 1_800, 10_000), 15
FACILITATOR = "ada@example.org"


@dataclass(frozen=True)
class Looked:
    """Milliseconds of processor of a page, its bytes; milliseconds of the list of people."""

    desk: float
    size: int
    people: float


def looked_at(learners: int, looks: int) -> Looked:
    """The pages of a course with so many people, each of whom lived four experiences and answered
    for weeks."""
    with tempfile.TemporaryDirectory() as folder:
        made, there = product.installed(Path(folder), 8)
        who = product.learner(there)
        for section in (1, 2, 3, 4):
            product.play(there, who, section)
        for _week in range(6):
            there.clock.later(days=8)
            product.open_now(there, who)
            for touch in product.waiting(there):
                product.respond(there, touch)
        people.copied(there.db, there.course, product.LEARNER, learners - 1)
        product.facilitator(there, FACILITATOR)
        visitor = made.client()
        visitor.sign_in(FACILITATOR)
        page = f"/courses/{there.course_slug}"
        _good(visitor, f"{page}/desk")
        desk = [_busy(visitor, f"{page}/desk") for _look in range(looks)]
        listed = [_busy(visitor, f"{page}/people") for _look in range(5)]
        size = len(_good(visitor, f"{page}/desk"))
        made.services.close()
    return Looked(median(desk), size, median(listed))


def _busy(visitor: Visitor, path: str) -> float:
    return took(lambda: _good(visitor, path)).busy * 1000


def _good(visitor: Visitor, path: str) -> bytes:
    page = visitor.get(path)
    if page.status_code != 200:
        sys.exit(f"{path} answers {page.status_code}: nothing was measured")
    return page.data


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """For each number of people; the ratio that counts is that of 1 800 to 100."""
    sizes, looks = ((3, 5), 2) if tiny else (SIZES, LOOKS)
    seen = {learners: looked_at(learners, looks) for learners in sizes}
    few, many = (seen[learners] for learners in sizes[:2])
    for learners, one in seen.items():
        what = f"desk of {learners} people"
        yield Row(what, one.desk, "ms", None, "processor, its figures counted")
        yield Row(f"{what}, bytes", one.size / 1024, "KB", at_most(60), "not compressed")
        yield Row(f"list of {learners} people", one.people, "ms", None, "a page of 50")
    yield Row(f"desk of {sizes[1]} people, of {sizes[0]}", many.desk / few.desk, "", at_most(2))
