"""Open touches whose time is over: closed as missed, without a word to the learner; the pace slows and the next is decided."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.delivery.bench import Bench, handle_each
from engine.journey.planning import replan
from engine.journey.touches import close_touch
from engine.storage.claims import expired_touches
from engine.storage.tables import Learner, Touch


def expire_due(bench: Bench, limit: int = 100) -> int:
    """Close up to ``limit`` touches whose time is over, each in its own transaction; how many were closed."""
    with bench.db.across("worker-claim") as door:
        keys = expired_touches(door, bench.clock.now(), limit)
    return handle_each(bench, keys, "open", expire_now)


def expire_now(unit: Session, bench: Bench, learner: Learner, touch: Touch) -> bool:
    """Close that touch as missed; False when it was given more time meanwhile."""
    now = bench.clock.now()
    if touch.expires_at > now:
        return False
    close_touch(unit, learner, touch, "missed", now)
    replan(unit, bench.library, learner, now, bench.rng)
    return True
