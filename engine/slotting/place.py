"""Where each module goes: the one question that slotting answers, from outline, modules and limits
to a plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from time import monotonic

from engine.curriculum.outline import Outline
from engine.slotting.conflicts import conflicts
from engine.slotting.deadline import SECONDS, Deadline
from engine.slotting.explain import explain
from engine.slotting.feasible import pins_with_needs
from engine.slotting.greedy import greedy
from engine.slotting.problem import Choice, Ground, Problem, ground, problem
from engine.slotting.program import improved
from engine.slotting.reasons import UnknownModule, UnknownSection
from engine.slotting.values import Candidate, Conflicts, Limits, Pair, Plan, Progress, Tell
from engine.values.reasons import Reason


def place(
    outline: Outline,
    modules: Collection[Candidate],
    limits: Limits,
    previous: Collection[Pair] = (),
    seconds: float = SECONDS,
    timer: Callable[[], float] = monotonic,
    tell: Tell = lambda progress: None,
) -> Plan:
    """The most valuable plan, with a reason for every placement and for every module left out.

    ``previous`` are the pairs of the previous plan (``plan.pairs``), which is kept as far as it
    still serves. ``seconds``, measured by ``timer``, is the limit for all steps together: the fits
    and a first plan are always computed, and once the time is over no further step begins and the
    best plan found is returned.

    Raises ``Conflicts`` if the limits cannot all hold, naming those that conflict (or one
    conflicting set if time ran out), and ``Refused("slotting-out-of-time")`` if time ran out before
    it was known whether they can.
    """
    deadline = Deadline.after(seconds, timer)
    tell(Progress("fit"))
    base = ground(outline, modules)
    if unknown := tuple(_unknown(base, limits)):
        raise Conflicts(unknown)
    task, kept = problem(base, limits, previous), frozenset(previous)
    tell(Progress("start"))
    if (pins := pins_with_needs(task, deadline)) is None:
        tell(Progress("conflicts"))
        raise Conflicts(conflicts(base, limits, deadline))
    return explain(task, improved(task, _first(task, pins, kept), deadline, tell), kept)


def _first(task: Problem, pins: Choice, kept: Choice) -> Choice:
    """A plan to start from: the previous one, if it still keeps the limits, or one built from the
    pins; either way with everything added that can be."""
    still = (kept & task.gains.keys()) | pins
    return max((greedy(task, base) for base in (still, pins) if task.allows(base)), key=task.value)


def _unknown(base: Ground, limits: Limits) -> Iterator[Reason]:
    for module in sorted({module for module, _ in limits.pins} | limits.bans):
        if module not in base.modules:
            yield UnknownModule(module=module)
    for section in sorted({section for _, section in limits.pins}):
        if section not in base.week:
            yield UnknownSection(section=section)
