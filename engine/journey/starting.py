"""The way in: what a learner who has just said yes can begin at once, or when they can."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.journey import playing
from engine.journey.home import Experience, experiences
from engine.journey.joining import accept_contract
from engine.journey.planning import replan
from engine.journey.rhythms import ZONES
from engine.journey.tables import ways
from engine.journey.zones import settle
from engine.storage.tables import Learner
from engine.storage.work import Work


def join(work: Work, learner: Learner, zone: str | None = None) -> None:
    """The learner says yes to the trust contract: they join with the rhythm that it offered, in
    that ``zone`` if it is one that we know (a browser may name another), and what they are asked is
    decided anew."""
    accept_contract(work, learner)
    if zone in ZONES:
        settle(learner, str(zone))
    replan(work, learner)


def begin_first(work: Work, learner: Learner, course: str | None = None) -> str | None:
    """Begins the first experience that is open today, in that course (its id) or in any; returns
    its enrolment. None if none is open. One for several is passed over: how it is begun, alone or
    with whom, is for its learner to say."""
    language = learner.account.language
    for one in experiences(work, learner, language):
        if one.state in ("begun", "new") and course in (None, one.course):
            if one.enrolment is None and ways(work, learner, one.course, one.section):
                continue
            return one.enrolment or playing.begin(work, learner, one.course, one.section).id
    return None


def first_day(offered: Iterable[Experience]) -> date | None:
    """The day on which the next of these experiences opens, if all that could be begun is."""
    return min((one.from_day for one in offered if one.from_day), default=None)
