"""What is worth asking: the prompts that may be asked on a day, the value of each, and the best few
for a touch."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from engine.packs.arcs import Stage
from engine.spacing import memory
from engine.spacing.days import local_day
from engine.spacing.limits import TINY
from engine.spacing.progress import LET_GO_AFTER, complete, in_turn, lacks_earlier
from engine.spacing.reasons import AnotherExperience, AskedAgain, RecallDue, StageReached
from engine.spacing.values import DebriefState, PlannedPrompt, PromptState
from engine.values.reasons import Reason

AT_MOST = 3
"""The most prompts in a touch."""
CONSIDERED = 16
"""The search for the best three considers only this many of the most valuable prompts: 696 sets at
most."""
HORIZON = timedelta(days=30)
DOUBLES_IN = 7
"""The days that a prompt waits until its value doubles; after twice as many it has tripled. No
prompt starves."""


@dataclass(frozen=True)
class Ask:
    """A prompt that may be asked on every local day from ``first`` until the day before ``until``,
    as things stand."""

    debrief: DebriefState
    prompt: PromptState
    stage: Stage
    first: date
    until: date

    @property
    def family(self) -> tuple[str, str]:
        """The key of a family. Two prompts of one family never share a touch, so that a takeaway is
        recalled only once in it."""
        return self.debrief.enrolment, self.prompt.takeaway or f"prompt {self.prompt.id}"

    def value(self, at: datetime, day: date) -> float:
        """Expected retention gain per minute × weight of the stage × growth with the days
        waited."""
        waited = 1 + (day - self.first).days / DOUBLES_IN
        return self._gain(at) / self.prompt.minutes * self.stage.weight * waited

    def _gain(self, at: datetime) -> float:
        return recall_gain(self.prompt.card, at) if self.prompt.card else self.prompt.gain

    def reasons(self, at: datetime) -> tuple[Reason, ...]:
        """Why this question: a takeaway recalled before (by any prompt) is about to be forgotten,
        or otherwise the prompt's stage has come; and, if it was asked without an answer, that it is
        asked again."""
        prompt = self.prompt
        why = (
            RecallDue(
                due=memory.due(prompt.card).date(),
                retrievability=round(memory.retrievability(prompt.card, at), 2),
            )
            if prompt.card
            else StageReached(stage=self.stage.id, day=self.stage.day)
        )
        in_vain = prompt.asked and not prompt.answered
        return (why, AskedAgain(asked=prompt.asked)) if in_vain else (why,)


def recall_gain(card: str, at: datetime) -> float:
    """How much more likely the takeaway is to be recalled 30 days after ``at`` if it is asked at
    ``at``, whether successfully or not (0–1)."""
    now, later = memory.retrievability(card, at), at + HORIZON
    good, again = (
        memory.retrievability(memory.review(card, grade, at, 0), later) for grade in (3, 1)
    )
    return now * good + (1 - now) * again - memory.retrievability(card, later)


def asks(debrief: DebriefState, longest: float, hour: time, zone: ZoneInfo) -> Iterator[Ask]:
    """What this debrief may ask as things stand, and on which days. ``hour`` is when touches fall
    due.

    A prompt longer than ``longest`` minutes can never be asked of this learner, so it is left out
    and blocks nothing.
    """
    debrief = DebriefState(
        debrief.enrolment,
        debrief.finished_at,
        debrief.arc,
        tuple(p for p in debrief.prompts if p.answered or p.minutes <= longest + TINY),
        debrief.named,
    )
    if complete(debrief):
        return
    finished = local_day(debrief.finished_at, zone)
    until = finished + timedelta(days=debrief.arc.end_day)
    for stage in debrief.arc.stages:
        if in_turn(debrief, stage):
            opens = finished + timedelta(days=stage.day)
            for prompt in debrief.prompts:
                if prompt.stage == stage.id and _may_be_asked(debrief, prompt):
                    yield Ask(
                        debrief,
                        prompt,
                        stage,
                        max(opens, _card_day(prompt, hour, zone) or opens),
                        until,
                    )


def best(
    ready: Sequence[Ask], minutes: float, at: datetime, day: date, rng: random.Random
) -> tuple[Ask, ...]:
    """The most valuable 1–3 prompts that fit in ``minutes``, in the order of ``ready`` (within an
    experience, the author's order); empty if none fits. ``rng`` breaks ties."""
    fitting = [
        (ask.value(at, day), n)
        for n, ask in enumerate(ready)
        if ask.prompt.minutes <= minutes + TINY
    ]
    rng.shuffle(fitting)
    fitting.sort(key=lambda pair: -pair[0])
    sets = (
        chosen
        for size in range(1, AT_MOST + 1)
        for chosen in combinations(fitting[:CONSIDERED], size)
        if _go_together([ready[n] for _, n in chosen], minutes)
    )
    winner = max(sets, key=lambda chosen: sum(value for value, _ in chosen), default=())
    return tuple(ready[n] for n in sorted(n for _, n in winner))


def planned(chosen: Sequence[Ask], at: datetime) -> tuple[PlannedPrompt, ...]:
    """The chosen prompts as they go into a touch at ``at``, each with its reasons."""
    return tuple(
        PlannedPrompt(
            ask.debrief.enrolment,
            ask.prompt.id,
            ask.prompt.next_occurrence,
            ask.prompt.minutes,
            ask.reasons(at)
            + (
                (AnotherExperience(enrolment=ask.debrief.enrolment),)
                if ask.debrief.enrolment != chosen[0].debrief.enrolment
                else ()
            ),
        )
        for ask in chosen
    )


def _may_be_asked(debrief: DebriefState, prompt: PromptState) -> bool:
    if memory.is_leech(prompt.card):
        return False
    if prompt.takeaway and prompt.answered:
        return prompt.card is not None
    return (
        not prompt.answered and prompt.asked < LET_GO_AFTER and not lacks_earlier(debrief, prompt)
    )


def _card_day(prompt: PromptState, hour: time, zone: ZoneInfo) -> date | None:
    """The first local day on which the card is due at ``hour``."""
    if not prompt.card:
        return None
    due = memory.due(prompt.card).astimezone(zone)
    return due.date() + timedelta(days=due.time() > hour)


def _go_together(chosen: Sequence[Ask], minutes: float) -> bool:
    """Whether they fit together, with at most one asking for the learner's own words and no family
    twice."""
    return (
        sum(ask.prompt.minutes for ask in chosen) <= minutes + TINY
        and sum(ask.prompt.own_words for ask in chosen) <= 1
        and len({ask.family for ask in chosen}) == len(chosen)
    )
