"""Showing: a touch in words, with the answers that were given, before and in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from engine.debrief.compose import compose
from engine.debrief.values import Question
from engine.debrief.words import Story
from engine.journey.playing import acts_of
from engine.journey.reasons import PromptUnknown, TouchUnknown
from engine.journey.record import read_record
from engine.journey.touches import state_at
from engine.packs.model import Module
from engine.packs.prompts.base import Answer as Content
from engine.packs.prompts.base import PromptKind
from engine.storage.queries import journeys
from engine.storage.queries.running import rows
from engine.storage.tables import Learner
from engine.storage.tables.journeys import GONE
from engine.storage.work import Work
from engine.values.errors import NotFound
from engine.values.reasons import Reason


@dataclass(frozen=True)
class AskedPrompt:
    """One prompt of a touch as the learner sees it; ``answer`` is None until it is answered.
    ``story`` and ``before`` (their answers of earlier touches) are what its question is made of."""

    enrolment: str
    prompt: str
    occurrence: int
    story: Story
    kind: PromptKind
    before: Mapping[str, Content]
    minutes: float
    reasons: tuple[Reason, ...]
    answer: Content | None
    gone: bool = False
    """Its learner has left its course, or the course has stopped its debriefs: it is asked no
    more."""

    @property
    def cover(self) -> str:
        """The experience's cover title."""
        return self.story.module.text("cover.title", self.story.lang)

    @cached_property
    def question(self) -> Question:
        """The question, composed when it is first looked at: most pages and mails show one."""
        return compose(self.story, self.kind, self.occurrence, self.before)


class ShownTouch(NamedTuple):
    """What is shown of a touch itself, as ``journeys.SHOWN_TOUCH`` reads it."""

    number: int
    kind: str
    state: str
    expires_at: datetime
    minutes: float
    reasons: Sequence[Any] = ()


@dataclass(frozen=True)
class TouchView:
    """A touch in words. ``left`` holds the prompts still to be answered, in order."""

    touch: ShownTouch
    asked: tuple[AskedPrompt, ...]

    @property
    def left(self) -> tuple[AskedPrompt, ...]:
        """The prompts still to be answered."""
        return tuple(a for a in self.asked if a.answer is None and not a.gone)

    @property
    def withdrawn(self) -> bool:
        """Whether nothing of it will ever be asked: its courses have ended, or were left."""
        return bool(self.asked) and all(a.gone and a.answer is None for a in self.asked)

    def given(self, enrolment: str, prompt: str) -> AskedPrompt | None:
        """That prompt, if it was answered in this touch."""
        key = enrolment, prompt
        answered = (a for a in self.asked if a.answer is not None)
        return next((a for a in answered if (a.enrolment, a.prompt) == key), None)

    @property
    def minutes_left(self) -> float:
        """Touch minutes of the prompts still to be answered."""
        return sum(a.minutes for a in self.left)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the touch comes now."""
        return tuple(Reason.from_json(reason) for reason in self.touch.reasons)


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
    touch = ShownTouch._make(found[0])
    asked = tuple(_asked(row, *told[row.enrolment]) for row in prompts)
    state = state_at(touch, work.now, answered=any(one.answer is not None for one in asked))
    return TouchView(touch._replace(state=state), asked)


def _told(work: Work, about: Row[Any], lang: str) -> tuple[Story, list[StoredAnswer]]:
    """What the learner did in the experience that a prompt is about, and their answers to its
    debrief."""
    module = work.library.module(about.pack, about.version, about.module)
    story = Story(module, acts_of(work.session, about.enrolment), about.seat, lang)
    return story, given_to(work.session, about.enrolment)


def _asked(row: Row[Any], story: Story, given: Sequence[StoredAnswer]) -> AskedPrompt:
    # Only answers of earlier touches, so that the wording does not change while a touch is open.
    before = {one.prompt: one.content for one in given if one.touch < row.touch}
    this = (row.prompt, row.occurrence)
    return AskedPrompt(
        row.enrolment,
        row.prompt,
        row.occurrence,
        story,
        prompt_of(story.module, row.prompt),
        before,
        row.minutes,
        tuple(Reason.from_json(reason) for reason in row.reasons),
        next((one.content for one in given if (one.prompt, one.occurrence) == this), None),
        row.closed_as in GONE,
    )


def late(work: Work, learner: Learner, view: TouchView) -> tuple[AskedPrompt, ...]:
    """What a touch that is over asked in vain, and can still be answered here and now; nothing for
    who stopped all questions."""
    if view.touch.state in ("planned", "open") or learner.stopped_at is not None:
        return ()
    number, found = view.touch.number, set[tuple[str, str]]()
    for enrolment in dict.fromkeys(asked.enrolment for asked in view.left):
        record = read_record(work, learner, touch=number, enrolment=enrolment)
        found |= {(one.enrolment, one.prompt) for one in record.late(number)}
    return tuple(asked for asked in view.left if (asked.enrolment, asked.prompt) in found)


def prompt_of(module: Module, prompt_id: str) -> PromptKind:
    """A prompt of a module. Raises ``NotFound("prompt-unknown")``."""
    prompt = module.spec.prompt(prompt_id)
    if prompt is None:
        raise NotFound(PromptUnknown())
    return prompt
