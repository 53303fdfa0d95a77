"""The placement problem as an integer programme, solved by HiGHS on one thread with a fixed
seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from engine.slotting.problem import AIM, ALIKE, Choice, Problem
from engine.slotting.values import Pair
from engine.values.errors import Refused

Variables = dict[Pair, Any]


def solve(problem: Problem, start: Choice | None, seconds: float) -> Choice | None:
    """The best plan, or None when no plan keeps every limit. ``start`` is a plan to begin from.

    After ``seconds`` it gives the best plan found so far, else ``start``; having neither, it raises
    ``Refused("slotting-out-of-time")``. Without that limit's help the same problem always gives the
    same plan.
    """
    if not problem.limits.pins <= problem.gains.keys():
        return None
    if not problem.gains:
        return frozenset()
    model = _model(seconds)
    chosen = {pair: model.addBinary(name=f"x{number}") for number, pair in enumerate(problem.gains)}
    _limits(model, problem, chosen)
    served, alike = _aims(model, problem, chosen), _alike(model, problem, chosen)
    if start is not None:
        _begin(model, chosen, start)
    worth = [gain * chosen[pair] for pair, gain in problem.gains.items()]
    model.maximize(
        model.qsum([*worth, *(AIM * aim for aim in served), *(-ALIKE * excess for excess in alike)])
    )
    return _answer(model, chosen, start)


def _model(seconds: float) -> Any:
    import highspy  # with numpy, large; a server that places nothing does without

    highs: Any = highspy.Highs  # which says no types
    model = highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("time_limit", seconds),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),
    ):  # every value of a plan is a whole number
        model.setOptionValue(option, value)
    return model


def _limits(model: Any, problem: Problem, chosen: Variables) -> None:
    """Once a module, once a section, the minutes of each week, prerequisites strictly before,
    pins."""
    for group in (*_groups(chosen, lambda pair: pair[0]), *_groups(chosen, lambda pair: pair[1])):
        model.addConstr(_sum(model, chosen, group) <= 1)
    for group in _groups(chosen, problem.week):
        model.addConstr(
            model.qsum([problem.minutes(pair) * chosen[pair] for pair in group])
            <= problem.limits.weekly_minutes
        )
    for pair in chosen:
        for module in problem.after(pair[0]):
            earlier = list(problem.before(module, pair[1]))
            model.addConstr(chosen[pair] - _sum(model, chosen, earlier) <= 0)
    for pin in sorted(problem.limits.pins):
        model.addConstr(1 * chosen[pin] == 1)


def _aims(model: Any, problem: Problem, chosen: Variables) -> list[Any]:
    """One variable an aim, at most 1 and only with a placement that serves it."""
    modules = problem.ground.modules
    served = []
    for aim in sorted({aim for module, _ in chosen for aim in modules[module].aims}):
        variable = model.addVariable(0, 1)
        model.addConstr(
            variable
            - _sum(model, chosen, [pair for pair in chosen if aim in modules[pair[0]].aims])
            <= 0
        )
        served.append(variable)
    return served


def _alike(model: Any, problem: Problem, chosen: Variables) -> list[Any]:
    """One variable for each kind of activity and two consecutive weeks: how many there are
    beyond the first."""
    modules, excesses = problem.ground.modules, []
    for kind in sorted({modules[module].kind for module, _ in chosen}):
        for week in sorted(set(problem.ground.week.values())):
            near = [
                pair
                for pair in chosen
                if modules[pair[0]].kind == kind and problem.week(pair) in (week, week + 1)
            ]
            if len(near) > 1:
                excess = model.addVariable(0, len(near))
                model.addConstr(excess - _sum(model, chosen, near) >= -1)
                excesses.append(excess)
    return excesses


def _begin(model: Any, chosen: Variables, start: Choice) -> None:
    import highspy

    solution = highspy.HighsSolution()
    solution.col_value = [float(pair in start) for pair in chosen] + [0.0] * (
        model.numVariables - len(chosen)
    )
    model.setSolution(solution)


def _answer(model: Any, chosen: Variables, start: Choice | None) -> Choice | None:
    import highspy

    status = model.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    if model.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        return frozenset(pair for pair, variable in chosen.items() if model.val(variable) > 0.5)
    if start is None:
        raise Refused("slotting-out-of-time")
    return start


def _groups(pairs: Iterable[Pair], key: Callable[[Pair], Any]) -> list[list[Pair]]:
    groups: dict[Any, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[key(pair)].append(pair)
    return list(groups.values())


def _sum(model: Any, chosen: Variables, pairs: Iterable[Pair]) -> Any:
    return model.qsum([1 * chosen[pair] for pair in pairs])
