"""What people of a course see of each other after having answered: how many chose otherwise, and
the sentences that somebody shared. Sharing is off unless ticked, and is taken back at any time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row
from sqlalchemy.orm import Session

from engine.debrief.others import FLOOR, counted, otherwise
from engine.journey.reasons import (
    AnsweredElsewhere,
    AnswerUnknown,
    EnrolmentUnknown,
    FloorTooLow,
    NotInOwnWords,
)
from engine.journey.showing import AskedPrompt, TouchView, prompt_of
from engine.packs.prompts.base import Answer as Content
from engine.packs.prompts.base import PromptKind
from engine.storage.queries import journeys
from engine.storage.queries import sharing as queries
from engine.storage.queries.running import change, rows
from engine.storage.tables import Tenant
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound, Refused
from engine.values.reasons import Reason

SHOWN = 20
"""How many sentences of others are shown below one's own answer, the latest ones."""
MOST = 500
"""How many of their own sentences a learner is shown."""
TICK = "share"
"""The name of the tick beside an answer."""
HIGHEST_FLOOR = 1000


class Asked(Protocol):
    """One occurrence of a prompt."""

    @property
    def enrolment(self) -> str:
        """Of which experience."""

    @property
    def prompt(self) -> str:
        """Its id."""

    @property
    def occurrence(self) -> int:
        """Which time."""


@dataclass(frozen=True)
class Sentence:
    """A shared answer in words (Markdown, or a ``Reason``), with the cover of its experience and
    the stage of its question. Nobody's name is with it. ``hidden_at``: who runs the course hid it
    from others, and why if they said so."""

    enrolment: str
    prompt: str
    occurrence: int
    words: str | Reason
    cover: str
    stage: str
    shared_at: datetime
    hidden_at: datetime | None
    why: str | None


@dataclass(frozen=True)
class WordBack:
    """What an answered prompt gives back. ``otherwise``: how many chose otherwise, None if that is
    not said; ``may_share``: it was answered in one's own words; ``shared``: it is shared, and
    ``hidden_at`` and ``why`` say if it was hidden; ``others``: what others shared, latest first."""

    asked: AskedPrompt
    otherwise: Reason | None
    may_share: bool
    shared: bool = False
    hidden_at: datetime | None = None
    why: str | None = None
    others: tuple[Sentence, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.otherwise or self.may_share or self.others)


def share_if_ticked(work: Work, learner: str, asked: Asked, form: Mapping[str, Any]) -> None:
    """Shares an answer that was just given, if the tick beside it was set."""
    if form.get(TICK) == "yes":
        share(work, learner, asked)


def share(
    work: Work, learner: str, asked: Asked, knows: Callable[[Content], bool] | None = None
) -> None:
    """Shares an answer with the course of its experience; twice is once.

    Raises ``NotFound("answer-unknown")``, ``Refused("answered-elsewhere")`` for who may not know
    the answer (see ``answering``), and ``Refused("not-in-own-words")``.
    """
    its, key = _its_course(work, learner, asked), _key(asked)
    _check_known(work, asked, knows)
    enrolment = rows(work.session, journeys.LIVED_ONE, learner=learner, enrolment=asked.enrolment)
    module = work.library.module(its.pack, enrolment[0].version, its.module)
    if not may_share(prompt_of(module, asked.prompt)):
        raise Refused(NotInOwnWords())
    if not rows(work.session, queries.OWN, **key):
        values = {**key, "learner": learner, "course": its.course, "shared_at": work.now}
        change(work.session, queries.ADD, **values, hidden_at=None, why=None)


def take_back(
    work: Work, learner: str, asked: Asked, knows: Callable[[Content], bool] | None = None
) -> None:
    """Takes a shared answer back; the answer itself stays. Raises as ``share`` does."""
    _its_course(work, learner, asked)
    _check_known(work, asked, knows)
    change(work.session, queries.REMOVE, **_key(asked))


def may_share(prompt: PromptKind) -> bool:
    """Whether answers to it are in one's own words."""
    return prompt.form().own_words


def word_back(work: Work, learner: str, view: TouchView) -> tuple[WordBack, ...]:
    """What each answered prompt of a touch gives back to who answered it."""
    floor = floor_of(work.session)
    given = (asked for asked in view.asked if asked.answer is not None)
    found = (_word_back(work, learner, asked, floor) for asked in given)
    return tuple(one for one in found if one.says_something)


def own_sentences(work: Work, learner: str, lang: str) -> tuple[Sentence, ...]:
    """What the learner shares, the latest first."""
    found = rows(work.session, queries.OF_LEARNER, learner=learner, most=MOST)
    return tuple(sentence(work, row, lang) for row in found)


def sentence(work: Work, row: Row[Any], lang: str) -> Sentence:
    """A shared answer (columns of ``queries.sharing``) in words."""
    module = work.library.module(row.pack, row.version, row.module)
    prompt = prompt_of(module, row.prompt)
    return Sentence(
        row.enrolment,
        row.prompt,
        row.occurrence,
        prompt.words(row.content, module.strings(lang), lang),
        module.text("cover.title", lang),
        prompt.stage,
        row.shared_at,
        row.hidden_at,
        row.why,
    )


def floor_of(session: Session) -> int:
    """From how many people on the session's organisation lets people see of each other."""
    return max(FLOOR, session.get_one(Tenant, session.info["tenant"]).floor or FLOOR)


def set_floor(session: Session, floor: int) -> None:
    """Raises the organisation's floor, or takes it back to the lowest. Raises
    ``Invalid("floor-too-low", field="floor")``."""
    if not FLOOR <= floor <= HIGHEST_FLOOR:
        raise Invalid(FloorTooLow(least=FLOOR, most=HIGHEST_FLOOR), field="floor")
    session.get_one(Tenant, session.info["tenant"]).floor = floor


def _word_back(work: Work, learner: str, asked: AskedPrompt, floor: int) -> WordBack:
    its, lang, session = _its_course(work, learner, asked), asked.story.lang, work.session
    question = {"course": its.course, "pack": its.pack, "module": its.module}
    question |= {"prompt": asked.prompt}
    said = _otherwise(work, asked, question, floor) if _is_counted(asked.kind) else None
    own = rows(session, queries.OWN, **_key(asked))
    found = rows(session, queries.OF_OTHERS, **question, learner=learner, most=SHOWN)
    return WordBack(
        asked,
        said,
        may_share(asked.kind),
        bool(own),
        own[0].hidden_at if own else None,
        own[0].why if own else None,
        tuple(sentence(work, row, lang) for row in found),
    )


def _is_counted(prompt: PromptKind) -> bool:
    """Only choices and scales are counted."""
    return [field.kind for field in prompt.form().fields] in (["choice"], ["scale"])


def _otherwise(
    work: Work, asked: AskedPrompt, question: Mapping[str, str], floor: int
) -> Reason | None:
    of_it = {**question, "occurrence": asked.occurrence}
    people = counted(rows(work.session, queries.ANSWERED, **of_it)[0].people, floor)
    if not people or asked.answer is None:
        return None
    its = {**of_it, "most": people, "enrolment": asked.enrolment}
    found = rows(work.session, queries.ANSWERS, **its)
    own, said = sum(row.own for row in found), dict(asked.answer)
    alike = sum(row.people for row in found if json.loads(row.content) == said) - own
    return otherwise(alike, people - own, people, floor)


def _its_course(work: Work, learner: str, asked: Asked) -> Row[Any]:
    found = rows(work.session, queries.ITS_COURSE, enrolment=asked.enrolment, learner=learner)
    if not found:
        raise NotFound(EnrolmentUnknown())
    return found[0]


def _check_known(work: Work, asked: Asked, knows: Callable[[Content], bool] | None) -> None:
    kept = rows(work.session, journeys.ANSWER, **_key(asked))
    if not kept:
        raise NotFound(AnswerUnknown())
    if knows and not knows(kept[0].content):
        raise Refused(AnsweredElsewhere())


def _key(asked: Asked) -> dict[str, Any]:
    return {
        "enrolment": asked.enrolment,
        "prompt": asked.prompt,
        "occurrence": asked.occurrence,
    }
