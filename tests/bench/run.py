"""``make bench``: timings as ratios, both sides measured in one run on one machine. No test
depends on them."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from sqlalchemy import update

from engine.packs.arcs import arcs
from engine.spacing.decide import decide
from engine.spacing.values import DebriefState, LearnerState, PromptState
from engine.storage.claims import due_touches
from engine.storage.database import Database
from engine.storage.tables import Account, Learner, LtiContext, Touch
from lti.courses import rosters
from tests import builders
from tests.bench import launches, slotting
from tests.builders import MONDAY
from tests.integration.lti.lms import serve
from tests.integration.lti.terms import term

DUE, FEW, MANY = 50, 1_000, 20_000
logging.getLogger("werkzeug").setLevel(logging.ERROR)


def milliseconds(run: Callable[[], object], times: int = 30) -> float:
    """The median of some runs, after one to warm up."""
    run()
    taken = []
    for _ in range(times):
        start = perf_counter()
        run()
        taken.append(perf_counter() - start)
    return median(taken) * 1000


def with_planned(folder: Path, stored: int) -> Database:
    """A database with so many planned touches, ``DUE`` of them due."""
    db = builders.database(folder)
    with db.write("town") as unit:
        for n in range(stored):
            unit.add(Account(id=f"{n:032}", created_at=MONDAY))
        unit.flush()
        for n in range(stored):
            unit.add(Learner(id=f"{n:032}"))
        unit.flush()
        for n in range(stored):
            due = MONDAY + timedelta(days=-1 if n < DUE else 1 + n % 30)
            unit.add(Touch(learner=f"{n:032}", number=1, due_at=due, expires_at=due, minutes=1))
        unit.commit()
    return db


def looking_for_due(stored: int) -> float:
    """Milliseconds to find what is due among so many planned touches."""
    with tempfile.TemporaryDirectory() as folder:
        db = with_planned(Path(folder), stored)

        def look() -> None:
            with db.across("worker-claim") as door:
                if len(due_touches(door, MONDAY, 100)) != DUE:
                    sys.exit("the bench looks at the wrong rows")

        taken = milliseconds(look)
        db.close()
        return taken


def deciding(debriefs: int) -> float:
    """Milliseconds to decide the next touch of a learner with so many open debriefs."""
    arc = arcs()["what-so-what-now-what"]
    prompts = tuple(
        PromptState(f"p{n}", stage.id, 1, 0.25, own_words=True)
        for n, stage in enumerate(arc.stages)
    )
    state = LearnerState(
        True, debriefs=tuple(DebriefState(f"e{n}", MONDAY, arc, prompts) for n in range(debriefs))
    )
    return milliseconds(lambda: decide(state, MONDAY, Random(1)))


def syncing(members: int) -> tuple[float, float]:
    """Milliseconds to sync a course of so many members of our own platform, served over HTTP by
    this very process: at first, when everybody is new, and again, when nobody is."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve() as lms,
        term(Path(folder), lms, members) as there,
    ):
        there.arrive(there.launch("teacher-1"))

        def sync() -> float:
            start = perf_counter()
            if rosters.sync(there.jobs, there.tool.registration, there.key).seen != members:
                sys.exit("the bench syncs somebody else")
            return (perf_counter() - start) * 1000

        first = sync()
        with there.tool.db.write("town") as unit:
            unit.execute(update(LtiContext).values(differences_url=None))
            unit.commit()
        return first, sync()


def show(what: str, one: float, other: float) -> None:
    """One line: both sides, then the ratio that counts."""
    print(f"{what}: {one:.2f} ms and {other:.2f} ms, ratio {other / one:.1f}")


if __name__ == "__main__":
    show(
        f"finding {DUE} due touches among {FEW} and among {MANY} planned",
        looking_for_due(FEW),
        looking_for_due(MANY),
    )
    show("deciding with 1 and with 12 open debriefs", deciding(1), deciding(12))
    launches.report(print)
    slotting.report(print)
    show("syncing 1 800 members, none of them new and all of them", *reversed(syncing(1_800)))
