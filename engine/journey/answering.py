"""Answering: shows a touch in words, stores an answer, updates memory and pace, opens the reveal
and decides the next touch."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Row
from sqlalchemy.orm import Session

from engine.debrief.compose import compose
from engine.debrief.values import Question
from engine.debrief.words import Story
from engine.journey.joining import held_learner, learner_of
from engine.journey.leaving import LEFT
from engine.journey.news import tell
from engine.journey.planning import replan, write_plan
from engine.journey.playing import acts_of
from engine.journey.reasons import (
    NOT_OPEN,
    AlreadyAnswered,
    AnsweredElsewhere,
    AnswerUnknown,
    PromptUnknown,
    TooLateToUndo,
    TouchUnknown,
    YouChose,
)
from engine.journey.record import (
    EnrolmentRow,
    Occurrence,
    Record,
    TouchRow,
    enrolment_of,
    read_record,
)
from engine.journey.touches import (
    close_touch,
    open_touch,
    planned_one,
    reasons_of,
    reopen_touch,
    touch_of,
)
from engine.packs.model import Module
from engine.packs.prompts.base import Answer as Content
from engine.packs.prompts.base import PromptKind
from engine.spacing import memory
from engine.spacing import values as spacing
from engine.spacing.decide import EXPIRES_AFTER, decide_early
from engine.spacing.limits import may_open_early
from engine.spacing.progress import answerable, revealed
from engine.storage.queries import journeys
from engine.storage.queries.running import change, rows
from engine.storage.rewriting import rewrite
from engine.storage.tables import Enrolment, Learner, Touch
from engine.storage.work import Work
from engine.values.errors import Conflict, NotFound, Refused
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Asking:
    """One occurrence of a prompt in a touch of the learner."""

    touch: int
    enrolment: str
    prompt: str
    occurrence: int

    def is_of(self, row: Occurrence) -> bool:
        """Whether that row is this occurrence of the prompt."""
        return (self.enrolment, self.prompt, self.occurrence) == (
            row.enrolment,
            row.prompt,
            row.occurrence,
        )


@dataclass(frozen=True)
class AskedPrompt:
    """One prompt of a touch as the learner sees it; ``answer`` is None until it is answered."""

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
    """A touch (columns of ``journeys.SHOWN_TOUCH``) in words. ``left`` holds the prompts still to
    be answered, in order."""

    touch: Row[Any]
    asked: tuple[AskedPrompt, ...]

    @property
    def left(self) -> tuple[AskedPrompt, ...]:
        """The prompts still to be answered."""
        return tuple(a for a in self.asked if a.answer is None)

    @property
    def minutes_left(self) -> float:
        """Touch minutes of the prompts still to be answered."""
        return sum(a.minutes for a in self.left)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the touch comes now."""
        return reasons_of(self.touch)


@dataclass(frozen=True)
class AnswerResult:
    """The answer that is kept, and its effect. ``revealed`` is the enrolment whose real subject may
    be named from now on, if this answer opened the reveal."""

    content: Content
    touch_done: bool
    revealed: str | None = None


Knows = Callable[[Content], bool]
"""Whether somebody may learn that this is what was answered: who holds a mailed link did not
necessarily answer. None: they are signed in, so it is theirs."""


def touch_view(work: Work, learner_id: str, number: int, lang: str) -> TouchView:
    """A touch in words. Raises ``NotFound("touch-unknown")``."""
    session, its = work.session, {"learner": learner_id, "number": number}
    session.flush()
    found = rows(session, journeys.SHOWN_TOUCH, **its)
    if not found:
        raise NotFound(TouchUnknown())
    prompts = rows(session, journeys.SHOWN_PROMPTS, **its)
    about = {row.enrolment: row for row in prompts}
    told = {enrolment: _told(work, row, lang) for enrolment, row in about.items()}
    return TouchView(found[0], tuple(_asked(row, *told[row.enrolment]) for row in prompts))


def _told(work: Work, about: Row[Any], lang: str) -> tuple[Story, list[StoredAnswer]]:
    """What the learner did in the experience that a prompt is about, and their answers to its
    debrief."""
    module = work.library.module(about.pack, about.version, about.module)
    story = Story(module, acts_of(work.session, about.enrolment), about.seat, lang)
    return story, given_to(work.session, about.enrolment)


def answer(
    work: Work,
    learner_id: str,
    asking: Asking,
    form: Mapping[str, Any],
    knows: Knows | None = None,
) -> AnswerResult:
    """Stores an answer. The same answer sent twice counts once.

    Raises ``Conflict("touch-planned" | "touch-missed" | "touch-snoozed" | "already-answered" |
    "answered-elsewhere")``, ``Invalid`` from the form and ``NotFound``; in these cases nothing
    changes.
    """
    learner = held_learner(work.session, learner_id)
    record = read_record(work, learner, touch=asking.touch, enrolment=asking.enrolment)
    touch, asked = _asked_in(record, asking)
    enrolment = record.enrolments[asking.enrolment]
    prompt = _prompt(work, enrolment, asking.prompt)
    content = prompt.form().parse(form)
    if asked.answered:
        kept = _kept(work, asking).content
        if knows and not knows(kept):  # whatever they say, or they could find out by guessing
            raise Conflict(AnsweredElsewhere())
        if kept == content:
            return AnswerResult(content, touch.state != "open")
        raise Conflict(AlreadyAnswered())
    if touch.state != "open":
        raise Conflict(NOT_OPEN[touch.state])
    takeaway = prompt.recalls
    card = _recall(work, record, enrolment, takeaway, content) if takeaway else None
    _add_answer(work, asking, content, record, card)
    record = record.answered(asked, card)
    tell(work.session, learner.id, asking.enrolment)
    opened = _reveal(work, record, enrolment)
    done = all(one.answered for one in record.of_touch(asking.touch))
    if done:
        close_touch(work, learner, touch.number, "answered")
        replan(work, learner, record.ended(touch.number, "answered"))
    work.session.flush()
    return AnswerResult(content, done, enrolment.id if opened else None)


def _asked_in(record: Record, asking: Asking) -> tuple[TouchRow, Occurrence]:
    """The touch, and the prompt in it that is being answered. Raises ``NotFound`` and
    ``Conflict``."""
    touch = record.touch(asking.touch)
    if touch is None:
        raise NotFound(TouchUnknown())
    asked = next((one for one in record.of_touch(asking.touch) if asking.is_of(one)), None)
    if asked is None:
        if touch.state in ("snoozed", "missed"):
            raise Conflict(NOT_OPEN[touch.state])
        raise NotFound(PromptUnknown())
    return touch, asked


def _add_answer(
    work: Work, asking: Asking, content: Content, record: Record, card: tuple[str, str] | None
) -> None:
    """Writes the answer, together with the takeaway's previous card so that the answer can be
    undone."""
    values = {
        "enrolment": asking.enrolment,
        "prompt": asking.prompt,
        "occurrence": asking.occurrence,
        "touch": asking.touch,
        "content": content,
        "card_before": record.cards.get((asking.enrolment, card[0])) if card else None,
        "answered_at": work.now,
    }
    change(work.session, journeys.ADD_ANSWER, **values)


def undo(work: Work, learner_id: str, asking: Asking, knows: Knows | None = None) -> Content:
    """Takes back a mis-tap: the answer is deleted, memory and pace are restored, and the touch is
    open again.

    Returns the deleted answer so that it can be corrected. Raises ``NotFound("answer-unknown")``,
    ``Refused("answered-elsewhere")``, and ``Refused("too-late-to-undo")`` once the touch has
    expired, a later one was opened, or nothing about that course is asked any more because the
    learner left it (or stopped altogether).
    """
    learner = learner_of(work.session, learner_id)
    record = read_record(work, learner, touch=asking.touch, enrolment=asking.enrolment)
    touch = record.touch(asking.touch)
    asked = next((one for one in record.of_touch(asking.touch) if asking.is_of(one)), None)
    if touch is None or asked is None or not asked.answered:
        raise NotFound(AnswerUnknown())
    lived, kept = record.enrolments[asking.enrolment], _kept(work, asking)
    if knows and not knows(kept.content):
        raise Refused(AnsweredElsewhere())
    if not _may_undo(learner, touch, lived, work.now):
        raise Refused(TooLateToUndo())
    prompt = _prompt(work, lived, asking.prompt)
    if prompt.recalls:
        _restore(work, lived, prompt.recalls, kept.card_before)
    change(work.session, journeys.REMOVE_ANSWER, **_key(asking))
    if touch.state == "answered":
        reopen_touch(work.session, learner, touch_of(work.session, learner.id, touch.number))
    enrolment = enrolment_of(work.session, lived.id)
    if enrolment.closed_as == "complete":
        enrolment.closed_at = enrolment.closed_as = None
    record = read_record(work, learner, touch=asking.touch, enrolment=asking.enrolment)
    if enrolment.revealed_at and not revealed(record.debrief(lived, work.library)):
        enrolment.revealed_at = None
    tell(work.session, learner_id, asking.enrolment)
    replan(work, learner, record)
    return cast(Content, kept.content)


def _may_undo(learner: Learner, touch: TouchRow, enrolment: EnrolmentRow, now: datetime) -> bool:
    return (
        touch.number == learner.last_touch
        and touch.state in ("open", "answered")
        and now < touch.expires_at
        and enrolment.closed_as != LEFT
        and learner.stopped_at is None
    )


def may_come(work: Work, record: Record) -> bool:
    """Whether a touch is planned and ``open_early`` would open one in its place."""
    return record.planned is not None and isinstance(
        decide_early(record.state(work.library), work.now, work.rng), spacing.Touch
    )


def open_early(work: Work, learner: Learner) -> Touch:
    """Opens at once what may be asked today, because the learner came without waiting for a touch.
    Raises ``Refused`` with the limit that forbids it."""
    record = read_record(work, learner)
    decision = decide_early(record.state(work.library), work.now, work.rng)
    if isinstance(decision, spacing.Nothing):
        raise Refused(decision.reason)
    return _open_at_once(work, record, decision)


def open_chosen(work: Work, learner: Learner, enrolment_id: str, prompt_id: str) -> Touch:
    """Opens a touch with one prompt that the learner chose on their path. Raises ``NotFound``, or
    ``Refused`` if a limit forbids it."""
    record = read_record(work, learner)
    state = record.state(work.library)
    chosen = next(
        (
            prompt
            for debrief in state.debriefs
            if debrief.enrolment == enrolment_id
            for prompt in answerable(debrief, work.now, learner.zone)
            if prompt.id == prompt_id
        ),
        None,
    )
    if chosen is None:
        raise NotFound(PromptUnknown())
    refusal = may_open_early(state, chosen.minutes, work.now)
    if refusal is not None:
        raise Refused(refusal)
    why = (YouChose(),)
    prompt = spacing.PlannedPrompt(enrolment_id, prompt_id, chosen.asked + 1, chosen.minutes, why)
    until = work.now + EXPIRES_AFTER
    decision = spacing.Touch(work.now, until, (prompt,), chosen.minutes, why)
    return _open_at_once(work, record, decision)


def _open_at_once(work: Work, record: Record, decision: spacing.Touch) -> Touch:
    """Opens the decided touch at once, in place of the one planned for later."""
    write_plan(work, record, decision)
    touch = planned_one(work.session, record.learner.id)
    if touch is None:
        raise NotFound(TouchUnknown())
    open_touch(work, record.learner, touch)
    return touch


class StoredAnswer(NamedTuple):
    """An answer as it is stored."""

    prompt: str
    occurrence: int
    touch: int
    content: Content


def given_to(session: Session, enrolment_id: str) -> list[StoredAnswer]:
    """Every answer of an experience, by prompt and occurrence."""
    found = rows(session, journeys.ANSWERS, enrolment=enrolment_id)
    return [StoredAnswer._make(row) for row in found]


def answers_of(session: Session, enrolment_id: str) -> dict[str, Content]:
    """The latest answer to each prompt of an experience, by prompt id."""
    return {given.prompt: given.content for given in given_to(session, enrolment_id)}


def _asked(row: Row[Any], story: Story, given: Sequence[StoredAnswer]) -> AskedPrompt:
    # Only answers of earlier touches, so that the wording does not change while a touch is open.
    before = {one.prompt: one.content for one in given if one.touch < row.touch}
    this = (row.prompt, row.occurrence)
    return AskedPrompt(
        row.enrolment,
        row.prompt,
        row.occurrence,
        story.module.text("cover.title", story.lang),
        compose(story, _prompt_of(story.module, row.prompt), row.occurrence, before),
        row.minutes,
        tuple(Reason.from_json(reason) for reason in row.reasons),
        next((one.content for one in given if (one.prompt, one.occurrence) == this), None),
    )


def _key(asking: Asking) -> dict[str, object]:
    return {
        "enrolment": asking.enrolment,
        "prompt": asking.prompt,
        "occurrence": asking.occurrence,
    }


def _kept(work: Work, asking: Asking) -> Row[Any]:
    """The content of the stored answer, and the card as it was before that answer."""
    return rows(work.session, journeys.ANSWER, **_key(asking))[0]


def _prompt(work: Work, enrolment: EnrolmentRow, prompt_id: str) -> PromptKind:
    module = work.library.module(enrolment.pack, enrolment.version, enrolment.module)
    return _prompt_of(module, prompt_id)


def _prompt_of(module: Module, prompt_id: str) -> PromptKind:
    prompt = module.spec.prompt(prompt_id)
    if prompt is None:
        raise NotFound(PromptUnknown())
    return prompt


def _recall(
    work: Work, record: Record, enrolment: EnrolmentRow, takeaway: str, content: Content
) -> tuple[str, str]:
    """Reviews the takeaway's memory card and returns the takeaway with its new card."""
    before = record.cards.get((enrolment.id, takeaway))
    card_id = zlib.crc32(f"{enrolment.id}/{takeaway}".encode())
    after = memory.review(before, int(content["grade"]), work.now, card_id)
    _write_card(work, enrolment, takeaway, after, new=before is None)
    return takeaway, after


def _restore(work: Work, enrolment: EnrolmentRow, takeaway: str, card: str | None) -> None:
    if card is None:
        its = {"enrolment": enrolment.id, "takeaway": takeaway}
        change(work.session, journeys.REMOVE_CARD, **its)
    else:
        _write_card(work, enrolment, takeaway, card, new=False)


def _write_card(
    work: Work, enrolment: EnrolmentRow, takeaway: str, card: str, *, new: bool
) -> None:
    statement = journeys.ADD_CARD if new else journeys.CHANGE_CARD
    its = ("enrolment", "takeaway", "card") if new else ("of_enrolment", "of_takeaway", "new_card")
    values = (enrolment.id, takeaway, card)
    change(work.session, statement, **dict(zip(its, values, strict=True)))


def _reveal(work: Work, record: Record, enrolment: EnrolmentRow) -> bool:
    """Records the reveal if this debrief has just reached it; returns whether it has, that is,
    whether the real subject may be named for the first time."""
    if enrolment.revealed_at is not None:
        return False
    if not revealed(record.debrief(enrolment, work.library)):
        return False
    its = {"id": enrolment.id}
    rewrite(work.session, Enrolment, journeys.REVEAL, its, revealed_at=work.now)
    return True
