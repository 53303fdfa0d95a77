"""The cohorts that a list gives to people who are in the course already: who would join one, and
who is in another, out of which nobody is moved unless somebody says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from engine.courses import cohorts
from engine.storage.tables import Account, Cohort, CohortMember, Course, Membership
from engine.values.folding import bare


@dataclass(frozen=True)
class Place:
    """A learner who is not in the cohort that a list says; ``now`` names those they are in."""

    account: str
    cohort: str
    now: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """How many joined a cohort, were moved into it, and stayed in another."""

    joined: int = 0
    moved: int = 0
    stayed: int = 0


NOTHING = Placed()


def places(unit: Session, course: Course, wanted: Mapping[str, str]) -> dict[str, Place]:
    """By address, the learners of the course who are not in the cohort that ``wanted`` says. One
    statement."""
    inside = and_(
        CohortMember.account == Account.id,
        CohortMember.cohort.in_(select(Cohort.id).where(Cohort.course == course.id)),
    )
    found = unit.execute(
        select(Account.email, Account.id, Cohort.name)
        .join(Membership, and_(Membership.account == Account.id, Membership.role == "learner"))
        .outerjoin(CohortMember, inside)
        .outerjoin(Cohort, Cohort.id == CohortMember.cohort)
        .where(Membership.course == course.id, Account.email.in_(list(wanted)))
        .order_by(Account.email, Cohort.name)
    )
    names: dict[str, list[str]] = {}
    accounts: dict[str, str] = {}
    for email, account, name in found:
        accounts[str(email)] = account
        names.setdefault(str(email), []).extend([name] if name else [])
    return {
        email: Place(account, wanted[email], tuple(names[email]))
        for email, account in accounts.items()
        if wanted[email] and bare(wanted[email]) not in map(bare, names[email])
    }


def place(unit: Session, course: Course, wanted: Mapping[str, str], *, move: bool) -> Placed:
    """Puts these people into their cohorts; who is in another stays there unless ``move``. The
    caller holds the course."""
    found = places(unit, course, wanted).values()
    there: dict[str, list[str]] = {}
    for one in found:
        if move or not one.now:
            there.setdefault(one.cohort, []).append(one.account)
    for name, accounts in there.items():
        cohorts.move(unit, course, cohorts.named(unit, course, name), accounts)
    elsewhere = sum(bool(one.now) for one in found)
    return Placed(
        joined=len(found) - elsewhere,
        moved=elsewhere if move else 0,
        stayed=0 if move else elsewhere,
    )
