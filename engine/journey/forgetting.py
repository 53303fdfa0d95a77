"""Forgetting one course of somebody: what they lived there goes, who they are and what they live elsewhere stays."""

from __future__ import annotations

from datetime import datetime
from random import Random

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from engine.journey.planning import replan
from engine.storage.library import Library
from engine.storage.tables import (
    Answer,
    Cohort,
    CohortMember,
    Delivery,
    Enrolment,
    Learner,
    Membership,
    Memory,
    Step,
    Touch,
    TouchPrompt,
)


def forget_course(unit: Session, library: Library, learner: Learner, course: str, now: datetime, rng: Random) -> None:
    """Erase what this person lived in that course and that they were in it, then decide anew what they are asked.

    An open touch that has nothing left to ask is over, and counts as answered: their pace does not suffer, and no mail leaves.
    """
    ids = list(unit.scalars(select(Enrolment.id).where(Enrolment.learner == learner.id, Enrolment.course == course)))
    for table in (TouchPrompt, Answer, Memory, Step):
        unit.execute(delete(table).where(table.enrolment.in_(ids)))
    unit.execute(delete(Enrolment).where(Enrolment.id.in_(ids)))
    _close_empty_touches(unit, learner, now)
    cohorts = select(Cohort.id).where(Cohort.course == course)
    unit.execute(delete(CohortMember).where(CohortMember.account == learner.id, CohortMember.cohort.in_(cohorts)))
    unit.execute(delete(Membership).where(Membership.account == learner.id, Membership.course == course))
    replan(unit, library, learner, now, rng)


def _close_empty_touches(unit: Session, learner: Learner, now: datetime) -> None:
    asks = exists().where(TouchPrompt.tenant == Touch.tenant, TouchPrompt.learner == Touch.learner,
                          TouchPrompt.touch == Touch.number)
    empty = unit.scalars(select(Touch).where(Touch.learner == learner.id, Touch.state == "open", Touch.kind == "prompts",
                                             ~asks)).all()
    for touch in empty:
        touch.state, touch.closed_at = "answered", now
        unit.execute(update(Delivery).where(Delivery.learner == learner.id, Delivery.touch == touch.number,
                                            Delivery.state == "waiting").values(state="withdrawn"))
    unit.flush()
