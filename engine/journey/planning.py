"""From rows to the state that spacing decides on, and from its decision back to the one planned
touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from engine.journey.news import tell
from engine.packs.arcs import arcs
from engine.packs.prompts import DidItHappen, Recall
from engine.spacing import values as spacing
from engine.spacing.decide import decide
from engine.spacing.limits import WIDEST_GAP
from engine.spacing.progress import complete, ended
from engine.storage.library import Library
from engine.storage.tables import Answer, Enrolment, Learner, Memory, Touch, TouchPrompt
from engine.storage.work import Work

LOOK_BACK = timedelta(days=WIDEST_GAP + 2)
"""How far back spacing sees past touches: as far as the widest gap, longer than the seven local
days of the minutes."""


def replan(work: Work, learner: Learner) -> spacing.Touch | spacing.Nothing:
    """Decide the learner's next touch anew and write it down; called after everything that
    happens to a learner."""
    work.session.flush()
    state = state_of(work, learner)
    still_open = _close_debriefs(work, state)
    decision = decide(replace(state, debriefs=still_open), work.now, work.rng)
    write_plan(work.session, learner, decision)
    return decision


def state_of(work: Work, learner: Learner) -> spacing.LearnerState:
    """What spacing needs to know of a learner. Only open debriefs and recent touches are read."""
    return replace(
        wishes_of(learner),
        touches=_past_touches(work, learner),
        debriefs=debriefs_of(work, learner),
    )


def wishes_of(learner: Learner) -> spacing.LearnerState:
    """What a learner said of when they may be asked, and nothing of what they lived."""
    return spacing.LearnerState(
        consented=learner.contract_at is not None and learner.stopped_at is None,
        rhythm=rhythm_of(learner),
        pace=pace_of(learner),
        paused_until=learner.paused_until,
        not_before=learner.not_before,
    )


def rhythm_of(learner: Learner) -> spacing.Rhythm:
    """The learner's own limits as a value."""
    return spacing.Rhythm(
        zone=learner.zone,
        hour=learner.hour,
        opens=learner.opens,
        closes=learner.closes,
        days_off=frozenset(learner.days_off),
        country=learner.country,
        touch_minutes=learner.touch_minutes,
        week_minutes=learner.week_minutes,
        gap_days=learner.gap_days,
    )


def pace_of(learner: Learner) -> spacing.Pace:
    """How the learner keeps up, as a value."""
    return spacing.Pace(learner.missed_in_a_row, learner.gap_factor, learner.asked_to_lighten)


def debriefs_of(work: Work, learner: Learner) -> tuple[spacing.DebriefState, ...]:
    """The debriefs of finished experiences that are still open."""
    wanted = select(Enrolment).where(
        Enrolment.learner == learner.id,
        Enrolment.finished_at.is_not(None),
        Enrolment.closed_at.is_(None),
    )
    enrolments = work.session.scalars(wanted.order_by(Enrolment.finished_at, Enrolment.id)).all()
    return _debriefs(work, enrolments)


def debrief_of(work: Work, enrolment: Enrolment) -> spacing.DebriefState:
    """The debrief of a finished experience, open or closed."""
    return _debriefs(work, [enrolment])[0]


def _debriefs(work: Work, enrolments: Sequence[Enrolment]) -> tuple[spacing.DebriefState, ...]:
    ids = [e.id for e in enrolments]
    if not ids:
        return ()
    asked, answered = _asked(work.session, ids), _answered(work.session, ids)
    cards = {
        (m.enrolment, m.takeaway): m.card
        for m in work.session.scalars(select(Memory).where(Memory.enrolment.in_(ids)))
    }
    return tuple(_debrief(work.library, e, asked, answered, cards) for e in enrolments)


Counts = dict[tuple[str, str], int]


def _debrief(
    library: Library,
    enrolment: Enrolment,
    asked: Counts,
    answered: Counts,
    cards: dict[tuple[str, str], str],
) -> spacing.DebriefState:
    module = library.module(enrolment.pack, enrolment.version, enrolment.module)
    prompts = []
    for prompt in module.spec.debrief.prompts:
        key = (enrolment.id, prompt.id)
        takeaway = prompt.takeaway if isinstance(prompt, Recall) else None
        prompts.append(
            spacing.PromptState(
                id=prompt.id,
                stage=prompt.stage,
                kind=prompt.kind,
                minutes=prompt.minutes,
                asked=asked.get(key, 0),
                answered=answered.get(key, 0),
                takeaway=takeaway,
                plan=prompt.plan if isinstance(prompt, DidItHappen) else None,
                card=cards.get((enrolment.id, takeaway)) if takeaway else None,
            )
        )
    if enrolment.finished_at is None:
        raise ValueError("an unfinished experience has no debrief")
    return spacing.DebriefState(
        enrolment.id, enrolment.finished_at, arcs()[module.spec.debrief.arc], tuple(prompts)
    )


def _asked(unit: Session, enrolments: Sequence[str]) -> Counts:
    its_touch = and_(
        Touch.tenant == TouchPrompt.tenant,
        Touch.learner == TouchPrompt.learner,
        Touch.number == TouchPrompt.touch,
    )
    rows = unit.execute(
        select(TouchPrompt.enrolment, TouchPrompt.prompt, func.count())
        .join(Touch, its_touch)
        .where(TouchPrompt.enrolment.in_(enrolments), Touch.state != "planned")
        .group_by(TouchPrompt.enrolment, TouchPrompt.prompt)
    )
    return {(enrolment, prompt): count for enrolment, prompt, count in rows}


def _answered(unit: Session, enrolments: Sequence[str]) -> Counts:
    rows = unit.execute(
        select(Answer.enrolment, Answer.prompt, func.count())
        .where(Answer.enrolment.in_(enrolments))
        .group_by(Answer.enrolment, Answer.prompt)
    )
    return {(enrolment, prompt): count for enrolment, prompt, count in rows}


def _past_touches(work: Work, learner: Learner) -> tuple[spacing.PastTouch, ...]:
    recent = or_(Touch.opened_at >= work.now - LOOK_BACK, Touch.state == "open")
    rows = work.session.scalars(
        select(Touch)
        .where(Touch.learner == learner.id, Touch.state != "planned", recent)
        .order_by(Touch.number)
    )
    return tuple(
        spacing.PastTouch(
            t.number, t.opened_at or t.due_at, t.minutes, cast(spacing.TouchEnd, t.state)
        )
        for t in rows
    )


def _close_debriefs(work: Work, state: spacing.LearnerState) -> tuple[spacing.DebriefState, ...]:
    """Close the debriefs that are complete or over; what stays open is returned."""
    still_open = []
    for debrief in state.debriefs:
        how = (
            "complete"
            if complete(debrief)
            else "ended"
            if ended(debrief, work.now, state.rhythm.zone)
            else None
        )
        if how is None:
            still_open.append(debrief)
        else:
            enrolment = work.session.scalars(
                select(Enrolment).where(Enrolment.id == debrief.enrolment)
            ).one()
            enrolment.closed_at, enrolment.closed_as = work.now, how
            tell(work.session, enrolment.learner, enrolment.id)
    return tuple(still_open)


def write_plan(unit: Session, learner: Learner, decision: spacing.Touch | spacing.Nothing) -> None:
    """Make that decision the learner's one planned touch, in place of the one before; none when
    there is nothing."""
    planned = unit.scalars(
        select(Touch).where(Touch.learner == learner.id, Touch.state == "planned")
    ).one_or_none()
    if planned is not None:
        unit.execute(
            delete(TouchPrompt).where(
                TouchPrompt.learner == learner.id, TouchPrompt.touch == planned.number
            )
        )
    if isinstance(decision, spacing.Nothing):
        if planned is not None:
            unit.delete(planned)
        unit.flush()
        return
    if planned is None:
        planned = Touch(learner=learner.id, number=learner.last_touch + 1, state="planned")
        unit.add(planned)
    planned.kind = "prompts" if decision.prompts else "lighten"
    planned.due_at, planned.expires_at, planned.minutes = (
        decision.due_at,
        decision.expires_at,
        decision.minutes,
    )
    planned.reasons = [reason.as_json() for reason in decision.reasons]
    unit.flush()
    for position, prompt in enumerate(decision.prompts, start=1):
        unit.add(
            TouchPrompt(
                learner=learner.id,
                touch=planned.number,
                enrolment=prompt.enrolment,
                prompt=prompt.prompt,
                occurrence=prompt.occurrence,
                position=position,
                minutes=prompt.minutes,
                reasons=[reason.as_json() for reason in prompt.reasons],
            )
        )
    unit.flush()
