"""People of a course: invited, enrolled, and seen by facilitators as counts and states, never as words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.addresses import is_mailable
from engine.errors import Invalid
from engine.spacing.days import local_day, zone_of
from engine.storage.tables import Account, Answer, Course, Enrolment, Learner, Membership

USUAL_ZONE = "Europe/Paris"
"""Where people are taken to live until they, or the settings of the installation, say otherwise (IANA name)."""


def account_by_email(unit: Session, email: str) -> Account | None:
    """The account of that address in this organisation, if any."""
    return unit.scalars(select(Account).where(Account.email == normal(email))).one_or_none()


def normal(email: str) -> str:
    """An address as it is stored and compared: in lower case, and such that every mail server takes it (``is_mailable``).

    So ASCII alone: an internationalised domain is written in its ASCII form (``xn--…``), and a name with accents before the @
    is refused here, where its owner can give another, not for good when the first mail leaves. Nothing is converted: which
    ASCII form a domain has depends on who is asked (IDNA 2003, 2008), and the wrong one is somebody else's.

    Raises ``Invalid("email-malformed")``.
    """
    address = email.strip().lower()
    if not is_mailable(address) or "." not in address.rpartition("@")[2]:
        raise Invalid("email-malformed", email=email[:80])
    return address


def is_address(email: str) -> bool:
    """Whether ``normal`` takes it."""
    try:
        normal(email)
    except Invalid:
        return False
    return True


def add_account(unit: Session, email: str | None, name: str, role: str, language: str, now: datetime,
                zone: str = USUAL_ZONE) -> Account:
    """A new account with its learner row, in that time zone until its owner chooses another; the trust contract comes at first
    sign-in. Raises ``Invalid("email-taken")``."""
    if email is not None and account_by_email(unit, email) is not None:
        raise Invalid("email-taken", email=normal(email))
    account = Account(email=normal(email) if email else None, name=name.strip(), role=role, language=language, created_at=now)
    unit.add(account)
    unit.flush()
    unit.add(Learner(id=account.id, channel="mail" if account.email else "inbox", zone=zone))
    unit.flush()
    return account


def enrol(unit: Session, course: Course, account: Account, now: datetime, role: str = "learner") -> Membership:
    """Make someone a member of a course; once is enough."""
    there = unit.scalars(select(Membership).where(Membership.course == course.id, Membership.account == account.id)).one_or_none()
    if there is None:
        there = Membership(course=course.id, account=account.id, role=role, joined_at=now)
        unit.add(there)
        unit.flush()
    return there


@dataclass(frozen=True)
class Invited:
    """Whom to send an invitation, in the order of their addresses; ``again``: how many of them were invited to the course before,
    and have not come yet."""

    accounts: tuple[Account, ...]
    again: int


def invite(unit: Session, course: Course, emails: list[str], now: datetime, zone: str = USUAL_ZONE) -> Invited:
    """Enrol the people of these addresses, creating the accounts that are missing, in that time zone. All or none.

    Raises ``Invalid("invite-malformed", field="emails")`` with every address that is none.
    """
    if wrong := [email[:80] for email in dict.fromkeys(emails) if not is_address(email)]:
        raise Invalid("invite-malformed", field="emails", emails=wrong, count=len(wrong))
    waiting, accounts = _not_here_yet(unit, course), []
    for email in dict.fromkeys(normal(e) for e in emails):
        account = account_by_email(unit, email) or add_account(unit, email, "", "learner", course.language, now, zone)
        enrol(unit, course, account, now)
        accounts.append(account)
    return Invited(tuple(accounts), sum(account.id in waiting for account in accounts))


def _not_here_yet(unit: Session, course: Course) -> frozenset[str]:
    """The ids of the members who have not said yes to the trust contract."""
    member = (Membership.tenant == Learner.tenant) & (Membership.account == Learner.id)
    return frozenset(unit.scalars(select(Learner.id).join(Membership, member)
                                  .where(Membership.course == course.id, Learner.contract_at.is_(None))))


@dataclass(frozen=True)
class Progress:
    """One learner as a facilitator sees them. ``state``: invited, joined, active, paused, quiet (missing touches), stopped."""

    account: str
    name: str
    state: str
    begun: int
    finished: int
    debriefs_done: int
    answers: int


@dataclass(frozen=True)
class CourseProgress:
    """The people of a course and how many are in each state."""

    people: tuple[Progress, ...]

    @property
    def states(self) -> dict[str, int]:
        """How many learners are in each state."""
        return dict(Counter(p.state for p in self.people))


def progress(unit: Session, course: Course, now: datetime) -> CourseProgress:
    """Counts and states of a course's learners, by name. Three queries, however many they are."""
    pairs = unit.execute(
        select(Learner, Account).join(Account, (Account.tenant == Learner.tenant) & (Account.id == Learner.id))
        .join(Membership, (Membership.tenant == Learner.tenant) & (Membership.account == Learner.id))
        .where(Membership.course == course.id, Membership.role == "learner").order_by(Account.name, Account.email)).all()
    lived: dict[str, list[Enrolment]] = {}
    for enrolment in unit.scalars(select(Enrolment).where(Enrolment.course == course.id)):
        lived.setdefault(enrolment.learner, []).append(enrolment)
    of_enrolment = (Answer.tenant == Enrolment.tenant) & (Answer.enrolment == Enrolment.id)
    counted = unit.execute(select(Enrolment.learner, func.count()).join(Answer, of_enrolment)
                           .where(Enrolment.course == course.id).group_by(Enrolment.learner))
    answers = {row[0]: row[1] for row in counted}
    return CourseProgress(tuple(_progress(learner, account, lived.get(learner.id, []), answers.get(learner.id, 0), now)
                                for learner, account in pairs))


def _progress(learner: Learner, account: Account, lived: list[Enrolment], answers: int, now: datetime) -> Progress:
    return Progress(
        account=account.id, name=account.name or account.email or "", state=_state(learner, lived, now), begun=len(lived),
        finished=sum(e.finished_at is not None for e in lived),
        debriefs_done=sum(e.closed_as == "complete" for e in lived), answers=answers)


def _state(learner: Learner, lived: list[Enrolment], now: datetime) -> str:
    if learner.contract_at is None:
        return "invited"
    if learner.stopped_at is not None:
        return "stopped"
    if learner.paused_until is not None and learner.paused_until > local_day(now, zone_of(learner.zone)):
        return "paused"
    if learner.missed_in_a_row:
        return "quiet"
    return "active" if lived else "joined"
