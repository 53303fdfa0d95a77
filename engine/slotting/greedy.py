"""The plain way to a plan: again and again the pair that adds most. A start for the solver, and
its fallback."""

from __future__ import annotations

from collections.abc import Iterator

from engine.slotting.problem import AIM, Choice, Problem
from engine.slotting.values import Pair


def greedy(problem: Problem) -> Choice | None:
    """A plan that keeps every limit; None when going greedily finds none (there may be one all
    the same)."""
    choice: Choice = problem.limits.pins & problem.gains.keys()
    while (step := _best(problem, choice)) is not None:
        choice |= {step}
    return choice if problem.allows(choice) else None


def _best(problem: Problem, choice: Choice) -> Pair | None:
    """The next pair: a prerequisite that something placed (a pin) still lacks comes before
    anything else."""
    worth = problem.value(choice)
    needed = frozenset(_needed(problem, choice))
    best, best_gain = None, float("-inf") if needed else 0.0
    for pair, most in _by_promise(problem):
        if most <= best_gain:
            break
        if problem.room(choice, pair) and (
            pair in needed if needed else not problem.missing(choice, pair)
        ):
            gain = problem.value(choice | {pair}) - worth
            if gain > best_gain:
                best, best_gain = pair, gain
    return best


def _by_promise(problem: Problem) -> list[tuple[Pair, int]]:
    """Every pair with the most that it could ever add, best first."""
    most = {
        pair: gain + AIM * len(problem.ground.modules[pair[0]].aims)
        for pair, gain in problem.gains.items()
    }
    return sorted(most.items(), key=lambda item: (-item[1], item[0]))


def _needed(problem: Problem, choice: Choice) -> Iterator[Pair]:
    for pair in choice:
        for module in problem.missing(choice, pair):
            yield from problem.before(module, pair[1])
