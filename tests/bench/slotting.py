"""Slotting large courses: seconds from outline to plan, and what the plan is worth beside CP-SAT's
after a minute.

CP-SAT (``pip install ortools``) gets the same problem, written down anew, on every core there is,
in a process of its own: its library and HiGHS's do not go together. Where it is not installed, its
figures stay away.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from time import perf_counter

from engine.slotting.place import place
from engine.slotting.problem import ground, problem
from engine.slotting.values import Progress
from tests.bench.row import Row, at_most
from tests.bench.slotting_courses import course

SIZES = ((120, 150, 10.0), (500, 200, 20.0))
"""Sections, modules, and the seconds that planning may take."""
CP_SECONDS, WITHIN = 60.0, 0.01
"""How long CP-SAT may look, and by how much of the worth of its plan ours may fall short."""


@dataclass(frozen=True)
class Slotted:
    """A course's size, our seconds for all of it, what both plans are worth (``theirs`` is None
    without CP-SAT), and ``most``, the lower of both bounds, which no plan exceeds."""

    sections: int
    modules: int
    seconds: float
    ours: int
    theirs: int | None
    most: int


def slotted(sections: int, modules: int, cp_seconds: float, seed: int = 1) -> Slotted:
    """One course, planned by both."""
    made = course(sections, modules, seed)
    told: list[Progress] = []
    start = perf_counter()
    plan = place(made.outline, made.modules, made.limits, tell=told.append)
    seconds = perf_counter() - start
    task = problem(ground(made.outline, made.modules), made.limits)
    if not task.allows(plan.pairs):
        sys.exit("the bench's plan breaks a limit")
    theirs = cp_sat(sections, modules, seed, cp_seconds)
    bounds = [told[-1].bound, theirs and theirs[1]]
    return Slotted(
        sections,
        modules,
        seconds,
        task.value(plan.pairs),
        theirs and theirs[0],
        min(bound for bound in bounds if bound is not None),
    )


def cp_sat(sections: int, modules: int, seed: int, seconds: float) -> tuple[int, int] | None:
    """What CP-SAT's best plan is worth, and what none exceeds; None where it is not installed."""
    if find_spec("ortools") is None:
        return None
    asked = [str(value) for value in (sections, modules, seed, seconds)]
    run = [sys.executable, "-m", "tests.bench.cp_sat", *asked]
    best, most = json.loads(subprocess.run(run, check=True, capture_output=True).stdout)
    return best, most


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """Seconds, and how much less ours is worth than CP-SAT's (below 0 when it is worth more) and
    than the bound, at most."""
    sizes, cp_seconds = (((6, 4, 10.0),), 1.0) if tiny else (SIZES, CP_SECONDS)
    for sections, modules, longest in sizes:
        what, made = f"slotting {sections} × {modules}", slotted(sections, modules, cp_seconds)
        gap = f"worth {made.ours}, none exceeds {made.most}: {_less(made.ours, made.most):.2%} less"
        yield Row(what, made.seconds, "s", at_most(longest), gap)
        if made.theirs is not None:
            note = f"worth {made.theirs} after {cp_seconds:.0f} s"
            less = _less(made.ours, made.theirs)
            yield Row(f"{what}: worth less than CP-SAT's by", less, "", at_most(WITHIN), note)


def _less(ours: int, other: int) -> float:
    """Of the other's worth, how much is missing."""
    return 1 - ours / other if other else 0.0
