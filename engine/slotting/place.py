"""Where each module goes: the one question that slotting answers, from outline, modules and
limits to a plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from time import monotonic

from engine.curriculum.outline import Outline
from engine.slotting.conflicts import conflicts
from engine.slotting.explain import explain
from engine.slotting.greedy import greedy
from engine.slotting.problem import Ground, ground, problem
from engine.slotting.program import solve
from engine.slotting.values import Candidate, Conflicts, Limits, Pair, Plan
from engine.values.reasons import Reason

SECONDS = 10.0
"""How long a plan may be looked for or, where there is none, why there is none."""


def place(
    outline: Outline,
    modules: Collection[Candidate],
    limits: Limits,
    previous: Collection[Pair] = (),
    seconds: float = SECONDS,
    timer: Callable[[], float] = monotonic,
) -> Plan:
    """The plan worth most, with a reason for everything in it and for everything left out.

    ``previous`` are the pairs of the plan before (``plan.pairs``), which is kept as far as it still
    serves. Raises ``Conflicts`` when the limits cannot all hold, naming which;
    ``Refused("slotting-out-of-time")`` when ``seconds`` by ``timer`` were not enough to find any
    plan at all, or to tell which limits conflict.
    """
    end = timer() + seconds
    base = ground(outline, modules)
    if unknown := tuple(_unknown(base, limits)):
        raise Conflicts(unknown)
    task = problem(base, limits, previous)
    first = greedy(task)
    solved = solve(task, first, max(0.0, end - timer()))
    if solved is None:
        raise Conflicts(conflicts(base, limits, lambda: max(0.0, end - timer())))
    kept = frozenset(previous)
    plans = [plan for plan in (kept, solved, first) if plan is not None and task.allows(plan)]
    return explain(task, max(plans, key=task.value), kept)


def _unknown(base: Ground, limits: Limits) -> Iterator[Reason]:
    for module in sorted({module for module, _ in limits.pins} | limits.bans):
        if module not in base.modules:
            yield Reason("unknown-module", {"module": module})
    for section in sorted({section for _, section in limits.pins}):
        if section not in base.week:
            yield Reason("unknown-section", {"section": section})
