"""The whole path read again: every experience with its choices, answers, reveal, what is
remembered, what comes next."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.debrief.path import GivenAnswer, Knot, LivedExperience, read_path
from engine.journey.planning import debriefs_of
from engine.journey.playing import acts_of
from engine.journey.touches import planned_one, prompts_of
from engine.spacing import memory
from engine.spacing.progress import answerable
from engine.storage.library import Library
from engine.storage.tables import Answer, Enrolment, Learner, Memory
from engine.values.reasons import Reason


def path(
    unit: Session, library: Library, learner: Learner, now: datetime, lang: str
) -> tuple[Knot, ...]:
    """The learner's path in the order it was walked."""
    enrolments = unit.scalars(
        select(Enrolment).where(Enrolment.learner == learner.id).order_by(Enrolment.started_at)
    ).all()
    planned = planned_one(unit, learner.id)
    coming: dict[str, list[Reason]] = defaultdict(list)
    for row in prompts_of(unit, planned) if planned else ():
        coming[row.enrolment] += [Reason.from_json(r) for r in row.reasons]
    return read_path([_lived(unit, library, e, now, tuple(coming[e.id])) for e in enrolments], lang)


def open_questions(
    unit: Session, library: Library, learner: Learner, now: datetime
) -> dict[str, tuple[str, ...]]:
    """By enrolment, the prompts that the learner may answer now if they wish to, without waiting
    for a touch."""
    debriefs = debriefs_of(unit, library, learner)
    return {d.enrolment: tuple(p.id for p in answerable(d, now, learner.zone)) for d in debriefs}


def _lived(
    unit: Session, library: Library, enrolment: Enrolment, now: datetime, coming: tuple[Reason, ...]
) -> LivedExperience:
    given = unit.scalars(
        select(Answer).where(Answer.enrolment == enrolment.id).order_by(Answer.answered_at)
    ).all()
    cards = unit.scalars(select(Memory).where(Memory.enrolment == enrolment.id)).all()
    return LivedExperience(
        enrolment.id,
        library.module(enrolment.pack, enrolment.version, enrolment.module),
        acts_of(unit, enrolment),
        enrolment.finished_at,
        tuple(GivenAnswer(a.prompt, a.occurrence, a.answered_at, a.content) for a in given),
        enrolment.revealed_at is not None,
        {c.takeaway: memory.retrievability(c.card, now) for c in cards},
        coming,
    )
