"""What must not grow: finding due touches among few and many planned ones, deciding with few and
many open debriefs, syncing a course when its members have come."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
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
from tests.bench.row import Row, milliseconds
from tests.builders import MONDAY
from tests.integration.lti.lms import serve
from tests.integration.lti.terms import term

DUE, FEW, MANY, MEMBERS = 50, 1_000, 20_000, 1_800


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
    this very process: when none of its learners has launched, and again, when all have."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve() as lms,
        term(Path(folder), lms, members) as there,
    ):
        there.arrive(there.launch("teacher-1"))

        def sync() -> float:
            start = perf_counter()
            if rosters.sync(there.rosters, there.tool.registration, there.key).seen != members:
                sys.exit("the bench syncs somebody else")
            return (perf_counter() - start) * 1000

        first = sync()
        for number in range(1, members):
            there.arrive(there.launch(f"student-{number}"))
        with there.tool.db.write("town") as unit:
            unit.execute(update(LtiContext).values(differences_url=None))
            unit.commit()
        return first, sync()


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """Each as the ratio of much to little."""
    few, many, members = (100, 200, 5) if tiny else (FEW, MANY, MEMBERS)
    yield _ratio(
        f"{DUE} due touches among {few} → {many}", looking_for_due(few), looking_for_due(many)
    )
    yield _ratio("deciding with 1 → 12 open debriefs", deciding(1), deciding(12))
    none, every = syncing(members)
    yield _ratio(f"syncing {members} members, none → all have launched", none, every)


def _ratio(what: str, little: float, much: float) -> Row:
    return Row(what, much / little, note=f"{little:.2f} and {much:.2f} ms")
