"""Answering: a touch in words, an answer kept, memory and pace moved, the reveal opened, the
next touch decided."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

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
from engine.storage.tables import Answer, Enrolment, Learner, Memory, Touch, TouchPrompt
from engine.storage.work import Work
from engine.values.errors import Conflict, NotFound, Refused
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Asking:
    """Which asking of which prompt, in which touch of the learner."""

    touch: int
    enrolment: str
    prompt: str
    occurrence: int

    def is_of(self, row: TouchPrompt) -> bool:
        """Whether that row of the touch is this asking."""
        return (self.enrolment, self.prompt, self.occurrence) == (
            row.enrolment,
            row.prompt,
            row.occurrence,
        )


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


def touch_view(work: Work, learner_id: str, number: int, lang: str) -> TouchView:
    """A touch in words. Raises ``NotFound("touch-unknown")``."""
    touch = touch_of(work.session, learner_id, number)
    return TouchView(
        touch, tuple(_asked(work, row, lang) for row in prompts_of(work.session, touch))
    )


def answer(work: Work, learner_id: str, asking: Asking, form: Mapping[str, str]) -> AnswerResult:
    """Keep an answer. The same answer sent twice counts once.

    Raises ``Conflict("touch-planned" | "touch-missed" | "touch-snoozed" | "already-answered")``,
    ``Invalid`` from ``read_answer`` and ``NotFound``; nothing changes then.
    """
    learner, touch = (
        learner_of(work.session, learner_id),
        touch_of(work.session, learner_id, asking.touch),
    )
    row = next((r for r in prompts_of(work.session, touch) if asking.is_of(r)), None)
    if row is None:
        raise (
            Conflict(f"touch-{touch.state}")
            if touch.state in ("snoozed", "missed")
            else NotFound("prompt-unknown")
        )
    enrolment, module = _module(work, asking.enrolment)
    prompt = module.spec.prompt(asking.prompt)
    if prompt is None:
        raise NotFound("prompt-unknown")
    content = read_answer(prompt, form)
    kept = _kept(work.session, row)
    if kept is not None:
        if dict(kept.content) == dict(content):
            return AnswerResult(touch.state != "open")
        raise Conflict("already-answered")
    if touch.state != "open":
        raise Conflict(f"touch-{touch.state}")
    before = _recall(work, enrolment, prompt, content) if isinstance(prompt, Recall) else None
    work.session.add(
        Answer(
            enrolment=asking.enrolment,
            prompt=asking.prompt,
            occurrence=asking.occurrence,
            touch=asking.touch,
            content=dict(content),
            card_before=before,
            answered_at=work.now,
        )
    )
    work.session.flush()
    tell(work.session, learner.id, asking.enrolment)
    opened = _reveal(work, enrolment)
    done = all(_kept(work.session, r) for r in prompts_of(work.session, touch))
    if done:
        close_touch(work, learner, touch, "answered")
        replan(work, learner)
    return AnswerResult(done, enrolment.id if opened else None)


def undo(work: Work, learner_id: str, asking: Asking) -> Content:
    """Take back a mis-tap: the answer goes, memory and pace are what they were,
    the touch is open again.

    What had been answered is returned, to be corrected. Raises ``NotFound("answer-unknown")``, and
    ``Refused("too-late-to-undo")`` once the touch is over its time, a later one was opened, or
    nothing of that course is asked any more because the learner left it (or stopped altogether).
    """
    learner = learner_of(work.session, learner_id)
    row = work.session.scalars(
        select(TouchPrompt).where(
            TouchPrompt.learner == learner_id,
            TouchPrompt.touch == asking.touch,
            TouchPrompt.enrolment == asking.enrolment,
            TouchPrompt.prompt == asking.prompt,
            TouchPrompt.occurrence == asking.occurrence,
        )
    ).one_or_none()
    kept = _kept(work.session, row) if row else None
    if row is None or kept is None:
        raise NotFound("answer-unknown")
    touch = touch_of(work.session, learner_id, asking.touch)
    if (
        touch.number != learner.last_touch
        or touch.state not in ("open", "answered")
        or work.now >= touch.expires_at
    ):
        raise Refused("too-late-to-undo")
    enrolment, module = _module(work, asking.enrolment)
    if enrolment.closed_as == LEFT or learner.stopped_at is not None:
        raise Refused("too-late-to-undo")
    prompt = module.spec.prompt(asking.prompt)
    if isinstance(prompt, Recall):
        _restore(work.session, enrolment, prompt.takeaway, kept.card_before)
    work.session.delete(kept)
    if touch.state == "answered":
        reopen_touch(work.session, learner, touch)
    if enrolment.closed_as == "complete":
        enrolment.closed_at = enrolment.closed_as = None
    work.session.flush()
    if enrolment.revealed_at and not revealed(debrief_of(work, enrolment)):
        enrolment.revealed_at = None
    tell(work.session, learner_id, asking.enrolment)
    replan(work, learner)
    return kept.content


def may_come(work: Work, learner: Learner) -> bool:
    """Whether a touch is planned and ``open_early`` would open one in its place."""
    return planned_one(work.session, learner.id) is not None and isinstance(
        decide_early(state_of(work, learner), work.now, work.rng), spacing.Touch
    )


def open_early(work: Work, learner: Learner) -> Touch:
    """Open at once what may be asked today, because the learner came. Raises ``Refused`` with
    the limit that says no."""
    decision = decide_early(state_of(work, learner), work.now, work.rng)
    if isinstance(decision, spacing.Nothing):
        raise Refused(decision.reason.code, **decision.reason.params)
    return _open_at_once(work, learner, decision)


def open_chosen(work: Work, learner: Learner, enrolment_id: str, prompt_id: str) -> Touch:
    """Open a touch of one prompt that the learner chose on their path. Raises ``NotFound``, or
    ``Refused`` by a limit."""
    debrief = next((d for d in debriefs_of(work, learner) if d.enrolment == enrolment_id), None)
    state = (
        next((p for p in answerable(debrief, work.now, learner.zone) if p.id == prompt_id), None)
        if debrief
        else None
    )
    if state is None:
        raise NotFound("prompt-unknown")
    refusal = may_open_early(state_of(work, learner), state.minutes, work.now)
    if refusal is not None:
        raise Refused(refusal.code, **refusal.params)
    why = (Reason("you-chose"),)
    prompt = spacing.PlannedPrompt(enrolment_id, prompt_id, state.asked + 1, state.minutes, why)
    return _open_at_once(
        work,
        learner,
        spacing.Touch(work.now, work.now + EXPIRES_AFTER, (prompt,), state.minutes, why),
    )


def _open_at_once(work: Work, learner: Learner, decision: spacing.Touch) -> Touch:
    """It takes the place of what was planned for later."""
    write_plan(work.session, learner, decision)
    touch = planned_one(work.session, learner.id)
    if touch is None:
        raise NotFound("touch-unknown")
    open_touch(work, learner, touch)
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


def _asked(work: Work, row: TouchPrompt, lang: str) -> AskedPrompt:
    enrolment, module = _module(work, row.enrolment)
    prompt = module.spec.prompt(row.prompt)
    if prompt is None:
        raise NotFound("prompt-unknown")
    before = answers_of(
        work.session, enrolment.id, before_touch=row.touch
    )  # so that a wording does not change while a touch is open
    question = compose(
        module, prompt, row.occurrence, acts_of(work.session, enrolment), before, lang
    )
    kept = _kept(work.session, row)
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


def _module(work: Work, enrolment_id: str) -> tuple[Enrolment, Module]:
    enrolment = work.session.scalars(select(Enrolment).where(Enrolment.id == enrolment_id)).one()
    return enrolment, work.library.module(enrolment.pack, enrolment.version, enrolment.module)


def _recall(work: Work, enrolment: Enrolment, prompt: Recall, content: Content) -> str | None:
    """Review the takeaway's memory card; the card as it was before is returned (None: this was
    its first recall)."""
    kept = work.session.scalars(
        select(Memory).where(Memory.enrolment == enrolment.id, Memory.takeaway == prompt.takeaway)
    ).one_or_none()
    before = kept.card if kept else None
    card_id = zlib.crc32(f"{enrolment.id}/{prompt.takeaway}".encode())
    after = memory.review(before, int(content["grade"]), work.now, card_id)
    if kept is None:
        work.session.add(Memory(enrolment=enrolment.id, takeaway=prompt.takeaway, card=after))
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


def _reveal(work: Work, enrolment: Enrolment) -> bool:
    if enrolment.revealed_at is not None or not revealed(debrief_of(work, enrolment)):
        return False
    enrolment.revealed_at = work.now
    return True
