"""What is over by itself: open touches are closed as missed, without a word to the learner;
debriefs end on their last day."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import select

from engine.delivery.jobs import handle_each
from engine.journey.planning import replan
from engine.journey.touches import close_touch
from engine.packs.arcs import arcs
from engine.storage.claims import LearnerKey, debriefs_over, expired_touches
from engine.storage.tables import Learner, Touch
from engine.storage.work import Units, Work


def expire_due(units: Units, limit: int = 100) -> int:
    """Close up to ``limit`` touches whose time is over, each in its own transaction; how many
    were closed."""
    with units.db.across("worker-claim") as door:
        keys = expired_touches(door, units.clock.now(), limit)
    return handle_each(units, keys, "open", expire_now)


def expire_now(work: Work, learner: Learner, touch: Touch) -> bool:
    """Close that touch as missed; False when it was given more time meanwhile."""
    now = work.now
    if touch.expires_at > now:
        return False
    close_touch(work, learner, touch, "missed")
    replan(work, learner)
    return True


def end_debriefs(units: Units, limit: int = 100) -> int:
    """End up to ``limit`` debriefs whose last day is over though nothing happened that would
    have; of how many learners."""
    last_day = timedelta(
        days=max(arc.end_day for arc in arcs().values()) + 1
    )  # one more, for whoever's day ends last
    with units.db.across("worker-claim") as door:
        keys = debriefs_over(door, units.clock.now() - last_day, limit)
    return sum(_end(units, key) for key in set(keys))


def _end(units: Units, key: LearnerKey) -> bool:
    """One whose debriefs cannot be ended is logged, and looked at again at the next tick."""
    try:
        with units.write(key.tenant) as work:
            held = select(Learner).where(Learner.id == key.learner).with_for_update(of=Learner)
            replan(work, work.session.scalars(held).one())
            work.commit()
            return True
    except Exception:
        structlog.get_logger("delivery").exception("debrief-not-ended", tenant=key.tenant)
        return False
