"""The whole path, to be reread: every experience with its choices, answers and reveal, what is
remembered, and what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from engine.debrief.path import GivenAnswer, Knot, LivedExperience, read_path
from engine.journey.log import Entry, entry_of, what_stands
from engine.journey.planning import replan
from engine.journey.reasons import EnrolmentUnknown, NotNamedYet
from engine.journey.record import EnrolmentRow, Record, read_record
from engine.journey.touches import prompts_of
from engine.packs.activities.base import Acts
from engine.spacing import memory
from engine.spacing.progress import answerable, readable
from engine.storage.queries import journeys, tables
from engine.storage.queries.running import entities, rows
from engine.storage.rewriting import rewrite
from engine.storage.tables import Enrolment, Learner
from engine.storage.tables.journeys import GONE
from engine.storage.work import Work
from engine.values.errors import NotFound, Refused
from engine.values.reasons import Reason


def path(work: Work, learner: Learner, lang: str) -> tuple[Knot, ...]:
    """The learner's path, in the order of their experiences. Takes a constant number of
    statements."""
    lived = entities(work.session, journeys.LIVED, learner=learner.id)
    acts, given, recalled = _acts(work, learner), _given(work, learner), _recalled(work, learner)
    coming = _coming(work, read_record(work, learner))
    return read_path(
        [
            _lived(
                work,
                one,
                acts.get(one.id, ()),
                [_in_its_words(work, one, row) for row in given[one.id]],
                recalled[one.id],
                coming[one.id],
            )
            for one in lived
        ],
        lang,
    )


@dataclass(frozen=True)
class Offer:
    """What a learner who comes back may do about one experience: the prompts that they may answer
    now, and whether they may read what it was about although no answer has opened that."""

    prompts: tuple[str, ...]
    readable: bool


def offers(work: Work, learner: Learner) -> dict[str, Offer]:
    """What the learner may do now if they wish to, without waiting for a touch, by enrolment."""
    record = read_record(work, learner, every=True)
    open_at = _named_at_table(work, learner)
    return {
        lived.id: _offer(work, record, lived, lived.id in open_at)
        for lived in record.enrolments.values()
    }


def _named_at_table(work: Work, learner: Learner) -> frozenset[str]:
    """The experiences that have been named to somebody else at the same table: people who lived one
    together talk about it, so that its reveal opens for all of them."""
    found = rows(work.session, tables.NAMED_AT_TABLE, learner=learner.id)
    return frozenset(row.id for row in found)


def _offer(work: Work, record: Record, lived: EnrolmentRow, named_at_table: bool) -> Offer:
    debrief, zone = record.debrief(lived, work.library), record.learner.zone
    left = () if lived.closed_as in GONE else answerable(debrief, work.now, zone)
    over = lived.closed_at is not None or record.learner.stopped_at is not None
    prompts = tuple(prompt.id for prompt in left)
    may_read = over or named_at_table or readable(debrief, work.now, zone)
    return Offer(prompts, not debrief.named and may_read)


def read_reveal(work: Work, learner: Learner, enrolment: str) -> None:
    """The learner chose to read what an experience was about before they answered. From now on it
    is named to them, and may be asked about. Raises ``NotFound("enrolment-unknown")``, or
    ``Refused("not-named-yet")`` as long as questions that lead to it are still to come."""
    record = read_record(work, learner, enrolment=enrolment)
    lived = record.enrolments.get(enrolment)
    if lived is None:
        raise NotFound(EnrolmentUnknown())
    if lived.revealed_at is not None:
        return
    if not _offer(work, record, lived, lived.id in _named_at_table(work, learner)).readable:
        raise Refused(NotNamedYet())
    rewrite(work.session, Enrolment, journeys.REVEAL, {"id": enrolment}, revealed_at=work.now)
    replan(work, learner)


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


def _given(work: Work, learner: Learner) -> dict[str, list[Row[Any]]]:
    """The answers to each debrief, in the order in which they were given, by enrolment."""
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows(work.session, journeys.LIVED_ANSWERS, learner=learner.id):
        found[row.enrolment].append(row)
    return found


def _in_its_words(work: Work, lived: Enrolment, row: Row[Any]) -> GivenAnswer:
    """An answer as it was given: to the words as they were then."""
    mended = row.version != lived.version
    module = work.library.module(lived.pack, row.version, lived.module) if mended else None
    return GivenAnswer(row.prompt, row.occurrence, row.answered_at, row.content, module)


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
