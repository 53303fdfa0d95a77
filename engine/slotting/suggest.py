"""Where each module would go best, one at a time, in the course as it is: shown to a teacher who
places modules by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from engine.curriculum.outline import Outline
from engine.slotting.explain import left_out, why_linked
from engine.slotting.problem import Choice, Problem, ground, problem
from engine.slotting.values import Candidate, Limits, Pair, Suggestion


def suggest(
    outline: Outline,
    modules: Collection[Candidate],
    limits: Limits,
    placed: Collection[Pair],
    chosen: Sequence[str] = (),
) -> dict[str, Suggestion]:
    """By module key, the best-linked section that is open to the module, free, in a week with
    enough minutes left, and after its prerequisites. ``chosen`` modules are placed one after
    another, prerequisites first, so that no two share a section; without them, each module is
    considered on its own. The pins of ``limits`` are ignored: ``placed`` says which module is
    where."""
    base = ground(outline, modules)
    task = problem(
        base,
        Limits(
            limits.weekly_minutes, frozenset(), limits.bans, limits.not_before, limits.not_after
        ),
    )
    choice = frozenset(pair for pair in placed if pair[0] in base.modules and pair[1] in base.week)
    found: dict[str, Suggestion] = {}
    for module in _in_order(task, chosen) if chosen else base.modules:
        found[module] = _suggestion(task, choice, module)
        if chosen and (section := found[module].section):
            choice |= {(module, section)}
    return found


def _in_order(task: Problem, chosen: Sequence[str]) -> Iterator[str]:
    """The known modules, each after its prerequisites; otherwise in the order in which they were
    chosen."""
    left = [module for module in dict.fromkeys(chosen) if module in task.ground.modules]
    while left:
        ready = next(
            (module for module in left if not set(task.after(module)) & set(left)), left[0]
        )
        left.remove(ready)
        yield ready


def _suggestion(task: Problem, choice: Choice, module: str) -> Suggestion:
    base = task.ground
    here = next((pair for pair in choice if pair[0] == module), None)
    pair = here or _best(task, choice, module)
    if pair is None:
        return Suggestion(None, 0.0, tuple(left_out(task, choice, module)))
    fit = base.fits.get(pair)
    return Suggestion(pair[1], fit.value if fit else 0.0, tuple(why_linked(fit)), here is not None)


def _best(task: Problem, choice: Choice, module: str) -> Pair | None:
    """The possible pair of that module with the best fit; among equals, the first in the course."""
    base = task.ground
    free = [
        pair
        for pair in task.by_module.get(module, ())
        if task.room(choice, pair) and not task.missing(choice, pair)
    ]
    return min(free, key=lambda pair: (-base.fits.scores[pair], base.order[pair[1]]), default=None)
