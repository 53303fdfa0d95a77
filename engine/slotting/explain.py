"""From a choice of pairs to a plan in which every placement has its reasons, and so does every
module left out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.slotting.fit import Fit
from engine.slotting.problem import Choice, Problem, closed
from engine.slotting.reasons import (
    AfterPrerequisite,
    AimsServed,
    NoLink,
    NoRoomInWeek,
    PrerequisiteLeftOut,
    PrerequisiteTooLate,
    SamePlace,
    SectionTaken,
    SharedTags,
    SharedWords,
    TeacherBan,
    TeacherPin,
    TooAlikeNearby,
    WeekLoad,
)
from engine.slotting.values import LeftOut, Pair, Placement, Plan
from engine.values.reasons import Reason

MAX_OBSTACLES = 3
"""For a module left out, only the obstacles in its best sections are reported, at most this
many."""


def explain(problem: Problem, choice: Choice, previous: Choice) -> Plan:
    """The plan: placements in the order of the course, then every other module by key."""
    placements, served = [], set[str]()
    for pair in sorted(choice, key=lambda pair: problem.ground.order[pair[1]]):
        aims = [aim for aim in problem.ground.modules[pair[0]].aims if aim not in served]
        served.update(aims)
        placements.append(_placement(problem, choice, pair, aims, pair in previous))
    placed = {module for module, _ in choice}
    left = [
        LeftOut(key, tuple(left_out(problem, choice, key)))
        for key in problem.ground.modules
        if key not in placed
    ]
    return Plan(tuple(placements), tuple(left))


def why_linked(fit: Fit | None) -> list[Reason]:
    """What a module and a section have in common, as reasons."""
    tags: list[Reason] = [SharedTags(tags=tuple(fit.tags))] if fit and fit.tags else []
    return tags + ([SharedWords(words=tuple(fit.words))] if fit and fit.words else [])


def _placement(
    problem: Problem, choice: Choice, pair: Pair, aims: list[str], kept: bool
) -> Placement:
    module, section = pair
    fit = problem.ground.fits.get(pair)
    pinned = pair in problem.limits.pins
    reasons: list[Reason] = [TeacherPin()] if pinned else []
    if kept:
        reasons.append(SamePlace())
    reasons += why_linked(fit)
    if problem.after(module):
        reasons.append(AfterPrerequisite(modules=tuple(problem.after(module))))
    if aims:
        reasons.append(AimsServed(aims=tuple(aims)))
    week = problem.week(pair)
    reasons.append(
        WeekLoad(
            week=week,
            minutes=_spent(problem, choice, week),
            weekly_minutes=problem.limits.weekly_minutes,
        )
    )
    return Placement(
        section, module, problem.minutes(pair), fit.value if fit else 0.0, tuple(reasons), pinned
    )


def left_out(problem: Problem, choice: Choice, module: str) -> Iterator[Reason]:
    """Why a module has no place next to that choice."""
    base = problem.ground
    if module in problem.limits.bans:
        yield TeacherBan()
        return
    if module in base.unsuited:
        yield from base.unsuited[module]
        return
    linked = base.fits.by_module.get(module)
    if not linked:
        yield NoLink()
        return
    placed = {key for key, _ in choice}
    if missing := [after for after in problem.after(module) if after not in placed]:
        yield PrerequisiteLeftOut(modules=tuple(missing))
        return
    told: list[Reason] = []
    for pair in sorted(linked, key=lambda pair: (-base.fits.scores[pair], base.order[pair[1]])):
        told += [reason for reason in _obstacles(problem, choice, pair) if reason not in told]
        if len(told) >= MAX_OBSTACLES:
            break
    yield from told[:MAX_OBSTACLES]


def _obstacles(problem: Problem, choice: Choice, pair: Pair) -> Iterator[Reason]:
    """What prevents one linked pair: the first obstacle found, or, if there is no other, that the
    plan gains nothing by it."""
    module, section = pair
    week, limits = problem.week(pair), problem.limits
    taken = next((other for other, place in choice if place == section), None)
    if why := closed(problem.ground, limits, pair):
        yield from why
    elif taken is not None:
        yield SectionTaken(section=section, module=taken)
    elif _spent(problem, choice, week) + problem.minutes(pair) > limits.weekly_minutes:
        yield NoRoomInWeek(
            section=section,
            week=week,
            minutes=problem.minutes(pair),
            free=limits.weekly_minutes - _spent(problem, choice, week),
        )
    elif late := problem.missing(choice, pair):
        yield PrerequisiteTooLate(section=section, modules=tuple(late))
    else:
        yield TooAlikeNearby(section=section, kind=problem.ground.modules[module].kind)


def _spent(problem: Problem, choice: Choice, week: int) -> int:
    return sum(problem.minutes(pair) for pair in choice if problem.week(pair) == week)
