"""Whether pins are feasible at all: their prerequisites must find places in earlier sections. The
few modules involved are searched by backtracking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import count

from engine.slotting.deadline import Deadline
from engine.slotting.problem import Choice, Ground, Problem
from engine.slotting.program import any_plan
from engine.slotting.values import Pair

STEPS = 500
"""After trying this many places, the search leaves the problem to the solver, which sees at once
that seven modules cannot share six places."""


def pins_with_needs(problem: Problem, deadline: Deadline) -> Choice | None:
    """The pins, and places for all their prerequisites; None if no plan keeps every limit.

    Raises ``Refused("slotting-out-of-time")`` if the deadline passed before that is known. What
    takes only a few steps is answered even then.
    """
    pins = problem.limits.pins
    if not (pins <= problem.gains.keys() and problem.holds(pins) and _in_order(problem, pins)):
        return None
    needs = stands_on(problem.ground, (module for module, _ in pins))
    try:
        last_first = [*TopologicalSorter(needs).static_order()][::-1]
        pinned = {module for module, _ in pins}
        free = [module for module in last_first if module not in pinned]
        return _search(problem, pins, free, count())
    except CycleError:
        return None
    except _ManySteps:
        return any_plan(problem, needs.keys(), deadline)


def _in_order(problem: Problem, pins: Choice) -> bool:
    """Whether each pin comes after the pins of its prerequisites."""
    order, at = problem.ground.order, dict(pins)
    return all(
        order[at[after]] < order[section]
        for module, section in pins
        for after in problem.after(module)
        if after in at
    )


class _ManySteps(Exception):
    """The search took too many steps and is given up."""


def stands_on(base: Ground, modules: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The prerequisites of each of the modules, the prerequisites of those, and so on; none for an
    unknown module."""
    found: dict[str, tuple[str, ...]] = {}
    more = list(modules)
    while more:
        module = more.pop()
        if module not in found:
            found[module] = base.modules[module].after if module in base.modules else ()
            more += found[module]
    return found


def _search(
    problem: Problem, choice: Choice, needed: Sequence[str], steps: Iterator[int]
) -> Choice | None:
    """Finds places for the modules ``needed``, from the first to the last, in addition to that
    choice."""
    if not needed:
        return choice if problem.allows(choice) else None
    for pair in _places(problem, choice, needed[0]):
        if next(steps) >= STEPS:
            raise _ManySteps
        if found := _search(problem, choice | {pair}, needed[1:], steps):
            return found
    return None


def _places(problem: Problem, choice: Choice, module: str) -> list[Pair]:
    """The places open to a module, before every module that depends on it and after all its
    prerequisites; the most valuable come first."""
    pairs = problem.by_module.get(module)
    if not pairs:
        return []
    order, at = problem.ground.order, dict(choice)
    first = max((order[at[after]] for after in problem.after(module) if after in at), default=-1)
    last = min(order[section] for other, section in choice if module in problem.after(other))
    return sorted(
        (pair for pair in pairs if first < order[pair[1]] < last and problem.room(choice, pair)),
        key=lambda pair: -problem.gains[pair],
    )
