"""News of an experience for an external gradebook, written in the same transaction as the event.
One row per experience."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.storage.queries import journeys
from engine.storage.queries.running import rows
from engine.storage.tables import Outbox


def tell(unit: Session, learner_id: str, enrolment_id: str) -> None:
    """Records that something that may count for a grade happened in that experience. Nothing is
    written for a learner whom no LMS knows."""
    if rows(unit, journeys.IN_AN_LMS, learner=learner_id)[0].known:
        renew(unit, [enrolment_id])


def renew(unit: Session, enrolments: Collection[str]) -> None:
    """Makes the news of these experiences wait to be read anew and at once, even if they were being
    read or were parked.

    A worker that is reading one keeps it until it is done or its lease ends; the version tells it
    that there is more news by now.
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
