"""Invitations to a course: the accounts that are missing made, everybody enrolled, all or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses.members import enrol
from engine.people.accounts import USUAL_ZONE, account_by_email, add_account, is_address, normal
from engine.storage.tables import Account, Course, Learner, Membership
from engine.values.errors import Invalid


@dataclass(frozen=True)
class InvitedPeople:
    """Whom to send an invitation, in the order of their addresses; ``again``: how many of them
    were invited to the course before, and have not come yet."""

    accounts: tuple[Account, ...]
    again: int


def invite(
    unit: Session, course: Course, emails: list[str], now: datetime, zone: str = USUAL_ZONE
) -> InvitedPeople:
    """Enrol the people of these addresses, creating the accounts that are missing, in that time
    zone. All or none.

    Raises ``Invalid("invite-malformed", field="emails")`` with every address that is none.
    """
    if wrong := [email[:80] for email in dict.fromkeys(emails) if not is_address(email)]:
        raise Invalid("invite-malformed", field="emails", emails=wrong, count=len(wrong))
    waiting, accounts = _not_here_yet(unit, course), []
    for email in dict.fromkeys(normal(e) for e in emails):
        account = account_by_email(unit, email) or add_account(
            unit, email, "", "learner", course.language, now, zone
        )
        enrol(unit, course, account, now)
        accounts.append(account)
    return InvitedPeople(tuple(accounts), sum(account.id in waiting for account in accounts))


def _not_here_yet(unit: Session, course: Course) -> frozenset[str]:
    """The ids of the members who have not said yes to the trust contract."""
    member = (Membership.tenant == Learner.tenant) & (Membership.account == Learner.id)
    return frozenset(
        unit.scalars(
            select(Learner.id)
            .join(Membership, member)
            .where(Membership.course == course.id, Learner.contract_at.is_(None))
        )
    )
