"""The people of an organisation as its administrators see them: found by name or address, by role;
one of them with courses and counts. Never a word that a learner wrote."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from engine.people.accounts import account_of, add_account
from engine.people.asking import welcome
from engine.people.reasons import RolesUnknown
from engine.storage.queries.people import has_role
from engine.storage.tables import (
    Account,
    Answer,
    Course,
    Enrolment,
    Learner,
    LtiPerson,
    LtiRegistration,
    Membership,
)
from engine.storage.work import Work
from engine.values.errors import Invalid
from engine.values.pages import A_PAGE, before, nearest, pages_of
from engine.values.roles import ROLES

LONGEST_SEARCH = 200
"""Characters of a search that are looked for."""


@dataclass(frozen=True)
class PeoplePage:
    """A page of the people found. ``found`` of them in all; ``page`` counts from 1."""

    shown: tuple[Account, ...]
    found: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages they fill, at least one."""
        return pages_of(self.found)


@dataclass(frozen=True)
class Somebody:
    """One person: their courses (slug, title, role in it), the platforms that they come from, and
    counts of what they did. ``answered_at``: when they answered last."""

    account: Account
    learner: Learner | None
    courses: Sequence[Row[str, str, str]]
    platforms: Sequence[str]
    begun: int
    finished: int
    answers: int
    answered_at: datetime | None


def search(unit: Session, words: str = "", role: str = "", page: int = 1) -> PeoplePage:
    """Who has these words in their name or address and, where one is given, that role; by name. Two
    statements, however many there are."""
    found = unit.scalars(select(func.count(Account.id)).where(*_matching(words, role))).one()
    page = nearest(page, found)
    shown = unit.scalars(
        select(Account)
        .where(*_matching(words, role))
        .order_by(func.lower(Account.name), Account.email, Account.id)
        .limit(A_PAGE)
        .offset(before(page))
    )
    return PeoplePage(tuple(shown), found, page)


def _matching(words: str, role: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        or_(
            Account.name.icontains(word, autoescape=True),
            Account.email.icontains(word, autoescape=True),
        )
        for word in words.replace("\0", "")[:LONGEST_SEARCH].split()
    ]
    return [*conditions, has_role(role)] if role in ROLES else conditions


def somebody(unit: Session, account_id: str) -> Somebody:
    """That person. Raises ``NotFound("account-unknown")``."""
    account = account_of(unit, account_id)
    lived = select(Enrolment.id).where(Enrolment.learner == account_id)
    begun, finished = unit.execute(
        select(func.count(Enrolment.id), func.count(Enrolment.finished_at)).where(
            Enrolment.learner == account_id
        )
    ).one()
    answers, answered_at = unit.execute(
        select(func.count(Answer.prompt), func.max(Answer.answered_at)).where(
            Answer.enrolment.in_(lived)
        )
    ).one()
    learner = unit.scalars(select(Learner).where(Learner.id == account_id)).one_or_none()
    return Somebody(
        account,
        learner,
        _courses(unit, account_id),
        _platforms(unit, account_id),
        begun,
        finished,
        answers,
        answered_at,
    )


def _courses(unit: Session, account_id: str) -> Sequence[Row[str, str, str]]:
    return unit.execute(
        select(Course.slug, Course.title, Membership.role)
        .join(Membership, (Membership.tenant == Course.tenant) & (Membership.course == Course.id))
        .where(Membership.account == account_id)
        .order_by(Course.title, Course.id)
    ).all()


def titles_of(unit: Session, courses: Collection[str]) -> dict[str, str]:
    """The titles of these courses, by id."""
    found = unit.execute(select(Course.id, Course.title).where(Course.id.in_(courses)))
    return {row.id: row.title for row in found}


def _platforms(unit: Session, account_id: str) -> list[str]:
    its = (LtiPerson.tenant == LtiRegistration.tenant) & (
        LtiPerson.registration == LtiRegistration.id
    )
    found = unit.execute(
        select(LtiRegistration.name, LtiRegistration.issuer)
        .join(LtiPerson, its)
        .where(LtiPerson.account == account_id)
    )
    return sorted({row.name or row.issuer for row in found})


def invite_person(
    work: Work, email: str, name: str, roles: Collection[str], language: str, zone: str
) -> Account:
    """Makes an account with these roles, and has a mail sent to its address with a link to choose a
    password.

    Raises ``Invalid("email-malformed" | "email-taken" | "roles-unknown", field=…)``.
    """
    if not roles or not set(roles) <= set(ROLES):
        raise Invalid(RolesUnknown(), field="roles")
    try:
        account = add_account(work.session, email, name, "learner", language, work.now, zone)
    except Invalid as wrong:
        raise Invalid(wrong.reason, field="email") from wrong
    account.roles = frozenset(roles)
    welcome(work.session, str(account.email), work.wall)
    work.session.flush()
    return account
