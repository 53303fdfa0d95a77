"""Cohorts: groups of learners within a course; creating, renaming and removing them, and who is in
them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.courses.reasons import CohortNameMissing, CohortNameTaken, CohortUnknown
from engine.storage.queries import desk
from engine.storage.queries.running import rows
from engine.storage.tables import Cohort, CohortMember, Course, LtiGroup, Membership
from engine.values.errors import Invalid, NotFound
from engine.values.folding import bare
from engine.values.lines import one_line

LONGEST = 200
MANY = 500
"""So many people are named in one statement."""


@dataclass(frozen=True)
class CohortSize:
    """A cohort and how many are in it. ``ours``: it was made here, and not by a group of an LMS,
    which says who is in it."""

    id: str
    name: str
    size: int
    ours: bool


def cohorts_of(unit: Session, course: Course) -> tuple[CohortSize, ...]:
    """The cohorts of a course, by name."""
    theirs = set(unit.scalars(select(LtiGroup.cohort)))
    return tuple(
        CohortSize(row.id, row.name, row.size, row.id not in theirs)
        for row in rows(unit, desk.COHORTS, course=course.id)
    )


def make(unit: Session, course: Course, name: str) -> Cohort:
    """Creates an empty cohort of that course."""
    made = Cohort(course=course.id, name=name[:LONGEST])
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


def create(unit: Session, course: Course, name: str) -> Cohort:
    """Creates a cohort of a name that no other of the course has. Raises
    ``Invalid("cohort-name-missing" | "cohort-name-taken", field="called")``."""
    return make(unit, course, _free(unit, course, name))


def rename(unit: Session, course: Course, cohort: str, name: str) -> None:
    """Gives a cohort that was made here another name. Raises as ``create`` does, and
    ``NotFound("cohort-unknown")``."""
    found = own(unit, course, cohort)
    found.name = _free(unit, course, name, found.id)
    unit.flush()


def remove(unit: Session, course: Course, cohort: str) -> None:
    """Removes a cohort that was made here; its people stay in the course. Raises
    ``NotFound("cohort-unknown")``."""
    unit.delete(own(unit, course, cohort))
    unit.flush()


def move(unit: Session, course: Course, cohort: Cohort, accounts: Collection[str]) -> int:
    """Puts these learners of the course into a cohort, out of the others that were made here;
    returns how many they are."""
    ours = [one.id for one in cohorts_of(unit, course) if one.ours]
    learns = select(Membership.account).where(
        Membership.course == course.id, Membership.role == "learner"
    )
    them = sorted(set(unit.scalars(learns)) & set(accounts))
    for some in _some(them):
        was = CohortMember.cohort.in_(ours), CohortMember.account.in_(some)
        unit.execute(delete(CohortMember).where(*was))
    unit.add_all(CohortMember(cohort=cohort.id, account=account) for account in them)
    unit.flush()
    return len(them)


def own(unit: Session, course: Course, cohort: str) -> Cohort:
    """That cohort of the course, if it was made here. Raises ``NotFound("cohort-unknown")``."""
    if not any(one.id == cohort and one.ours for one in cohorts_of(unit, course)):
        raise NotFound(CohortUnknown())
    return unit.get_one(Cohort, (unit.info["tenant"], cohort))


def _free(unit: Session, course: Course, name: str, but: str = "") -> str:
    said = one_line(name)[:LONGEST]
    if not said:
        raise Invalid(CohortNameMissing(), field="called")
    if any(bare(one.name) == bare(said) and one.id != but for one in cohorts_of(unit, course)):
        raise Invalid(CohortNameTaken(name=said), field="called")
    return said


def _some(them: list[str]) -> list[list[str]]:
    return [them[n : n + MANY] for n in range(0, len(them), MANY)]


def named(unit: Session, course: Course, name: str) -> Cohort:
    """The cohort of that name, which is made if there is none; the caller holds the course, so that
    two do not make it at once."""
    wanted = select(Cohort).where(Cohort.course == course.id, Cohort.name == name[:LONGEST])
    found = next(iter(unit.scalars(wanted.order_by(Cohort.id))), None)
    return found or make(unit, course, name)


def join(unit: Session, course: Course, name: str, account: str) -> None:
    """Puts somebody into the cohort of that name, which is made if there is none; the caller holds
    the course, so that two do not make it at once. Does nothing for who is in it."""
    cohort = named(unit, course, name)
    if unit.get(CohortMember, (cohort.tenant, cohort.id, account)) is None:
        unit.add(CohortMember(cohort=cohort.id, account=account))
        unit.flush()
