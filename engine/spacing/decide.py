"""The one function that decides when the next touch falls due and what it asks, given everything
about a learner; and the same for a learner who does not wait for it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from engine.spacing.days import local_day
from engine.spacing.limits import Limits, limits_of, standing_refusal, to_millionths, unwelcome
from engine.spacing.pace import must_ask
from engine.spacing.progress import asked_in_vain
from engine.spacing.reasons import (
    AskedToLighten,
    DaySkipped,
    HourPassed,
    NothingToAsk,
    TooEarly,
    WeekMinutes,
    WeekMinutesLeft,
    YouCame,
    YourHour,
)
from engine.spacing.until import open_until
from engine.spacing.values import LearnerState, Nothing, Pace, Touch
from engine.spacing.worth import Ask, asks, best, planned
from engine.values.reasons import Reason

SEARCHED_DAYS = 120
"""No debrief lasts longer, so what is not found within these days will never be found."""
LIGHTEN_MINUTES = 0.5
"""How many minutes the question « lighter, or stop? » takes."""


def decide(state: LearnerState, now: datetime, rng: random.Random) -> Touch | Nothing:
    """The next touch: on the earliest local day that every limit allows and on which something may
    be asked.

    It falls due after ``now`` (aware), at the learner's hour, and carries its reasons: why now (and
    not earlier), and why each question. The same arguments, with ``rng`` in the same state, give
    the same touch. Raises ``Invalid`` for an unknown zone.
    """
    if refusal := standing_refusal(state):
        return Nothing(refusal)
    limits = limits_of(state)
    possible = _possible(state, limits)
    spread, today = rng.random(), local_day(now, limits.zone)
    refusals: dict[str, Reason] = {}
    for day in (today + timedelta(days=n) for n in range(SEARCHED_DAYS)):
        ready = [ask for ask in possible if ask.first <= day < ask.until]
        found = (
            _on(day, ready, spread, limits, state.pace, now, rng)
            if ready or _tired(state, day, limits)
            else None
        )
        if isinstance(found, Touch):
            return replace(found, reasons=(*found.reasons, *refusals.values()))
        if found:
            refusals.pop(found.code, None)
            refusals[found.code] = found
    return Nothing(next(reversed(refusals.values()), NothingToAsk()))


def decide_early(state: LearnerState, now: datetime, rng: random.Random) -> Touch | Nothing:
    """The touch of a learner who comes unprompted at ``now`` (aware): the best one that the arcs
    have opened by today.

    Hours, days off, pause, snooze and gap do not apply to a learner who asks; consent, the limit of
    one open touch, the minutes, and the days of arcs and memory cards do. Raises ``Invalid`` for an
    unknown zone.
    """
    if refusal := unwelcome(state):
        return Nothing(refusal)
    limits = limits_of(state)
    today = local_day(now, limits.zone)
    possible = [ask for ask in _possible(state, limits) if today < ask.until]
    ready = [ask for ask in possible if ask.first <= today]
    if not ready:
        first = min((ask.first for ask in possible), default=None)
        return Nothing(TooEarly(day=first) if first else NothingToAsk())
    found = _asking(ready, today, now, limits, state.pace, YouCame(), rng)
    return found if isinstance(found, Touch) else Nothing(found)


def _possible(state: LearnerState, limits: Limits) -> list[Ask]:
    rhythm = limits.rhythm
    longest = min(rhythm.touch_minutes, rhythm.week_minutes)
    return [
        ask
        for debrief in state.debriefs
        for ask in asks(debrief, longest, rhythm.hour, limits.zone)
    ]


def _tired(state: LearnerState, day: date, limits: Limits) -> bool:
    """Whether the learner is due to be asked « lighter, or stop? » even though every prompt that
    could be asked was let go."""
    return must_ask(state.pace) and any(
        asked_in_vain(debrief)
        and (day - local_day(debrief.finished_at, limits.zone)).days < debrief.arc.end_day
        for debrief in state.debriefs
    )


def _on(
    day: date,
    ready: Sequence[Ask],
    spread: float,
    limits: Limits,
    pace: Pace,
    now: datetime,
    rng: random.Random,
) -> Touch | Reason:
    """The touch on that local day, or why there is none."""
    due = limits.moment(day, spread)
    if due is None:
        return DaySkipped(day=day)
    if refusal := limits.refusal(day):
        return refusal
    if due <= now:
        return HourPassed(day=day, hour=limits.rhythm.hour)
    return limits.hour_refusal(due) or _asking(
        ready, day, due, limits, pace, _your_hour(limits), rng
    )


def _asking(
    ready: Sequence[Ask],
    day: date,
    due: datetime,
    limits: Limits,
    pace: Pace,
    why: Reason,
    rng: random.Random,
) -> Touch | Reason:
    """The best touch at ``due`` within the minutes left on that local day, or the reason that too
    few are left."""
    left = limits.week_left(day)
    if must_ask(pace) and left >= LIGHTEN_MINUTES:
        missed = AskedToLighten(missed=pace.missed_in_a_row)
        return Touch(due, open_until(due, limits.zone), (), LIGHTEN_MINUTES, (missed, why))
    chosen = best(ready, min(limits.rhythm.touch_minutes, left), due, day, rng)
    if not chosen:
        return WeekMinutes(day=day, left=left, limit=limits.rhythm.week_minutes)
    prompts = planned(chosen, due)
    minutes = to_millionths(sum(p.minutes for p in prompts))
    rest = WeekMinutesLeft(left=to_millionths(left - minutes), limit=limits.rhythm.week_minutes)
    return Touch(due, open_until(due, limits.zone), prompts, minutes, (why, rest))


def _your_hour(limits: Limits) -> Reason:
    return YourHour(hour=limits.rhythm.hour, zone=limits.rhythm.zone)
