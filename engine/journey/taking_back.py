"""Taking the last choice of an experience back, after a mis-tap. The log keeps the choice, and that
it was taken back; everything that looks at acts sees only what stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from engine.journey.news import tell
from engine.journey.planning import replan
from engine.journey.playing import Scene, keep_appointment, scene, write
from engine.journey.reasons import ChoiceStands
from engine.packs.activities.base import Act
from engine.storage.queries import journeys
from engine.storage.queries.running import rows
from engine.storage.rewriting import rewrite
from engine.storage.tables import Enrolment, Learner
from engine.storage.work import Work
from engine.values.errors import Refused


def may_take_back(work: Work, learner: Learner | Row[Any], here: Scene) -> int | None:
    """The number of the choice that may be taken back: the learner's last one, until the next is
    made. The one that ended the experience too, until the first question about it has come: what
    is asked quotes it. None if there is none, and at a table, where others have seen it."""
    if here.module.spec.activity.seats:
        return None
    last = here.log[-1] if here.log else None
    if last is None or last.takes_back is not None or last.act.seat != here.enrolment.seat:
        return None
    if here.screen.finished and _is_debriefed(work, learner, here):
        return None
    return last.number


def take_back(work: Work, learner: Learner | Row[Any], enrolment_id: str, number: int) -> Scene:
    """Takes act ``number`` back; sent twice, it counts once. If it had ended the experience, that
    goes on, and what was planned about it is not asked.

    Raises ``Refused("choice-stands")`` if it is not, or no longer, the last one; in that case
    nothing changes.
    """
    here = scene(work, learner, enrolment_id)
    if here.log and here.log[-1].takes_back == number:
        return here
    if may_take_back(work, learner, here) != number:
        raise Refused(ChoiceStands())
    there = write(work, here, Act(here.enrolment.seat, {}, work.now), takes_back=number)
    keep_appointment(work, learner, here, there)
    if here.screen.finished:
        its = {"id": enrolment_id}
        rewrite(work.session, Enrolment, journeys.FINISH, its, finished_at=None)
        tell(work.session, learner.id, enrolment_id)
        replan(work, learner)
        work.session.flush()
    return there


def _is_debriefed(work: Work, learner: Learner | Row[Any], here: Scene) -> bool:
    """Whether the debrief has begun, or is over without having begun."""
    its = {"learner": learner.id, "enrolment": here.enrolment.id}
    asked = rows(work.session, journeys.ASKED_AT_ALL, **its)[0].known
    return bool(asked) or here.enrolment.closed_at is not None
