"""The whole path, to be reread: every experience with its choices, answers and reveal, what is
remembered, and what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from engine.debrief.path import GivenAnswer, Knot, LivedExperience, read_path
from engine.journey.log import Entry, entry_of, what_stands
from engine.journey.record import Record, read_record
from engine.journey.touches import prompts_of
from engine.packs.activities.base import Acts
from engine.spacing import memory
from engine.spacing.progress import answerable
from engine.storage.queries import journeys
from engine.storage.queries.running import entities, rows
from engine.storage.tables import Enrolment, Learner
from engine.storage.work import Work
from engine.values.reasons import Reason


def path(work: Work, learner: Learner, lang: str) -> tuple[Knot, ...]:
    """The learner's path, in the order of their experiences. Takes a constant number of
    statements."""
    lived = entities(work.session, journeys.LIVED, learner=learner.id)
    acts, given, recalled = _acts(work, learner), _given(work, learner), _recalled(work, learner)
    coming = _coming(work, read_record(work, learner))
    return read_path(
        [
            _lived(work, one, acts.get(one.id, ()), given[one.id], recalled[one.id], coming[one.id])
            for one in lived
        ],
        lang,
    )


def open_questions(work: Work, learner: Learner) -> dict[str, tuple[str, ...]]:
    """The prompts that the learner may answer now if they wish to, without waiting for a touch, by
    enrolment."""
    return {
        debrief.enrolment: tuple(p.id for p in answerable(debrief, work.now, learner.zone))
        for debrief in read_record(work, learner).debriefs(work.library)
    }


def _lived(
    work: Work,
    enrolment: Enrolment,
    acts: Acts,
    given: list[GivenAnswer],
    recalled: Mapping[str, float],
    coming: list[Reason],
) -> LivedExperience:
    return LivedExperience(
        enrolment.id,
        work.library.module(enrolment.pack, enrolment.version, enrolment.module),
        acts,
        enrolment.seat,
        enrolment.finished_at,
        tuple(given),
        enrolment.revealed_at is not None,
        recalled,
        tuple(coming),
    )


def _acts(work: Work, learner: Learner) -> dict[str, Acts]:
    """The acts that stand in each experience, by enrolment."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in rows(work.session, journeys.LIVED_ACTS, learner=learner.id):
        found[row.enrolment].append(entry_of(row))
    return {enrolment: what_stands(log) for enrolment, log in found.items()}


def _given(work: Work, learner: Learner) -> dict[str, list[GivenAnswer]]:
    """The answers to each debrief, in the order in which they were given, by enrolment."""
    found: dict[str, list[GivenAnswer]] = defaultdict(list)
    for row in rows(work.session, journeys.LIVED_ANSWERS, learner=learner.id):
        found[row.enrolment].append(
            GivenAnswer(row.prompt, row.occurrence, row.answered_at, row.content)
        )
    return found


def _recalled(work: Work, learner: Learner) -> dict[str, dict[str, float]]:
    """How well each takeaway is remembered (0–1), by enrolment and takeaway."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows(work.session, journeys.LIVED_CARDS, learner=learner.id):
        found[row.enrolment][row.takeaway] = memory.retrievability(row.card, work.now)
    return found


def _coming(work: Work, record: Record) -> dict[str, list[Reason]]:
    """Why the planned touch asks about an experience, by enrolment."""
    found: dict[str, list[Reason]] = defaultdict(list)
    planned, session = record.planned, work.session
    for row in prompts_of(session, record.learner.id, planned.number) if planned else ():
        found[row.enrolment] += [Reason.from_json(reason) for reason in row.reasons]
    return found
