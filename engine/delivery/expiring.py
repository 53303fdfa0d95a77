"""What ends with time alone: open touches are closed, without a word to the learner, and debriefs
end on their last day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Row

from engine.delivery.jobs import handle_each
from engine.journey.joining import learner_of
from engine.journey.planning import replan
from engine.journey.record import Record, read_record
from engine.journey.touches import close_touch
from engine.packs.arcs import arcs
from engine.spacing.values import TouchEnd
from engine.storage.claims import LearnerKey, debriefs_over, expired_touches
from engine.storage.queries import journeys
from engine.storage.queries.running import rows
from engine.storage.work import Units, Work

NEVER_LEFT = frozenset({"waiting", "sending", "parked"})
"""The states of a delivery that nobody has got, unlike one that its learner had withdrawn."""


def expire_due(units: Units, limit: int = 100) -> int:
    """Closes up to ``limit`` expired touches, each in its own transaction; returns how many were
    closed."""
    with units.db.across("worker-claim") as door:
        keys = expired_touches(door, units.clock.now(), limit)
    return handle_each(units, keys, "open", expire_now)


def expire_now(work: Work, learner: Row[Any], touch: Row[Any]) -> bool:
    """Closes that touch: as answered if anything in it was, as missed if not, as unsent if its
    learner cannot have missed what never left; returns False if it was given more time in the
    meantime."""
    now = work.now
    if touch.expires_at > now:
        return False
    record = read_record(work, learner)
    end = _end_of(work, record, touch.number)
    close_touch(work, learner, touch.number, end)
    replan(work, learner, record.ended(touch.number, end))
    return True


def _end_of(work: Work, record: Record, number: int) -> TouchEnd:
    if any(one.answered for one in record.of_touch(number)):
        return "answered"
    its = {"learner": record.learner.id, "number": number}
    states = {row.state for row in rows(work.session, journeys.DELIVERY_STATES, **its)}
    return "unsent" if states & NEVER_LEFT and "sent" not in states else "missed"


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
