"""The placement problem as numbers: which pairs are possible, what each is worth, and which limits
every plan must keep."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain

from engine.curriculum.outline import Outline
from engine.slotting.fit import Fits, fits, unsuited
from engine.slotting.reasons import LongerThanSection, LongerThanWeek, OutsideWindow, TeacherBan
from engine.slotting.values import Candidate, Limits, Pair
from engine.values.reasons import Reason

FIT = 1000
"""Weights are integers, so that two plans compare equal exactly if they are worth the same. A
perfect fit is worth 1000."""
KEPT = 250
"""A placement of the previous plan is moved only for a gain of more than a quarter of a perfect
fit."""
AIM = 50
"""The value of each of the four aims that the plan serves at least once."""
ALIKE = 30
"""Deducted for each experience beyond the first of one kind of activity within two consecutive
weeks."""

Choice = frozenset[Pair]


@dataclass(frozen=True)
class Ground:
    """What does not depend on the limits: the modules by key (in the order of keys), which of them
    do not suit the audience and why, the fits, and for each section its week, its position in the
    course, its days and its minutes (0 if unknown)."""

    modules: Mapping[str, Candidate]
    unsuited: Mapping[str, tuple[Reason, ...]]
    fits: Fits
    week: Mapping[str, int]
    order: Mapping[str, int]
    days: Mapping[str, tuple[date, date] | None]
    minutes: Mapping[str, int]


def ground(outline: Outline, modules: Collection[Candidate]) -> Ground:
    """The ground of a course; sections are in the order of their weeks, then in the order of the
    outline."""
    known = {module.key: module for module in sorted(modules, key=lambda module: module.key)}
    refused = {key: unsuited(module, outline.audience) for key, module in known.items()}
    week = {
        section.id: number
        for section, number in zip(outline.sections, outline.weeks(), strict=True)
    }
    order = {
        section: place
        for place, section in enumerate(sorted(week, key=lambda section: week[section]))
    }
    suited = [module for key, module in known.items() if not refused[key]]
    days = {
        section.id: span for section, span in zip(outline.sections, outline.spans(), strict=True)
    }
    minutes = {section.id: section.minutes for section in outline.sections}
    return Ground(
        known,
        {key: why for key, why in refused.items() if why},
        fits(outline, suited),
        week,
        order,
        days,
        minutes,
    )


@dataclass(frozen=True)
class Problem:
    """The placement problem of a course. ``gains`` maps every possible pair to its value, in a
    fixed order."""

    ground: Ground
    limits: Limits
    gains: Mapping[Pair, int]

    def after(self, module: str) -> tuple[str, ...]:
        """The prerequisites of a module, which must be placed in earlier sections."""
        return self.ground.modules[module].after

    @cached_property
    def by_module(self) -> Mapping[str, Sequence[Pair]]:
        """The possible pairs of each module that has any, in the order of the course."""
        pairs: dict[str, list[Pair]] = defaultdict(list)
        for pair in sorted(self.gains, key=lambda pair: self.ground.order[pair[1]]):
            pairs[pair[0]].append(pair)
        return pairs

    def minutes(self, pair: Pair) -> int:
        """Experience minutes of a placement."""
        return self.ground.modules[pair[0]].minutes

    def week(self, pair: Pair) -> int:
        """The week that a placement falls into."""
        return self.ground.week[pair[1]]

    def value(self, choice: Choice) -> int:
        """The value of a plan: gains plus aims served, minus the deduction for placements of one
        kind in consecutive weeks."""
        modules = self.ground.modules
        aims = {aim for module, _ in choice for aim in modules[module].aims}
        placed = Counter((modules[pair[0]].kind, self.week(pair)) for pair in choice)
        alike = sum(
            max(0, placed[kind, week] + placed[kind, week + 1] - 1)
            for kind in {kind for kind, _ in placed}
            for week in set(self.ground.week.values())
        )
        return sum(self.gains[pair] for pair in choice) + AIM * len(aims) - ALIKE * alike

    def allows(self, choice: Choice) -> bool:
        """Whether a plan keeps every limit."""
        place = {module: self.ground.order[section] for module, section in choice}
        return (
            choice <= self.gains.keys()
            and self.limits.pins <= choice
            and self.holds(choice)
            and all(
                place.get(after, place[module]) < place[module]
                for module in place
                for after in self.after(module)
            )
        )

    def holds(self, choice: Choice) -> bool:
        """Whether no module is placed twice, no section holds two modules, and every week has
        enough minutes."""
        spent = Counter[int]()
        for pair in choice:
            spent[self.week(pair)] += self.minutes(pair)
        return (
            len({module for module, _ in choice}) == len(choice)
            and len({section for _, section in choice}) == len(choice)
            and all(minutes <= self.limits.weekly_minutes for minutes in spent.values())
        )

    def room(self, choice: Choice, pair: Pair) -> bool:
        """Whether the pair's module is not placed yet, its section is free, and its week has enough
        minutes left."""
        spent = sum(self.minutes(other) for other in choice if self.week(other) == self.week(pair))
        return (
            all(pair[0] != module and pair[1] != section for module, section in choice)
            and spent + self.minutes(pair) <= self.limits.weekly_minutes
        )

    def missing(self, choice: Choice, pair: Pair) -> tuple[str, ...]:
        """The prerequisites of a pair's module that are not placed in an earlier section."""
        held = {
            module
            for module, section in choice
            if self.ground.order[section] < self.ground.order[pair[1]]
        }
        return tuple(module for module in self.after(pair[0]) if module not in held)


def problem(
    base: Ground,
    limits: Limits,
    previous: Collection[Pair] = (),
    modules: Collection[str] | None = None,
) -> Problem:
    """The problem of a course under limits. The possible pairs are the linked pairs (only those of
    ``modules``, if given) and the pins, except those whose section is closed to them."""
    linked = base.fits.by_module
    wanted = chain.from_iterable(
        linked.get(module, ()) for module in (linked if modules is None else modules)
    )
    kept = frozenset(previous)
    gains = {
        pair: _gain(base, pair) + KEPT * (pair in kept)
        for pair in sorted(limits.pins.union(wanted))
        if not closed(base, limits, pair)
    }
    return Problem(base, limits, gains)


def closed(base: Ground, limits: Limits, pair: Pair) -> tuple[Reason, ...]:
    """Why this pair is impossible, whatever else is placed: ban, audience, days or length. Empty if
    it is possible."""
    module, length = base.modules[pair[0]], base.minutes[pair[1]]
    if module.key in limits.bans:
        return (TeacherBan(),)
    if module.key in base.unsuited:
        return base.unsuited[module.key]
    if not _open(limits, base.days[pair[1]]):
        return (OutsideWindow(section=pair[1]),)
    if module.minutes > limits.weekly_minutes:
        return (LongerThanWeek(minutes=module.minutes, weekly_minutes=limits.weekly_minutes),)
    if 0 < length < module.minutes:
        return (LongerThanSection(minutes=module.minutes, section=pair[1], length=length),)
    return ()


def _open(limits: Limits, days: tuple[date, date] | None) -> bool:
    """Whether any day of the section lies in the window; a section without days is always open."""
    if days is None:
        return True
    return (limits.not_before or days[1]) <= days[1] and days[0] <= (limits.not_after or days[0])


def _gain(base: Ground, pair: Pair) -> int:
    score = base.fits.scores.get(pair)
    return 0 if score is None else max(1, round(FIT * score))
