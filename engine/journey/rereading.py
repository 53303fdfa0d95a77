"""The whole path read again: every experience with its choices, answers, reveal, what is
remembered, what comes next."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from engine.debrief.path import GivenAnswer, Knot, LivedExperience, read_path
from engine.journey.planning import debriefs_of
from engine.journey.playing import acts_of
from engine.journey.touches import planned_one, prompts_of
from engine.spacing import memory
from engine.spacing.progress import answerable
from engine.storage.tables import Answer, Enrolment, Learner, Memory
from engine.storage.work import Work
from engine.values.reasons import Reason


def path(work: Work, learner: Learner, lang: str) -> tuple[Knot, ...]:
    """The learner's path in the order it was walked."""
    enrolments = work.session.scalars(
        select(Enrolment).where(Enrolment.learner == learner.id).order_by(Enrolment.started_at)
    ).all()
    planned = planned_one(work.session, learner.id)
    coming: dict[str, list[Reason]] = defaultdict(list)
    for row in prompts_of(work.session, planned) if planned else ():
        coming[row.enrolment] += [Reason.from_json(r) for r in row.reasons]
    return read_path([_lived(work, e, tuple(coming[e.id])) for e in enrolments], lang)


def open_questions(work: Work, learner: Learner) -> dict[str, tuple[str, ...]]:
    """By enrolment, the prompts that the learner may answer now if they wish to, without waiting
    for a touch."""
    debriefs = debriefs_of(work, learner)
    return {
        d.enrolment: tuple(p.id for p in answerable(d, work.now, learner.zone)) for d in debriefs
    }


def _lived(work: Work, enrolment: Enrolment, coming: tuple[Reason, ...]) -> LivedExperience:
    given = work.session.scalars(
        select(Answer).where(Answer.enrolment == enrolment.id).order_by(Answer.answered_at)
    ).all()
    cards = work.session.scalars(select(Memory).where(Memory.enrolment == enrolment.id)).all()
    return LivedExperience(
        enrolment.id,
        work.library.module(enrolment.pack, enrolment.version, enrolment.module),
        acts_of(work.session, enrolment),
        enrolment.finished_at,
        tuple(GivenAnswer(a.prompt, a.occurrence, a.answered_at, a.content) for a in given),
        enrolment.revealed_at is not None,
        {c.takeaway: memory.retrievability(c.card, work.now) for c in cards},
        coming,
    )
