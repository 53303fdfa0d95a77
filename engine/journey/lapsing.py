"""A touch whose last moment has passed: closed by whoever comes first, the worker or its learner,
and with the same effect."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from engine.journey.record import Record
from engine.journey.touches import close_touch
from engine.spacing.values import TouchEnd
from engine.storage.queries import journeys
from engine.storage.queries.running import rows
from engine.storage.tables import Learner
from engine.storage.work import Work

NEVER_LEFT = frozenset({"waiting", "sending", "parked"})
"""The states of a delivery that nobody has got, unlike one that its learner had withdrawn."""


def lapse(work: Work, learner: Learner | Row[Any], record: Record) -> Record:
    """Closes the touch that is over, if any: as answered if anything in it was, as missed if not,
    as unsent if its learner cannot have missed what never left. Returns the record after it."""
    touch = record.lapsed
    if touch is None:
        return record
    end = _end_of(work, record, touch.number)
    close_touch(work, learner, touch.number, end)
    return record.ended(touch.number, end)


def _end_of(work: Work, record: Record, number: int) -> TouchEnd:
    if any(one.answered for one in record.of_touch(number)):
        return "answered"
    its = {"learner": record.learner.id, "number": number}
    states = {row.state for row in rows(work.session, journeys.DELIVERY_STATES, **its)}
    return "unsent" if states & NEVER_LEFT and "sent" not in states else "missed"
