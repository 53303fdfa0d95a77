"""The path page of who lived one experience and of who lived twelve: the statements that it asks of
the database, and its time inside the WSGI app."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.apps import Visitor
from tests.bench import product
from tests.bench.cost import cost
from tests.bench.row import Row, at_most, took

FEW, MANY = 1, 12


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """Statements with many, for each with few; constant is 1."""
    many = 2 if tiny else MANY
    with tempfile.TemporaryDirectory() as folder:
        made, there = product.installed(Path(folder), many)
        who = product.learner(there)
        lea = made.client()
        lea.sign_in(product.LEARNER)
        product.play(there, who, 1)
        few = _statements(there, lea)
        for section in range(2, many + 1):
            product.play(there, who, section)
        much = _statements(there, lea)
        taken = median(took(lambda: lea.get("/path")).busy for _ in range(5 if tiny else 20)) * 1000
        made.services.close()
    note = f"{few} statements with {FEW} experience, {much} with {many}"
    yield Row(f"path page, {FEW} → {many} experiences", much / few, "", at_most(1), note)
    yield Row(
        f"path page, {many} experiences", taken, "ms", note="processor time inside the WSGI app"
    )


def _statements(there: product.Town, lea: Visitor) -> int:
    lea.get("/path")
    with cost(there.db) as seen:
        if lea.get("/path").status_code != 200:
            sys.exit("the path page is not there: nothing was counted")
    return len(seen.statements)
