"""Slotting large courses: seconds from outline to plan, and what the plan is worth beside CP-SAT's
after a minute.

CP-SAT (``pip install ortools``) gets the same problem, written down anew, on every core there is,
in a process of its own: its library and HiGHS's do not go together. Where it is not installed, its
columns stay empty. ``python -m tests.bench.slotting`` runs this alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from time import perf_counter

from engine.slotting.place import place
from engine.slotting.problem import ground, problem
from engine.slotting.values import Progress
from tests.bench.slotting_courses import course

SIZES = ((120, 150), (500, 200))
CP_SECONDS = 60.0


@dataclass(frozen=True)
class Row:
    """A course's size, our seconds for all of it, what both plans are worth (``theirs`` is None
    without CP-SAT), and ``most``, the lower of both bounds, which no plan exceeds."""

    sections: int
    modules: int
    seconds: float
    ours: int
    theirs: int | None
    most: int


def measure(
    sizes: Sequence[tuple[int, int]] = SIZES, cp_seconds: float = CP_SECONDS, seed: int = 1
) -> list[Row]:
    """One row for each size."""
    return [_measured(*size, cp_seconds, seed) for size in sizes]


def _measured(sections: int, modules: int, cp_seconds: float, seed: int) -> Row:
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
    return Row(
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


def report(say: Callable[[str], object]) -> None:
    """One line for each size. The gaps are how much less ours is worth than CP-SAT's (below 0 when
    it is worth more) and than the bound, at most."""
    for row in measure():
        beside = (
            f"; CP-SAT's after {CP_SECONDS:.0f} s {row.theirs}, gap {1 - row.ours / row.theirs:.2%}"
            if row.theirs
            else ""
        )
        say(
            f"slotting {row.sections} sections × {row.modules} modules: {row.seconds:.1f} s, "
            f"a plan worth {row.ours}, none exceeds {row.most}, gap {1 - row.ours / row.most:.2%}"
            f"{beside}"
        )


if __name__ == "__main__":
    report(print)
