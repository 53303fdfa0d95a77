"""Which of the teacher's limits cannot hold together: minimal sets of pins and bans, and why each
conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations, permutations

from engine.slotting.deadline import Deadline
from engine.slotting.feasible import pins_with_needs, stands_on
from engine.slotting.problem import Ground, closed, problem
from engine.slotting.reasons import (
    Clash,
    PinBanned,
    PinBeforePrerequisite,
    PinImpossible,
    PinNeedsBanned,
    PinsConflict,
    PinsExceedWeek,
    PinsShareModule,
    PinsShareSection,
    PinWithoutPrerequisite,
)
from engine.slotting.values import Limits, Pair
from engine.values.errors import Refused

Limit = Pair | str
"""A pin (module, section) or a ban (module)."""


def conflicts(base: Ground, limits: Limits, deadline: Deadline) -> tuple[Clash, ...]:
    """One reason for each minimal set of pins and bans that conflict; the sets have no limit in
    common.

    Each set is found by a deletion filter (Chinneck and Dravnieks 1991): remove a limit, and leave
    it out if the rest still conflicts. Without these sets all the limits can hold, unless the
    deadline passed: then no further set is looked for. Empty if the limits can all hold as they
    are. Raises ``Refused("slotting-out-of-time")`` if the deadline passed before one set was known.
    """
    rest: list[Limit] = [*sorted(limits.bans), *sorted(limits.pins)]
    found: list[Clash] = []
    try:
        while not (found and not deadline.left()) and not _hold(base, limits, rest, deadline):
            core = _smallest(base, limits, rest, deadline)
            found.append(_clash(base, limits, core))
            rest = [limit for limit in rest if limit not in core]
    except Refused:
        if not found:
            raise
    return tuple(found)


def _smallest(
    base: Ground, limits: Limits, given: Sequence[Limit], deadline: Deadline
) -> list[Limit]:
    core = list(given)
    for limit in given:
        rest = [other for other in core if other != limit]
        if not _hold(base, limits, rest, deadline):
            core = rest
    return core


def _hold(base: Ground, limits: Limits, given: Iterable[Limit], deadline: Deadline) -> bool:
    """Whether some plan satisfies these pins and bans, as well as the minutes and days that apply
    to every plan."""
    pins = frozenset(limit for limit in given if not isinstance(limit, str))
    bans = frozenset(limit for limit in given if isinstance(limit, str))
    pinned = {module for module, _ in pins}
    free = stands_on(base, pinned).keys() - pinned  # a pinned module can be nowhere else
    task = problem(base, replace(limits, pins=pins, bans=bans), modules=free)
    return pins_with_needs(task, deadline) is not None


def _clash(base: Ground, limits: Limits, core: Sequence[Limit]) -> Clash:
    """What is wrong with a minimal set, as plainly as possible."""
    pins = tuple(limit for limit in core if not isinstance(limit, str))
    bans = tuple(limit for limit in core if isinstance(limit, str))
    if bans:
        itself = len(pins) == 1 and bans == (pins[0][0],)
        return PinBanned(pins, bans) if itself else PinNeedsBanned(pins, bans)
    if len(pins) == 1:
        why = closed(base, replace(limits, bans=frozenset()), pins[0])
        after = base.modules[pins[0][0]].after
        return (
            PinImpossible(pins, bans, why)
            if why
            else PinWithoutPrerequisite(pins, bans, tuple(after))
        )
    return _between(base, limits, pins)


def _between(base: Ground, limits: Limits, pins: tuple[Pair, ...]) -> Clash:
    """What is wrong with several pins that conflict without any ban."""
    for one, other in combinations(pins, 2):
        if one[1] == other[1]:
            return PinsShareSection(pins, (), one[1])
        if one[0] == other[0]:
            return PinsShareModule(pins, (), one[0])
    weeks = {base.week[section] for _, section in pins}
    minutes = sum(base.modules[module].minutes for module, _ in pins)
    if len(weeks) == 1 and minutes > limits.weekly_minutes:
        return PinsExceedWeek(pins, (), weeks.pop(), minutes, limits.weekly_minutes)
    if any(
        first in base.modules[then].after and base.order[at] > base.order[by]
        for (first, at), (then, by) in permutations(pins, 2)
    ):
        return PinBeforePrerequisite(pins, ())
    return PinsConflict(pins, ())
