"""An answered touch: what the POST that closes it asks of the database, and how long it takes
inside the WSGI app."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.apps import House
from tests.bench import product
from tests.bench.row import Row, at_most, seconds

LEARNERS = 60
FIELDS = re.compile(r'type="hidden" name="(enrolment|prompt|occurrence)" value="([^"]*)"')


def answered(learners: int) -> tuple[list[float], product.Cost]:
    """Seconds of each closing POST, and what one costs."""
    with tempfile.TemporaryDirectory() as folder:
        made, there = product.installed(Path(folder))
        who = product.learner(there)
        product.play(there, who, 1)
        made.clock.later(days=3)
        number = product.open_now(there, who)
        product.copied(there, learners)
        taken = []
        for n in range(learners):
            took, seen = _close(made, there, product.address_of(n), number)
            taken.append(took)
        made.services.close()
    return taken[1:], seen


def _close(made: House, there: product.Town, email: str, number: int) -> tuple[float, product.Cost]:
    """Sign in, answer what comes before the last question, then the last one, which counts."""
    visitor = made.client()
    visitor.sign_in(email)
    while True:
        page = visitor.get(f"/touch/{number}").text.split("/undo")[0]
        option = re.search(r'name="option" value="([^"]+)"', page)
        form = product.form(there.rng, option[1] if option else "") | dict(FIELDS.findall(page))
        if "enrolment" not in form:
            sys.exit("the touch is over: nothing was measured")
        with product.cost(there.db) as seen:
            took = seconds(lambda form=form: visitor.post(f"/touch/{number}", form))
        if not any(touch.learner for touch in product.waiting(there) if _is(there, touch, email)):
            return took, seen


def _is(there: product.Town, touch: product.Waiting, email: str) -> bool:
    return product.email_of(there, touch.learner) == email


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """Statements, transactions, milliseconds."""
    learners = 3 if tiny else LEARNERS
    taken, seen = answered(learners)
    yield Row("an answered touch: statements", len(seen.statements), "", at_most(12))
    yield Row("an answered touch: transactions", seen.transactions)
    note = f"median of {len(taken)}, inside the WSGI app"
    yield Row("an answered touch", median(taken) * 1000, "ms", at_most(4), note)
