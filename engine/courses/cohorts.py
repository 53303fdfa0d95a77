"""Cohorts: groups of learners within a course; creating them and setting their members."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.tables import Cohort, CohortMember, Course


def make(unit: Session, course: Course, name: str) -> Cohort:
    """Creates an empty cohort of that course."""
    made = Cohort(course=course.id, name=name[:200])
    unit.add(made)
    unit.flush()
    return made


def set_members(unit: Session, cohort: Cohort, accounts: Collection[str]) -> None:
    """Makes these accounts the cohort's only members."""
    wanted = set(accounts)
    for row in unit.scalars(select(CohortMember).where(CohortMember.cohort == cohort.id)):
        if row.account not in wanted:
            unit.delete(row)
        wanted.discard(row.account)
    unit.add_all(CohortMember(cohort=cohort.id, account=account) for account in sorted(wanted))
    unit.flush()


def join(unit: Session, course: Course, name: str, account: str) -> None:
    """Puts somebody into the cohort of that name, which is made if there is none; the caller holds
    the course, so that two do not make it at once. Does nothing for who is in it."""
    named = select(Cohort).where(Cohort.course == course.id, Cohort.name == name[:200])
    cohort = next(iter(unit.scalars(named.order_by(Cohort.id))), None) or make(unit, course, name)
    if unit.get(CohortMember, (cohort.tenant, cohort.id, account)) is None:
        unit.add(CohortMember(cohort=cohort.id, account=account))
        unit.flush()
