"""From a learner's record to the decision about their next touch, and from the decision to the one
planned touch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from engine.journey.news import tell
from engine.journey.record import Record, read_record
from engine.journey.touches import planned_one
from engine.spacing import values as spacing
from engine.spacing.decide import decide
from engine.spacing.progress import complete, ended
from engine.storage.queries import journeys
from engine.storage.queries.running import change, insert_all
from engine.storage.rewriting import rewrite
from engine.storage.tables import Enrolment, Learner
from engine.storage.work import Work


def replan(
    work: Work, learner: Learner | Row[Any], record: Record | None = None
) -> spacing.Touch | spacing.Nothing:
    """Decides the learner's next touch anew and stores it; called after every event that concerns a
    learner. ``record`` is theirs, if it was already read in this unit of work."""
    record = record or read_record(work, learner)
    state = record.state(work.library)
    still_open = _close_debriefs(work, record, state)
    decision = decide(replace(state, debriefs=still_open), work.now, work.rng)
    write_plan(work, record, decision)
    return decision


def _close_debriefs(
    work: Work, record: Record, state: spacing.LearnerState
) -> tuple[spacing.DebriefState, ...]:
    """Closes the debriefs that are complete or over; returns those that stay open."""
    still_open = []
    for debrief in state.debriefs:
        if complete(debrief):
            how = "complete"
        elif ended(debrief, work.now, state.rhythm.zone):
            how = "ended"
        else:
            still_open.append(debrief)
            continue
        its, values = {"id": debrief.enrolment}, {"closed_at": work.now, "closed_as": how}
        rewrite(work.session, Enrolment, journeys.CLOSE_DEBRIEF, its, **values)
        tell(work.session, record.learner.id, debrief.enrolment)
    return tuple(still_open)


def write_plan(work: Work, record: Record, decision: spacing.Touch | spacing.Nothing) -> None:
    """Makes that decision the learner's one planned touch, replacing the previous one; none if
    there is nothing to ask."""
    session, learner = work.session, record.learner
    planned = planned_one(session, learner.id) if record.planned else None
    if planned is not None:
        change(session, journeys.REMOVE_PROMPTS, learner=learner.id, number=planned.number)
    if isinstance(decision, spacing.Nothing):
        if planned is not None:
            session.delete(planned)
        session.flush()
        return
    written = {
        "kind": "prompts" if decision.prompts else "lighten",
        "due_at": decision.due_at,
        "expires_at": decision.expires_at,
        "minutes": decision.minutes,
        "reasons": [reason.as_json() for reason in decision.reasons],
    }
    if planned is None:
        number = learner.last_touch + 1
        change(session, journeys.ADD_TOUCH, learner=learner.id, number=number, **written)
    else:
        number = planned.number
        for name, value in written.items():
            setattr(planned, name, value)
    session.flush()
    prompts = enumerate(decision.prompts, start=1)
    insert_all(
        session,
        journeys.ADD_PROMPTS,
        [_row(learner.id, number, place, one) for place, one in prompts],
    )


def _row(
    learner_id: str, number: int, position: int, prompt: spacing.PlannedPrompt
) -> dict[str, object]:
    return {
        "learner": learner_id,
        "touch": number,
        "enrolment": prompt.enrolment,
        "prompt": prompt.prompt,
        "occurrence": prompt.occurrence,
        "position": position,
        "minutes": prompt.minutes,
        "reasons": [reason.as_json() for reason in prompt.reasons],
    }
