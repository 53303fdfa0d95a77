"""Touches that fell due: opened when they still may be sent now, else decided anew. Opening is
what puts one in the inbox."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from engine.delivery.jobs import Bench, handle_each
from engine.journey.planning import replan, state_of
from engine.journey.touches import open_touch
from engine.spacing.limits import check_at_send
from engine.storage.claims import due_touches
from engine.storage.tables import Delivery, Learner, Touch

MAIL = "mail"
STALE = timedelta(days=1)
"""A plan that nobody carried out for so long (the worker was down) is decided anew, on what is
true now."""


def open_due(bench: Bench, limit: int = 100) -> int:
    """Open up to ``limit`` touches that fell due, each in its own transaction; how many were
    opened."""
    now = bench.clock.now()
    with bench.db.across("worker-claim") as door:
        keys = due_touches(door, now, limit)
    return handle_each(bench, keys, "planned", open_now)


def open_now(unit: Session, bench: Bench, learner: Learner, touch: Touch) -> bool:
    """Open that touch and set its mail on its way; False when the learner's limits say no, after
    all: it was decided anew."""
    now = bench.clock.now()
    if touch.due_at > now:
        return False
    refusal = check_at_send(state_of(unit, bench.library, learner, now), touch.minutes, now)
    if refusal is not None or now - touch.due_at > STALE:
        replan(unit, bench.library, learner, now, bench.rng)
        return False
    open_touch(unit, learner, touch, now)
    if learner.channel == MAIL and learner.account.email is not None:
        unit.add(
            Delivery(
                learner=learner.id, touch=touch.number, channel=MAIL, next_at=bench.clock.wall()
            )
        )
    return True
