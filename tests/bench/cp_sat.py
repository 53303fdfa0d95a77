"""Slotting by CP-SAT, for the bench to compare with. Not to be imported beside highspy.

``python -m tests.bench.cp_sat SECTIONS MODULES SEED SECONDS`` prints what its best plan is worth
and what no plan exceeds.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import Any

from ortools.sat.python import cp_model

from engine.slotting.problem import AIM, ALIKE, Problem, ground, problem
from engine.slotting.values import Pair
from tests.bench.slotting_courses import course

Literals = dict[Pair, Any]


def solve(task: Problem, seconds: float) -> tuple[int, int]:
    """What the best plan found is worth, and what none exceeds."""
    model = cp_model.CpModel()
    chosen: Literals = {pair: model.new_bool_var("") for pair in task.gains}
    _limits(model, task, chosen)
    worth = [gain * chosen[pair] for pair, gain in task.gains.items()]
    model.maximize(sum([*worth, *_aims(model, task, chosen), *_alike(model, task, chosen)]))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.solve(model)
    return round(solver.objective_value), round(solver.best_objective_bound)


def _limits(model: Any, task: Problem, chosen: Literals) -> None:
    for key in (lambda pair: ("module", pair[0]), lambda pair: ("section", pair[1])):
        for group in _groups(chosen, key).values():
            model.add_at_most_one(chosen[pair] for pair in group)
    for group in _groups(chosen, task.week).values():
        spent = sum(task.minutes(pair) * chosen[pair] for pair in group)
        model.add(spent <= task.limits.weekly_minutes)
    order = task.ground.order
    for pair, literal in chosen.items():
        for after in task.after(pair[0]):
            before = [p for p in task.by_module.get(after, ()) if order[p[1]] < order[pair[1]]]
            model.add_bool_or([~literal, *(chosen[earlier] for earlier in before)])
    for pin in task.limits.pins:
        model.add(chosen[pin] == 1)


def _aims(model: Any, task: Problem, chosen: Literals) -> list[Any]:
    modules, served = task.ground.modules, []
    for aim in sorted({aim for module, _ in chosen for aim in modules[module].aims}):
        literal = model.new_bool_var("")
        serving = (one for pair, one in chosen.items() if aim in modules[pair[0]].aims)
        model.add_bool_or([~literal, *serving])
        served.append(AIM * literal)
    return served


def _alike(model: Any, task: Problem, chosen: Literals) -> list[Any]:
    modules, excesses = task.ground.modules, []
    there = _groups(chosen, lambda pair: (modules[pair[0]].kind, task.week(pair)))
    for kind in sorted({kind for kind, _ in there}):
        for week in sorted(set(task.ground.week.values())):
            near = [*there.get((kind, week), ()), *there.get((kind, week + 1), ())]
            if len(near) > 1:
                excess = model.new_int_var(0, len(near), "")
                model.add(excess >= sum(chosen[pair] for pair in near) - 1)
                excesses.append(-ALIKE * excess)
    return excesses


def _groups(chosen: Literals, key: Callable[[Pair], Hashable]) -> dict[Any, list[Pair]]:
    groups: dict[Any, list[Pair]] = defaultdict(list)
    for pair in chosen:
        groups[key(pair)].append(pair)
    return groups


if __name__ == "__main__":
    sections, modules, seed = map(int, sys.argv[1:4])
    made = course(sections, modules, seed)
    asked = problem(ground(made.outline, made.modules), made.limits)
    print(json.dumps(solve(asked, float(sys.argv[4]))))
