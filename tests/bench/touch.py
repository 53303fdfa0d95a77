"""An answered touch: what the POST that closes it asks of the database, and how long it takes
inside the WSGI app."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

from tests.apps import House
from tests.bench import people, product
from tests.bench.cost import Cost, cost
from tests.bench.row import Row, Took, at_most, took

LEARNERS = 60


def answered(learners: int) -> tuple[list[Took], Cost]:
    """Seconds of each closing POST, and what one costs."""
    with tempfile.TemporaryDirectory() as folder:
        made, there = product.installed(Path(folder))
        who = product.learner(there)
        product.play(there, who, 1)
        made.clock.later(days=3)
        number = product.open_now(there, who)
        taken = []
        copies = people.copied(there.db, there.course, product.LEARNER, learners)
        for n, copy in enumerate(copies):
            email = people.address_of(product.LEARNER, n)
            one, seen = _close(made, email, number, product.forms(there, copy, number))
            taken.append(one)
            if product.has_open(there, copy):
                sys.exit("the touch is not over: nothing was measured")
        made.services.close()
    return taken[1:], seen


def _close(made: House, email: str, number: int, forms: list[dict[str, str]]) -> tuple[Took, Cost]:
    """Sign in, answer what comes before the last question, then the last one, which counts."""
    visitor = made.client()
    visitor.sign_in(email)
    for form in forms:
        visitor.get(f"/touch/{number}")
        with cost(made.services.db) as seen:
            taken = took(partial(visitor.post, f"/touch/{number}", form))
    return taken, seen


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """Statements, transactions, milliseconds."""
    learners = 3 if tiny else LEARNERS
    taken, seen = answered(learners)
    yield Row("an answered touch: statements", len(seen.statements), "", at_most(12))
    yield Row("an answered touch: transactions", seen.transactions)
    wall = median(one.wall for one in taken) * 1000
    note = f"processor time inside the WSGI app, median of {len(taken)} ({wall:.1f} ms of wall)"
    yield Row("an answered touch", median(one.busy for one in taken) * 1000, "ms", at_most(4), note)
