"""News of an experience for a gradebook elsewhere, written in the transaction that makes it. One
row an experience."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.storage.queries import journeys
from engine.storage.queries.running import rows
from engine.storage.tables import Outbox


def tell(unit: Session, learner_id: str, enrolment_id: str) -> None:
    """Something that may count happened in that experience. Nothing is written for a learner
    whom no LMS knows."""
    if rows(unit, journeys.IN_AN_LMS, learner=learner_id)[0].known:
        renew(unit, [enrolment_id])


def renew(unit: Session, enrolments: Collection[str]) -> None:
    """The news of these experiences wait to be read, at once and anew, also those that were being
    read or were parked.

    Whoever reads one now keeps it until done or until their lease is over; the version tells them
    that it grew meanwhile.
    """
    unit.flush()
    there = set(
        unit.scalars(
            update(Outbox)
            .where(Outbox.enrolment.in_(enrolments))
            .values(
                version=Outbox.version + 1, state="waiting", next_at=None, attempts=0, error=None
            )
            .returning(Outbox.enrolment)
            .execution_options(synchronize_session=False)
        )
    )
    unit.add_all(
        Outbox(enrolment=enrolment, state="waiting", version=1, attempts=0)
        for enrolment in enrolments
        if enrolment not in there
    )
    unit.flush()
