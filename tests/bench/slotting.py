"""Slotting large courses: seconds from outline to plan, and what the plan is worth beside CP-SAT's
after a minute.

CP-SAT (``pip install ortools``) gets the same problem, written down anew, on every core there is;
where it is not installed, its columns stay empty. ``python -m tests.bench.slotting`` runs this
alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from engine.slotting.place import place
from engine.slotting.problem import AIM, ALIKE, Problem, ground, problem
from tests.bench.slotting_courses import Course, course

try:
    from ortools.sat.python import cp_model
except ImportError:
    cp_model = None

SIZES = ((120, 150), (500, 200))
CP_SECONDS = 60.0


@dataclass(frozen=True)
class Row:
    """A course's size, our seconds for all of it, and what both plans are worth (``theirs`` and
    ``most``, which no plan exceeds: None without CP-SAT)."""

    sections: int
    modules: int
    seconds: float
    ours: int
    theirs: int | None
    most: int | None


def measure(
    sizes: Sequence[tuple[int, int]] = SIZES, cp_seconds: float = CP_SECONDS, seed: int = 1
) -> list[Row]:
    """One row for each size."""
    return [_measured(course(*size, seed), cp_seconds) for size in sizes]


def _measured(made: Course, cp_seconds: float) -> Row:
    start = perf_counter()
    plan = place(made.outline, made.modules, made.limits)
    seconds = perf_counter() - start
    task = problem(ground(made.outline, made.modules), made.limits)
    if not task.allows(plan.pairs):
        raise SystemExit("the bench's plan breaks a limit")
    theirs, most = cp_sat(task, cp_seconds) if cp_model else (None, None)
    return Row(
        len(made.outline.sections),
        len(made.modules),
        seconds,
        task.value(plan.pairs),
        theirs,
        most,
    )


def cp_sat(task: Problem, seconds: float) -> tuple[int, int]:
    """What CP-SAT's best plan is worth, and what none exceeds."""
    model = cp_model.CpModel()
    chosen = {pair: model.new_bool_var("") for pair in task.gains}
    modules, order = task.ground.modules, task.ground.order
    groups = defaultdict(list)
    for pair, literal in chosen.items():
        kind, week = modules[pair[0]].kind, task.week(pair)
        for key in (("module", pair[0]), ("section", pair[1]), ("kind", kind, week)):
            groups[key].append(literal)
        groups["week", week].append(task.minutes(pair) * literal)
        for aim in modules[pair[0]].aims:
            groups["aim", aim].append(literal)
        for after in task.after(pair[0]):
            earlier = [
                chosen[one]
                for one in task.by_module.get(after, ())
                if order[one[1]] < order[pair[1]]
            ]
            model.add_bool_or([~literal, *earlier])
        if pair in task.limits.pins:
            model.add(literal == 1)
    worth = [gain * chosen[pair] for pair, gain in task.gains.items()]
    for key, group in list(groups.items()):
        if key[0] in ("module", "section"):
            model.add_at_most_one(group)
        elif key[0] == "week":
            model.add(sum(group) <= task.limits.weekly_minutes)
        elif key[0] == "aim":
            served = model.new_bool_var("")
            model.add_bool_or([~served, *group])
            worth.append(AIM * served)
    for kind in sorted({modules[module].kind for module, _ in chosen}):
        for week in sorted(set(task.ground.week.values())):
            near = groups.get(("kind", kind, week), []) + groups.get(("kind", kind, week + 1), [])
            if len(near) > 1:
                excess = model.new_int_var(0, len(near), "")
                model.add(excess >= sum(near) - 1)
                worth.append(-ALIKE * excess)
    model.maximize(sum(worth))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.solve(model)
    return round(solver.objective_value), round(solver.best_objective_bound)


def report(say: Callable[[str], object]) -> None:
    """One line for each size. The gap is how much less than CP-SAT's plan ours is worth."""
    for row in measure():
        beside = (
            f", CP-SAT's after {CP_SECONDS:.0f} s {row.theirs} (none exceeds {row.most}): "
            f"gap {1 - row.ours / row.theirs:.2%}"
            if row.theirs
            else ""
        )
        say(
            f"slotting {row.sections} sections × {row.modules} modules: {row.seconds:.1f} s, "
            f"a plan worth {row.ours}{beside}"
        )


if __name__ == "__main__":
    report(print)
