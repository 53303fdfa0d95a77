"""What ends with time alone: open touches are closed, without a word to the learner, and debriefs
end on their last day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Row

from engine.delivery.jobs import handle_each
from engine.journey.joining import learner_of
from engine.journey.lapsing import lapse
from engine.journey.planning import replan
from engine.journey.record import read_record
from engine.packs.arcs import arcs
from engine.spacing.until import has_passed
from engine.storage.claims import LearnerKey, debriefs_over, expired_touches
from engine.storage.work import Units, Work


def expire_due(units: Units, limit: int = 100) -> int:
    """Closes up to ``limit`` expired touches, each in its own transaction; returns how many were
    closed."""
    with units.db.across("worker-claim") as door:
        keys = expired_touches(door, units.clock.now(), limit)
    return handle_each(units, keys, "open", expire_now)


def expire_now(work: Work, learner: Row[Any], touch: Row[Any]) -> bool:
    """Closes that touch; returns False if it was given more time in the meantime."""
    if not has_passed(touch.expires_at, work.now):
        return False
    replan(work, learner, lapse(work, learner, read_record(work, learner)))
    return True


def end_debriefs(units: Units, limit: int = 100) -> int:
    """Ends up to ``limit`` debriefs whose last day is over and which no other event has ended;
    returns how many learners they belong to."""
    last_day = timedelta(
        days=max(arc.end_day for arc in arcs().values()) + 1
    )  # one more, for the learner whose day ends last
    with units.db.across("worker-claim") as door:
        keys = debriefs_over(door, units.clock.now() - last_day, limit)
    return sum(_end(units, key) for key in dict.fromkeys(keys))


def _end(units: Units, key: LearnerKey) -> bool:
    """A learner whose debriefs cannot be ended is logged and tried again at the next tick."""
    try:
        with units.write(key.tenant) as work:
            replan(work, learner_of(work.session, key.learner))
            work.commit()
            return True
    except Exception:
        structlog.get_logger("delivery").exception("debrief-not-ended", tenant=key.tenant)
        return False
