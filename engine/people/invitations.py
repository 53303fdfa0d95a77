"""Invitations to a course: creates missing accounts and enrols everybody, all or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses.members import enrol
from engine.people.accounts import (
    USUAL_ZONE,
    account_by_email,
    add_account,
    is_address,
    normalise_email,
)
from engine.people.reasons import InviteMalformed
from engine.storage.tables import Account, Course, Learner, Membership
from engine.values.errors import Invalid


@dataclass(frozen=True)
class InvitedPeople:
    """The accounts to send an invitation to, ordered by address. ``again`` is how many of them had
    been invited to the course before and have not come yet."""

    accounts: tuple[Account, ...]
    again: int


def invite(
    unit: Session, course: Course, emails: list[str], now: datetime, zone: str = USUAL_ZONE
) -> InvitedPeople:
    """Enrols the people with these addresses, creating missing accounts in time zone ``zone``. All
    or none.

    Raises ``Invalid("invite-malformed", field="emails")`` with every malformed address.
    """
    if wrong := [email[:80] for email in dict.fromkeys(emails) if not is_address(email)]:
        raise Invalid(InviteMalformed(emails=tuple(wrong), count=len(wrong)), field="emails")
    waiting, accounts = _not_here_yet(unit, course), []
    for email in dict.fromkeys(normalise_email(e) for e in emails):
        account = account_by_email(unit, email) or add_account(
            unit, email, "", "learner", course.language, now, zone
        )
        enrol(unit, course, account, now)
        accounts.append(account)
    return InvitedPeople(tuple(accounts), sum(account.id in waiting for account in accounts))


def _not_here_yet(unit: Session, course: Course) -> frozenset[str]:
    """The ids of the members who have not accepted the trust contract yet."""
    member = (Membership.tenant == Learner.tenant) & (Membership.account == Learner.id)
    return frozenset(
        unit.scalars(
            select(Learner.id)
            .join(Membership, member)
            .where(Membership.course == course.id, Learner.contract_at.is_(None))
        )
    )
