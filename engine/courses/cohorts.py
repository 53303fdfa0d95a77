"""Cohorts: groups of learners inside a course, made, renamed and kept in step with who belongs
to them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.tables import Cohort, CohortMember, Course


def make(unit: Session, course: Course, name: str) -> Cohort:
    """A new cohort of that course, nobody in it yet."""
    made = Cohort(course=course.id, name=name[:200])
    unit.add(made)
    unit.flush()
    return made


def set_members(unit: Session, cohort: Cohort, accounts: Collection[str]) -> None:
    """Exactly these accounts are in it from now on."""
    wanted = set(accounts)
    for row in unit.scalars(select(CohortMember).where(CohortMember.cohort == cohort.id)):
        if row.account not in wanted:
            unit.delete(row)
        wanted.discard(row.account)
    unit.add_all(CohortMember(cohort=cohort.id, account=account) for account in sorted(wanted))
    unit.flush()
