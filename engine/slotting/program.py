"""The best plan by integer programming: HiGHS on one thread with a fixed seed, first on the most
promising pairs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from math import floor
from typing import Any

import highspy
import numpy as np

from engine.slotting.deadline import Deadline
from engine.slotting.model import programme
from engine.slotting.problem import AIM, Choice, Problem
from engine.slotting.reasons import SlottingOutOfTime
from engine.slotting.values import Pair, Progress, Tell
from engine.values.errors import Refused

FIRST = 2000
"""How many pairs the solver gets at first: with no more pairs than this, the plan is optimal."""
CLOSE = 0.005
"""With more pairs, a plan is good enough if no other can exceed it by more than this share."""
TOLERANCE = 1e-3
"""The rounding error of the solver. The value of every plan is an integer."""


def improved(
    problem: Problem,
    start: Choice,
    deadline: Deadline,
    tell: Tell,
    first: int = FIRST,
    close: float = CLOSE,
) -> Choice:
    """The best plan, or the best one found before the deadline; at least as good as ``start``.

    The same problem gives the same plan, unless the deadline cut the search short. The linear
    relaxation gives an upper bound on every plan, and a lower one on plans that contain a given
    pair. The solver gets the ``first`` pairs with the highest bounds, then four times as many, and
    so on until the bound on all the others is within ``close`` (a share) of the best plan known:
    reduced cost fixing (Dantzig, Fulkerson and Johnson 1954).
    """
    if not problem.gains or not deadline.left():
        return start
    relaxed = _relaxed(problem, deadline)
    best, value, size, taken = start, problem.value(start), first, 0.0
    bound = relaxed.bound(0, value)
    while bound > value and (left := deadline.left()) > taken:
        better = partial(_tell, tell, bound)
        better(value)
        step = _best_of(problem, relaxed.pairs[:size], best, deadline, better)
        best = max(filter(problem.allows, (best, step.plan)), key=problem.value)
        value = problem.value(best)
        if not step.finished:
            break
        bound = relaxed.bound(size, value)
        if bound - value <= close * abs(value):
            break
        size, taken = 4 * size, left - deadline.left()
    _tell(tell, bound, value)
    return best


def _tell(tell: Tell, bound: int, best: int) -> None:
    tell(Progress("improve", best, bound))


def any_plan(problem: Problem, modules: Collection[str], deadline: Deadline) -> Choice | None:
    """Any plan that keeps every limit, made of ``modules``, which include the pinned ones; None if
    there is none.

    Raises ``Refused("slotting-out-of-time")`` if the deadline passed before that is known.
    """
    pairs = [pair for pair in problem.gains if pair[0] in modules]
    solver = _solver(programme(problem, pairs, whole=True), deadline.left())
    solver.setOptionValue("mip_max_improving_sols", 1)
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    if (found := _plan(solver, pairs)) is None:
        raise Refused(SlottingOutOfTime())
    return found


@dataclass(frozen=True)
class _Relaxed:
    """The pairs, the most promising first, and for each an upper bound on the plans that contain
    it."""

    pairs: Sequence[Pair]
    most: Sequence[float]

    def bound(self, size: int, best: int) -> int:
        """The upper bound on every plan, if ``best`` is the best one made of the first ``size``
        pairs."""
        return max(best, floor(self.most[size] + TOLERANCE)) if size < len(self.most) else best


def _relaxed(problem: Problem, deadline: Deadline) -> _Relaxed:
    """Bounds the pairs by linear programming or, if half the time left is not enough, by gains
    alone."""
    pairs = list(problem.gains)
    solver = _solver(programme(problem, pairs, whole=False), deadline.left() / 2)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        pairs.sort(key=lambda pair: -problem.gains[pair])
        return _Relaxed(pairs, [_every_wish(problem)] * len(pairs))
    duals = np.minimum(solver.getSolution().col_dual[: len(pairs)], 0)
    ranks = np.argsort(-duals, kind="stable")
    most = solver.getInfo().objective_function_value + duals[ranks]
    return _Relaxed([pairs[n] for n in ranks], most.tolist())


def _every_wish(problem: Problem) -> int:
    """The value of a plan with every module in its best place and all aims served."""
    aims = {aim for module in problem.by_module for aim in problem.ground.modules[module].aims}
    best = (max(map(problem.gains.__getitem__, pairs)) for pairs in problem.by_module.values())
    return sum(best) + AIM * len(aims)


@dataclass(frozen=True)
class _Step:
    """The best plan known that is made of some pairs, and whether it is proven optimal for them."""

    plan: Choice
    finished: bool


def _best_of(
    problem: Problem,
    promising: Sequence[Pair],
    start: Choice,
    deadline: Deadline,
    better: Callable[[int], None],
) -> _Step:
    """The best plan made of the ``promising`` pairs and those of ``start``; ``better`` is called
    with the value of every improvement found."""
    pairs = sorted(start.union(promising))
    solver = _solver(programme(problem, pairs, whole=True), deadline.left())
    chosen = np.array([float(pair in start) for pair in pairs])
    solver.setSolution(len(pairs), np.arange(len(pairs), dtype=np.int32), chosen)
    solver.cbMipImprovingSolution += lambda event: better(
        round(event.data_out.objective_function_value)
    )
    solver.run()
    plan = _plan(solver, pairs)
    finished = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return _Step(start if plan is None else plan, finished)


def _solver(lp: Any, seconds: float) -> Any:
    highs: Any = highspy.Highs  # which has no type annotations
    solver = highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("time_limit", seconds),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),
    ):  # the value of every plan is an integer
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    return solver


def _plan(solver: Any, pairs: Sequence[Pair]) -> Choice | None:
    """The plan that the solver ended with, if it has one."""
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    values = solver.getSolution().col_value
    return frozenset(pair for pair, value in zip(pairs, values, strict=False) if value > 0.5)
