"""Answering: a touch in words, an answer kept, memory and pace moved, the reveal opened, the
next touch decided."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.debrief.answers import read_answer
from engine.debrief.compose import compose
from engine.debrief.values import Answer as Content
from engine.debrief.values import Question
from engine.journey.joining import learner_of
from engine.journey.leaving import LEFT
from engine.journey.news import tell
from engine.journey.planning import debrief_of, debriefs_of, replan, state_of, write_plan
from engine.journey.playing import acts_of
from engine.journey.touches import (
    close_touch,
    open_touch,
    planned_one,
    prompts_of,
    reasons_of,
    reopen_touch,
    touch_of,
)
from engine.packs.model import Module
from engine.packs.prompts import Recall
from engine.spacing import memory
from engine.spacing import values as spacing
from engine.spacing.decide import EXPIRES_AFTER, decide_early
from engine.spacing.limits import may_open_early
from engine.spacing.progress import answerable, revealed
from engine.storage.library import Library
from engine.storage.tables import Answer, Enrolment, Learner, Memory, Touch, TouchPrompt
from engine.values.errors import Conflict, NotFound, Refused
from engine.values.reasons import Reason


@dataclass(frozen=True)
class AskedPrompt:
    """One prompt of a touch as the learner sees it; ``answer`` is None while it is open."""

    enrolment: str
    prompt: str
    occurrence: int
    cover: str
    question: Question
    minutes: float
    reasons: tuple[Reason, ...]
    answer: Content | None


@dataclass(frozen=True)
class TouchView:
    """A touch in words. ``left`` are the prompts still to answer, in order."""

    touch: Touch
    asked: tuple[AskedPrompt, ...]

    @property
    def left(self) -> tuple[AskedPrompt, ...]:
        """What is still to be answered."""
        return tuple(a for a in self.asked if a.answer is None)

    @property
    def minutes_left(self) -> float:
        """Touch minutes of what is still to be answered."""
        return sum(a.minutes for a in self.left)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why now."""
        return reasons_of(self.touch)


@dataclass(frozen=True)
class AnswerResult:
    """What an answer did: ``revealed`` is the enrolment whose real subject may now be named, if
    this answer opened it."""

    touch_done: bool
    revealed: str | None = None


def touch_view(
    unit: Session, library: Library, learner_id: str, number: int, lang: str
) -> TouchView:
    """A touch in words. Raises ``NotFound("touch-unknown")``."""
    touch = touch_of(unit, learner_id, number)
    return TouchView(
        touch, tuple(_asked(unit, library, row, lang) for row in prompts_of(unit, touch))
    )


def answer(
    unit: Session,
    library: Library,
    learner_id: str,
    number: int,
    enrolment_id: str,
    prompt_id: str,
    occurrence: int,
    form: Mapping[str, str],
    now: datetime,
    rng: Random,
) -> AnswerResult:
    """Keep an answer. The same answer sent twice counts once.

    Raises ``Conflict("touch-planned" | "touch-missed" | "touch-snoozed" | "already-answered")``,
    ``Invalid`` from ``read_answer`` and ``NotFound``; nothing changes then.
    """
    learner, touch = learner_of(unit, learner_id), touch_of(unit, learner_id, number)
    key = (enrolment_id, prompt_id, occurrence)
    row = next(
        (r for r in prompts_of(unit, touch) if (r.enrolment, r.prompt, r.occurrence) == key), None
    )
    if row is None:
        raise (
            Conflict(f"touch-{touch.state}")
            if touch.state in ("snoozed", "missed")
            else NotFound("prompt-unknown")
        )
    enrolment, module = _module(unit, library, enrolment_id)
    prompt = module.spec.prompt(prompt_id)
    if prompt is None:
        raise NotFound("prompt-unknown")
    content = read_answer(prompt, form)
    kept = _kept(unit, row)
    if kept is not None:
        if dict(kept.content) == dict(content):
            return AnswerResult(touch.state != "open")
        raise Conflict("already-answered")
    if touch.state != "open":
        raise Conflict(f"touch-{touch.state}")
    before = _recall(unit, enrolment, prompt, content, now) if isinstance(prompt, Recall) else None
    unit.add(
        Answer(
            enrolment=enrolment_id,
            prompt=prompt_id,
            occurrence=occurrence,
            touch=number,
            content=dict(content),
            card_before=before,
            answered_at=now,
        )
    )
    unit.flush()
    tell(unit, learner.id, enrolment_id)
    opened = _reveal(unit, library, enrolment, now)
    done = all(_kept(unit, r) for r in prompts_of(unit, touch))
    if done:
        close_touch(unit, learner, touch, "answered", now)
        replan(unit, library, learner, now, rng)
    return AnswerResult(done, enrolment.id if opened else None)


def undo(
    unit: Session,
    library: Library,
    learner_id: str,
    number: int,
    enrolment_id: str,
    prompt_id: str,
    occurrence: int,
    now: datetime,
    rng: Random,
) -> Content:
    """Take back a mis-tap in touch ``number``: the answer goes, memory and pace are what they were,
    the touch is open again.

    What had been answered is returned, to be corrected. Raises ``NotFound("answer-unknown")``, and
    ``Refused("too-late-to-undo")`` once the touch is over its time, a later one was opened, or
    nothing of that course is asked any more because the learner left it (or stopped altogether).
    """
    learner = learner_of(unit, learner_id)
    row = unit.scalars(
        select(TouchPrompt).where(
            TouchPrompt.learner == learner_id,
            TouchPrompt.touch == number,
            TouchPrompt.enrolment == enrolment_id,
            TouchPrompt.prompt == prompt_id,
            TouchPrompt.occurrence == occurrence,
        )
    ).one_or_none()
    kept = _kept(unit, row) if row else None
    if row is None or kept is None:
        raise NotFound("answer-unknown")
    touch = touch_of(unit, learner_id, number)
    if (
        touch.number != learner.last_touch
        or touch.state not in ("open", "answered")
        or now >= touch.expires_at
    ):
        raise Refused("too-late-to-undo")
    enrolment, module = _module(unit, library, enrolment_id)
    if enrolment.closed_as == LEFT or learner.stopped_at is not None:
        raise Refused("too-late-to-undo")
    prompt = module.spec.prompt(prompt_id)
    if isinstance(prompt, Recall):
        _restore(unit, enrolment, prompt.takeaway, kept.card_before)
    unit.delete(kept)
    if touch.state == "answered":
        reopen_touch(unit, learner, touch)
    if enrolment.closed_as == "complete":
        enrolment.closed_at = enrolment.closed_as = None
    unit.flush()
    if enrolment.revealed_at and not revealed(debrief_of(unit, library, enrolment)):
        enrolment.revealed_at = None
    tell(unit, learner_id, enrolment_id)
    replan(unit, library, learner, now, rng)
    return kept.content


def may_come(unit: Session, library: Library, learner: Learner, now: datetime, rng: Random) -> bool:
    """Whether a touch is planned and ``open_early`` would open one in its place."""
    return planned_one(unit, learner.id) is not None and isinstance(
        decide_early(state_of(unit, library, learner, now), now, rng), spacing.Touch
    )


def open_early(
    unit: Session, library: Library, learner: Learner, now: datetime, rng: Random
) -> Touch:
    """Open at once what may be asked today, because the learner came. Raises ``Refused`` with
    the limit that says no."""
    decision = decide_early(state_of(unit, library, learner, now), now, rng)
    if isinstance(decision, spacing.Nothing):
        raise Refused(decision.reason.code, **decision.reason.params)
    return _open_at_once(unit, learner, decision, now)


def open_chosen(
    unit: Session,
    library: Library,
    learner: Learner,
    enrolment_id: str,
    prompt_id: str,
    now: datetime,
) -> Touch:
    """Open a touch of one prompt that the learner chose on their path. Raises ``NotFound``, or
    ``Refused`` by a limit."""
    debrief = next(
        (d for d in debriefs_of(unit, library, learner) if d.enrolment == enrolment_id), None
    )
    state = (
        next((p for p in answerable(debrief, now, learner.zone) if p.id == prompt_id), None)
        if debrief
        else None
    )
    if state is None:
        raise NotFound("prompt-unknown")
    refusal = may_open_early(state_of(unit, library, learner, now), state.minutes, now)
    if refusal is not None:
        raise Refused(refusal.code, **refusal.params)
    why = (Reason("you-chose"),)
    prompt = spacing.PlannedPrompt(enrolment_id, prompt_id, state.asked + 1, state.minutes, why)
    return _open_at_once(
        unit, learner, spacing.Touch(now, now + EXPIRES_AFTER, (prompt,), state.minutes, why), now
    )


def _open_at_once(unit: Session, learner: Learner, decision: spacing.Touch, now: datetime) -> Touch:
    """It takes the place of what was planned for later."""
    write_plan(unit, learner, decision)
    touch = planned_one(unit, learner.id)
    if touch is None:
        raise NotFound("touch-unknown")
    open_touch(unit, learner, touch, now)
    return touch


def answers_of(
    unit: Session, enrolment_id: str, before_touch: int | None = None
) -> dict[str, Content]:
    """The latest answer to each prompt of an experience, by prompt id; of touches before
    ``before_touch`` alone, if given."""
    wanted = select(Answer).where(Answer.enrolment == enrolment_id)
    if before_touch is not None:
        wanted = wanted.where(Answer.touch < before_touch)
    return {
        row.prompt: row.content
        for row in unit.scalars(wanted.order_by(Answer.prompt, Answer.occurrence))
    }


def _asked(unit: Session, library: Library, row: TouchPrompt, lang: str) -> AskedPrompt:
    enrolment, module = _module(unit, library, row.enrolment)
    prompt = module.spec.prompt(row.prompt)
    if prompt is None:
        raise NotFound("prompt-unknown")
    before = answers_of(
        unit, enrolment.id, before_touch=row.touch
    )  # so that a wording does not change while a touch is open
    question = compose(module, prompt, row.occurrence, acts_of(unit, enrolment), before, lang)
    kept = _kept(unit, row)
    return AskedPrompt(
        row.enrolment,
        row.prompt,
        row.occurrence,
        module.text("cover.title", lang),
        question,
        row.minutes,
        tuple(Reason.from_json(r) for r in row.reasons),
        kept.content if kept else None,
    )


def _kept(unit: Session, row: TouchPrompt) -> Answer | None:
    return unit.scalars(
        select(Answer).where(
            Answer.enrolment == row.enrolment,
            Answer.prompt == row.prompt,
            Answer.occurrence == row.occurrence,
        )
    ).one_or_none()


def _module(unit: Session, library: Library, enrolment_id: str) -> tuple[Enrolment, Module]:
    enrolment = unit.scalars(select(Enrolment).where(Enrolment.id == enrolment_id)).one()
    return enrolment, library.module(enrolment.pack, enrolment.version, enrolment.module)


def _recall(
    unit: Session, enrolment: Enrolment, prompt: Recall, content: Content, now: datetime
) -> str | None:
    """Review the takeaway's memory card; the card as it was before is returned (None: this was
    its first recall)."""
    kept = unit.scalars(
        select(Memory).where(Memory.enrolment == enrolment.id, Memory.takeaway == prompt.takeaway)
    ).one_or_none()
    before = kept.card if kept else None
    card_id = zlib.crc32(f"{enrolment.id}/{prompt.takeaway}".encode())
    after = memory.review(before, int(content["grade"]), now, card_id)
    if kept is None:
        unit.add(Memory(enrolment=enrolment.id, takeaway=prompt.takeaway, card=after))
    else:
        kept.card = after
    return before


def _restore(unit: Session, enrolment: Enrolment, takeaway: str, card: str | None) -> None:
    kept = unit.scalars(
        select(Memory).where(Memory.enrolment == enrolment.id, Memory.takeaway == takeaway)
    ).one()
    if card is None:
        unit.delete(kept)
    else:
        kept.card = card


def _reveal(unit: Session, library: Library, enrolment: Enrolment, now: datetime) -> bool:
    if enrolment.revealed_at is not None or not revealed(debrief_of(unit, library, enrolment)):
        return False
    enrolment.revealed_at = now
    return True
