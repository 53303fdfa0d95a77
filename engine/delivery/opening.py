"""Touches that fell due: opened if they may still be sent now, otherwise decided anew. Opening a
touch puts it in the inbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from engine.delivery.announcing import tell_beside, was_told_today
from engine.delivery.jobs import handle_each
from engine.journey.addresses import channels_of
from engine.journey.lapsing import lapse
from engine.journey.planning import replan
from engine.journey.record import past, read_record, read_touches, wishes_of
from engine.journey.touches import open_touch
from engine.spacing.limits import check_at_send
from engine.storage.claims import due_touches
from engine.storage.queries import journeys
from engine.storage.queries.running import insert_all
from engine.storage.rewriting import rewrite
from engine.storage.tables import Touch
from engine.storage.work import Units, Work

A_DAY = timedelta(days=1)
STALE = timedelta(days=1)
"""A plan that was not carried out for this long (the worker was down) is decided anew from the
current state."""


def open_due(units: Units, limit: int = 100) -> int:
    """Opens up to ``limit`` touches that fell due, each in its own transaction; returns how many
    were opened."""
    now = units.clock.now()
    with units.db.across("worker-claim") as door:
        keys = due_touches(door, now, limit)
    return handle_each(units, keys, "planned", open_now)


def open_now(work: Work, learner: Row[Any], touch: Row[Any]) -> bool:
    """Opens that touch and queues it for each channel that the learner chose. Returns False if it
    is not due yet, or if it was decided anew because it is stale or the learner's limits forbid it
    after all."""
    now = work.now
    if touch.due_at > now:
        return False
    touches = read_touches(work, learner)
    if any(one.lapsed for one in touches):
        replan(work, learner, lapse(work, learner, read_record(work, learner)))
        return False
    before = replace(wishes_of(learner), touches=past(touches))
    refusal = check_at_send(before, touch.minutes, now)
    if refusal is not None or now - touch.due_at > STALE:
        replan(work, learner)
        return False
    if was_told_today(work, learner):  # one message a local day
        its = {"learner": learner.id, "number": touch.number}
        rewrite(work.session, Touch, journeys.PUT_OFF_PLANNED, its, due_at=now + A_DAY)
        return False
    open_touch(work, learner, touch)
    tell_beside(work, learner, touch.number)
    insert_all(
        work.session,
        journeys.ADD_DELIVERY,
        [
            {"learner": learner.id, "touch": touch.number, "channel": channel, "next_at": work.wall}
            for channel in channels_of(work.session, learner)
        ],
    )
    return True
