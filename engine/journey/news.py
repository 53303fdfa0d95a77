"""News of an experience for a gradebook elsewhere, written in the transaction that makes it. One
row an experience."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.storage.tables import LtiPerson, Outbox


def tell(unit: Session, learner_id: str, enrolment_id: str) -> None:
    """Something that may count happened in that experience. Nothing is written for a learner
    whom no LMS knows."""
    if (
        unit.scalars(
            select(LtiPerson.subject).where(LtiPerson.account == learner_id).limit(1)
        ).first()
        is not None
    ):
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
