"""Answering: stores an answer, updates memory and pace, opens the reveal and decides the next
touch; and takes an answer back."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row

from engine.journey.joining import held_learner, learner_of
from engine.journey.lapsing import lapse
from engine.journey.news import tell
from engine.journey.planning import replan
from engine.journey.reasons import (
    NOT_OPEN,
    AlreadyAnswered,
    AnsweredElsewhere,
    AnswerUnknown,
    PromptUnknown,
    TooLateToUndo,
    TouchUnknown,
)
from engine.journey.record import (
    EnrolmentRow,
    Occurrence,
    Record,
    TouchRow,
    enrolment_of,
    read_record,
)
from engine.journey.sharing import share_if_ticked
from engine.journey.showing import prompt_of
from engine.journey.touches import (
    close_touch,
    reopen_touch,
    touch_of,
)
from engine.packs.prompts.base import Answer as Content
from engine.packs.prompts.base import PromptKind
from engine.spacing import memory
from engine.spacing.progress import complete, revealed
from engine.spacing.until import has_passed
from engine.storage.queries import journeys
from engine.storage.queries.running import change, rows
from engine.storage.rewriting import rewrite
from engine.storage.tables import Enrolment, Learner
from engine.storage.tables.journeys import GONE
from engine.storage.work import Work
from engine.values.errors import Conflict, NotFound, Refused


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
class AnswerResult:
    """The answer that is kept, and its effect. ``revealed`` is the enrolment whose real subject may
    be named from now on, if this answer opened the reveal; ``leech``: this recall failed once too
    often, so the moment is read again instead of being asked about."""

    content: Content
    touch_done: bool
    revealed: str | None = None
    leech: bool = False


Knows = Callable[[Content], bool]
"""Whether somebody may learn that this is what was answered: who holds a mailed link did not
necessarily answer. None: they are signed in, so it is theirs."""


def answer(
    work: Work,
    learner_id: str,
    asking: Asking,
    form: Mapping[str, Any],
    knows: Knows | None = None,
) -> AnswerResult:
    """Stores an answer, also to a touch that is over, as long as nothing has overtaken it
    (``Record.late``). The same answer sent twice counts once.

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
    record = lapse(work, learner, record)
    touch, asked = _asked_in(record, asking)
    if touch.state != "open" and asked not in record.late(touch.number):
        raise Conflict(NOT_OPEN[touch.state])
    takeaway = prompt.recalls
    card = _recall(work, record, enrolment, takeaway, content) if takeaway else None
    _add_answer(work, asking, content, record, card)
    share_if_ticked(work, learner.id, asking, form)
    record = record.answered(asked, card)
    tell(work.session, learner.id, asking.enrolment)
    opened = _reveal(work, record, enrolment)
    _complete_late(work, record, enrolment)
    done = not record.left(touch.number)
    leech = card is not None and memory.is_leech(card[1])
    result = AnswerResult(content, done, enrolment.id if opened else None, leech)
    if touch.state == "open" and not done:
        return result
    if touch.state != "answered":
        close_touch(work, learner, touch.number, "answered", record.wishes.pace)
        record = record.ended(touch.number, "answered")
    replan(work, learner, record)
    work.session.flush()
    return result


def _complete_late(work: Work, record: Record, enrolment: EnrolmentRow) -> None:
    """A debrief that ended with its last day, and whose last question is answered after it, is
    complete all the same."""
    if enrolment.closed_as == "ended" and complete(record.debrief(enrolment, work.library)):
        its, values = {"id": enrolment.id}, {"closed_at": work.now, "closed_as": "complete"}
        rewrite(work.session, Enrolment, journeys.CLOSE_DEBRIEF, its, **values)


def _asked_in(record: Record, asking: Asking) -> tuple[TouchRow, Occurrence]:
    """The touch, and the prompt in it that is being answered. Raises ``NotFound`` and
    ``Conflict``."""
    touch = record.touch(asking.touch)
    if touch is None:
        raise NotFound(TouchUnknown())
    asked = next((one for one in record.of_touch(asking.touch) if asking.is_of(one)), None)
    if asked is None or asked.gone:
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
        "version": record.enrolments[asking.enrolment].version,
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
    if enrolment.revealed_at == kept.answered_at:
        enrolment.revealed_at = None
    tell(work.session, learner_id, asking.enrolment)
    replan(work, learner, record)
    return cast(Content, kept.content)


def _may_undo(learner: Learner, touch: TouchRow, enrolment: EnrolmentRow, now: datetime) -> bool:
    return (
        touch.number == learner.last_touch
        and touch.state in ("open", "answered")
        and not has_passed(touch.expires_at, now)
        and enrolment.closed_as not in GONE
        and learner.stopped_at is None
    )


def _key(asking: Asking) -> dict[str, object]:
    return {
        "enrolment": asking.enrolment,
        "prompt": asking.prompt,
        "occurrence": asking.occurrence,
    }


def _kept(work: Work, asking: Asking) -> Row[Any]:
    """The content of the stored answer, when it was given, and the card as it was before it."""
    return rows(work.session, journeys.ANSWER, **_key(asking))[0]


def _prompt(work: Work, enrolment: EnrolmentRow, prompt_id: str) -> PromptKind:
    module = work.library.module(enrolment.pack, enrolment.version, enrolment.module)
    return prompt_of(module, prompt_id)


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
