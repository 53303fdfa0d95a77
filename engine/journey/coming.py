"""Coming by oneself: a learner who does not wait for the next touch, but asks for what may be asked
today, or for one prompt of their path."""

from __future__ import annotations

from dataclasses import replace

from engine.journey.lapsing import lapse
from engine.journey.planning import write_plan
from engine.journey.reasons import PromptUnknown, TouchUnknown, YouChose
from engine.journey.record import Record, read_record
from engine.journey.touches import open_touch, planned_one
from engine.spacing import values as spacing
from engine.spacing.days import zone_of
from engine.spacing.decide import decide_early
from engine.spacing.limits import may_open_early
from engine.spacing.progress import answerable
from engine.spacing.until import open_until
from engine.storage.tables import Learner, Touch
from engine.storage.tables.journeys import GONE
from engine.storage.work import Work
from engine.values.errors import NotFound, Refused


def may_come(work: Work, record: Record) -> bool:
    """Whether a touch is planned, or will be as soon as the one that is over is closed, and
    ``open_early`` would open one in its place."""
    waits = record.planned is not None or record.lapsed is not None
    return waits and isinstance(
        decide_early(record.state(work.library), work.now, work.rng), spacing.Touch
    )


def open_early(work: Work, learner: Learner) -> Touch:
    """Opens at once what may be asked today, because the learner came without waiting for a touch.
    Raises ``Refused`` with the limit that forbids it."""
    record = lapse(work, learner, read_record(work, learner))
    decision = decide_early(record.state(work.library), work.now, work.rng)
    if isinstance(decision, spacing.Nothing):
        raise Refused(decision.reason)
    return _open_at_once(work, record, decision)


def open_chosen(work: Work, learner: Learner, enrolment_id: str, prompt_id: str) -> Touch:
    """Opens a touch with one prompt that the learner chose on their path, whether or not its
    debrief goes on. Raises ``NotFound``, or ``Refused`` if a limit forbids it."""
    record = lapse(work, learner, read_record(work, learner, enrolment=enrolment_id))
    lived = record.enrolments.get(enrolment_id)
    if lived is None or lived.closed_as in GONE:
        raise NotFound(PromptUnknown())
    offered = answerable(record.debrief(lived, work.library), work.now, learner.zone)
    chosen = next((prompt for prompt in offered if prompt.id == prompt_id), None)
    if chosen is None:
        raise NotFound(PromptUnknown())
    asking = replace(record.state(work.library), consented=True)  # who stopped, too, may ask
    refusal = may_open_early(asking, chosen.minutes, work.now)
    if refusal is not None:
        raise Refused(refusal)
    why = (YouChose(),)
    prompt = spacing.PlannedPrompt(
        enrolment_id, prompt_id, chosen.next_occurrence, chosen.minutes, why
    )
    until = open_until(work.now, zone_of(learner.zone))
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
