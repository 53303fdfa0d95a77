"""People of a platform and who they are here: found by registration and ``sub`` alone, never by name or e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.curriculum.outline import Lang
from engine.errors import Invalid
from engine.programme import people
from engine.storage.tables import Account, Learner, LtiPerson
from lti.launch_values import User


@dataclass(frozen=True)
class Tongue:
    """In which language and time zone people are met: ``said`` by the launch, else the ``usual`` one of the installation."""

    said: Lang | None
    usual: Lang
    zone: str

    @property
    def language(self) -> Lang:
        """The one said, or the usual one."""
        return self.said or self.usual


def account_of(unit: Session, registration: str, user: User, tongue: Tongue, now: datetime, wall: datetime) -> Account:
    """The account of that person, made when they are new here. An anonymous one (no ``id``) is new each time.

    A name that the platform says is kept up to date, so is the language in which it shows its pages. An e-mail address is kept
    when nobody else in the organisation has it: the same address on two platforms makes two people.
    """
    known = unit.get(LtiPerson, (unit.info["tenant"], registration, user.id)) if user.id else None
    if known is None:
        account = _new(unit, user, tongue, now)
        if user.id:
            unit.add(LtiPerson(registration=registration, subject=user.id, account=account.id, seen_at=wall))
            unit.flush()
        return account
    known.seen_at = wall
    account = unit.get_one(Account, (unit.info["tenant"], known.account))
    account.name = name_of(user) or account.name
    account.language = tongue.said or account.language
    return account


def find(unit: Session, registration: str, subject: str) -> Account | None:
    """The account of that person, if they ever came or stood in a roster."""
    known = unit.get(LtiPerson, (unit.info["tenant"], registration, subject))
    return unit.scalars(select(Account).where(Account.id == known.account)).one() if known else None


def name_of(user: User) -> str:
    """What to call someone: as the platform says, else their names in order, else nothing. At most 120 characters."""
    whole = user.name or " ".join(part for part in (user.given_name, user.family_name) if part)
    return " ".join(whole.split())[:120]


def free_address(unit: Session, email: str | None) -> str | None:
    """The address in its normal form, when it is one and nobody in the organisation has it."""
    try:
        return people.normal(email) if email and people.account_by_email(unit, email) is None else None
    except Invalid:
        return None


def _new(unit: Session, user: User, tongue: Tongue, now: datetime) -> Account:
    account = people.add_account(unit, free_address(unit, user.email), name_of(user), "learner", tongue.language, now)
    learner = unit.scalars(select(Learner).where(Learner.id == account.id)).one()
    learner.zone = tongue.zone
    return account
