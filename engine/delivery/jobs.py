"""What the worker's jobs share: locking rows against other workers, and putting off a row that
fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Row
from sqlalchemy.orm import Session

from engine.storage.claims import TouchKey
from engine.storage.queries import journeys
from engine.storage.queries.running import rows
from engine.storage.rewriting import rewrite
from engine.storage.tables import Touch
from engine.storage.work import Units, Work

PUT_OFF = timedelta(hours=1)
"""A touch that cannot be handled is tried again after this (learning time), so that it never holds
up the others."""


Job = Callable[[Work, Row[Any], Row[Any]], bool]
"""Handles one touch of a learner (columns of ``journeys.LEARNER_IF_FREE`` and ``TOUCH_HELD``) in an
open transaction; returns whether it did its work."""


def handle_each(units: Units, keys: Iterable[TouchKey], state: str, job: Job) -> int:
    """Runs the job for each touch that is still in that state, each in its own transaction; returns
    for how many it did its work.

    Any error with one touch is logged, and that touch is put off.
    """
    return sum(_handle(units, key, state, job) for key in keys)


def _handle(units: Units, key: TouchKey, state: str, job: Job) -> bool:
    try:
        with units.write(key.tenant) as work:
            held = _held(work.session, key, state)
            done = held is not None and job(work, *held)
            work.commit()
            return done
    except Exception:
        structlog.get_logger("delivery").exception(
            "touch-put-off", tenant=key.tenant, touch=key.number, state=state
        )
        _put_off(units, key, state)
        return False


def _held(session: Session, key: TouchKey, state: str) -> tuple[Row[Any], Row[Any]] | None:
    """The learner and the touch, locked in this order until the transaction ends, so that two
    workers never decide for one person at once.

    None if the touch is no longer in that state, its learner is gone altogether, or another
    transaction holds the locks: then that one does what there is to do, and this worker goes on to
    the next touch instead of waiting.
    """
    its = {"learner": key.learner}
    learners = rows(session, journeys.LEARNER_IF_FREE, **its)
    touches = rows(session, journeys.TOUCH_HELD, **its, number=key.number, state=state)
    return (learners[0], touches[0]) if learners and touches else None


def _put_off(units: Units, key: TouchKey, state: str) -> None:
    with units.write(key.tenant) as work:
        held = _held(work.session, key, state)
        if held is not None:
            again = work.now + PUT_OFF
            its = {"learner": key.learner, "number": key.number}
            if state == "planned":
                rewrite(work.session, Touch, journeys.PUT_OFF_PLANNED, its, due_at=again)
            else:
                rewrite(work.session, Touch, journeys.PUT_OFF_OPEN, its, expires_at=again)
            work.commit()
