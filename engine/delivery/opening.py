"""Touches that fell due: opened when they still may be sent now, else decided anew. Opening is
what puts one in the inbox."""

from __future__ import annotations

from datetime import timedelta

from engine.delivery.jobs import handle_each
from engine.journey.addresses import channels_of
from engine.journey.planning import replan
from engine.journey.record import read_record
from engine.journey.touches import open_touch
from engine.spacing.limits import check_at_send
from engine.storage.claims import due_touches
from engine.storage.queries import journeys
from engine.storage.queries.running import insert_all
from engine.storage.tables import Learner, Touch
from engine.storage.work import Units, Work

STALE = timedelta(days=1)
"""A plan that nobody carried out for so long (the worker was down) is decided anew, on what is
true now."""


def open_due(units: Units, limit: int = 100) -> int:
    """Open up to ``limit`` touches that fell due, each in its own transaction; how many were
    opened."""
    now = units.clock.now()
    with units.db.across("worker-claim") as door:
        keys = due_touches(door, now, limit)
    return handle_each(units, keys, "planned", open_now)


def open_now(work: Work, learner: Learner, touch: Touch) -> bool:
    """Open that touch and set it on its way through each channel that the learner chose; False when
    their limits say no, after all: it was decided anew."""
    now = work.now
    if touch.due_at > now:
        return False
    record = read_record(work, learner)
    refusal = check_at_send(record.state(work.library), touch.minutes, now)
    if refusal is not None or now - touch.due_at > STALE:
        replan(work, learner, record)
        return False
    open_touch(work, learner, touch)
    insert_all(
        work.session,
        journeys.ADD_DELIVERY,
        [
            {"learner": learner.id, "touch": touch.number, "channel": channel, "next_at": work.wall}
            for channel in channels_of(work.session, learner)
        ],
    )
    return True
