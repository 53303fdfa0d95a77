"""Invitations to a course: a row and a mail for each address, and a membership for whoever
accepts. Inviting creates no account, and tells nothing about who has one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from engine.courses import cohorts
from engine.courses.members import enrol
from engine.journey.reasons import CourseOver
from engine.journey.term import is_over
from engine.people.accounts import (
    USUAL_ZONE,
    account_by_email,
    add_account,
    is_address,
    normalise_email,
)
from engine.people.reasons import InvitationUsed, InviteMalformed, TooManyInvited
from engine.storage.database import writes
from engine.storage.tables import Account, Course, Invitation, Learner, Membership
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound, Refused
from engine.values.pages import A_PAGE, before, nearest, pages_of
from engine.values.roles import LEARNER

EXPIRED = "expired"
A_DAY = timedelta(days=1)
"""An address is invited to a course once in this time, however often somebody asks."""
AN_HOUR = timedelta(hours=1)
COURSES_A_DAY = 3
"""An address is invited to so many courses of an organisation in a day."""
BY_ONE, BY_ALL = 10_000, 20_000
"""How many invitations one person, and a whole organisation, may ask for in an hour."""


@dataclass(frozen=True)
class Invited:
    """What became of the addresses that somebody invited: those that get a mail, and how many of
    them were invited before; how many were invited often enough today, and how many are here."""

    asked: tuple[str, ...]
    again: int = 0
    today: int = 0
    here: int = 0


@dataclass(frozen=True)
class InvitationsPage:
    """A page of the invitations of a course that nobody accepted yet. ``states``: how many of them
    all wait, are sent, are expired (were sent before ``lapsed``, and their links have ended), are
    parked; ``page`` counts from 1."""

    shown: tuple[Invitation, ...]
    states: Mapping[str, int]
    page: int
    lapsed: datetime | None = None

    def state(self, one: Invitation) -> str:
        """The state of one of them, as in ``states``."""
        is_over = self.lapsed and one.sent_at and one.sent_at < self.lapsed
        return EXPIRED if one.state == "sent" and is_over else one.state

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.states.values())

    @property
    def pages(self) -> int:
        """How many pages they fill, at least one."""
        return pages_of(self.total)


@dataclass(frozen=True)
class About:
    """What a list says of an address: whose it is, and the group that they join."""

    name: str = ""
    cohort: str = ""


def invite(
    work: Work,
    course: Course,
    emails: Collection[str],
    by: str | None = None,
    about: Mapping[str, About] | None = None,
    *,
    limited: bool = True,
) -> Invited:
    """Invites these addresses, all or none; ``by`` is the account that does it, None for the
    command line, which has no limit. ``about``: what is known of each, by address. ``limited``:
    False where ``check_limits`` let the whole list through.

    Raises ``Invalid("invite-malformed", field="emails")`` with every malformed address, and
    ``Invalid("too-many-invited", field="emails")``. Raises ``Refused("course-over")``.
    """
    check_runs(work, course)
    if wrong := [email[:80] for email in dict.fromkeys(emails) if not is_address(email)]:
        raise Invalid(InviteMalformed(emails=tuple(wrong), count=len(wrong)), field="emails")
    wanted = list(dict.fromkeys(normalise_email(email) for email in emails))
    _hold(work.session, course)
    here = _here(work.session, course, wanted)
    known = {row.email: row for row in among(work.session, course, wanted)}
    today = {email for email, row in known.items() if _is_too_soon(row, work.wall)} - here
    today |= _asked_enough(work, wanted) - here
    asked = [email for email in wanted if email not in here | today]
    if limited:
        check_limits(work, len(asked), by)
    speaks = _languages(work.session, asked)
    for email in asked:
        row = known.get(email)
        if row is None:
            row = Invitation(course=course.id, email=email, number=0)
            work.session.add(row)
        row.number += 1
        row.asked_at, row.accepted_at, row.invited_by = work.wall, None, by
        row.language = speaks.get(email, course.language)
        _tell(row, about)
        row.ask(work.wall)
    for email in today & known.keys():
        _tell(known[email], about)
    work.session.flush()
    again = known.keys() & set(asked)
    return Invited(tuple(asked), len(again), len(today), len(here))


def _tell(row: Invitation, about: Mapping[str, About] | None) -> None:
    if about and (said := about.get(row.email)):
        row.name, row.cohort = said.name or row.name, said.cohort or row.cohort


def states_of(work: Work, course: Course, emails: Collection[str]) -> dict[str, str]:
    """What inviting these addresses now would mean: here, today or again; nothing is said of those
    that are new."""
    known = {row.email: row for row in among(work.session, course, emails)}
    found = {
        email: "today" if _is_too_soon(row, work.wall) else "again" for email, row in known.items()
    }
    found |= dict.fromkeys(_asked_enough(work, emails), "today")
    return found | dict.fromkeys(_here(work.session, course, emails), "here")


def invitations_of(
    unit: Session, course: Course, page: int = 1, lapsed: datetime | None = None
) -> InvitationsPage:
    """A page of the course's invitations that nobody accepted yet, those that need somebody first;
    of a page that is not there, the nearest. The links of those that were sent before ``lapsed``
    (wall time) have ended. Two statements, however many there are."""
    open_ = and_(Invitation.course == course.id, Invitation.accepted_at.is_(None))
    state: ColumnElement[str] = Invitation.state.expression
    if lapsed is not None:
        is_over = and_(Invitation.state == "sent", Invitation.sent_at < lapsed)
        state = case((is_over, EXPIRED), else_=Invitation.state)
    states = {
        row.state: row.n
        for row in unit.execute(
            select(state.label("state"), func.count(Invitation.email).label("n"))
            .where(open_)
            .group_by(state)
        )
    }
    page = nearest(page, sum(states.values()))
    shown = unit.scalars(
        select(Invitation)
        .where(open_)
        .order_by(state != "parked", state, Invitation.email)  # then expired, sent, waiting
        .limit(A_PAGE)
        .offset(before(page))
    )
    return InvitationsPage(tuple(shown), states, page, lapsed)


def among(unit: Session, course: Course, emails: Collection[str]) -> list[Invitation]:
    """The invitations of these addresses, by address."""
    return list(
        unit.scalars(
            select(Invitation)
            .where(Invitation.course == course.id, Invitation.email.in_(emails))
            .order_by(Invitation.email)
        )
    )


def try_again(work: Work, course: Course, email: str) -> bool:
    """Makes a parked invitation due again; returns whether it was parked."""
    row = work.session.scalars(
        select(Invitation)
        .where(
            Invitation.course == course.id,
            Invitation.email == email,
            Invitation.state == "parked",
            Invitation.accepted_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if row is not None:
        row.ask(work.wall)
        work.session.flush()
    return row is not None


def open_invitation(unit: Session, course: str, email: str, number: int) -> Invitation:
    """The invitation that a link is for, locked in a unit that writes. Raises
    ``NotFound("invitation-used")``."""
    wanted = select(Invitation).where(Invitation.course == course, Invitation.email == email)
    row = unit.scalars(wanted.with_for_update() if writes(unit) else wanted).one_or_none()
    if row is None or row.number != number or row.accepted_at is not None:
        raise NotFound(InvitationUsed())
    return row


def accept(work: Work, course_id: str, email: str, number: int, zone: str = USUAL_ZONE) -> Account:
    """Makes whoever has the address a member of the course, with an account in time zone ``zone``
    if they have none yet. Raises ``NotFound("invitation-used")`` and
    ``Refused("course-over")``."""
    row = open_invitation(work.session, course_id, email, number)
    course = work.session.scalars(select(Course).where(Course.id == course_id)).one()
    check_runs(work, course, zone)
    account = _whoever_has(work, row, zone)
    enrol(work.session, course, account, work.now)
    account.name = account.name or row.name or ""
    if row.cohort:
        _hold(work.session, course)
        cohorts.join(work.session, course, row.cohort, account.id)
    row.accepted_at = work.wall
    work.session.flush()
    return account


def check_runs(work: Work, course: Course, zone: str = USUAL_ZONE) -> None:
    """Raises ``Refused("course-over")`` if nobody new joins that course any more; the day is that
    of whoever is invited."""
    if is_over(course, work.now, zone):
        raise Refused(CourseOver())


def _whoever_has(work: Work, row: Invitation, zone: str) -> Account:
    """The account that has the invited address, a new one if there is none."""
    there = account_by_email(work.session, row.email)
    if there is not None:
        return there
    try:
        return add_account(work.session, row.email, "", "learner", row.language, work.now, zone)
    except Invalid:  # they accepted another invitation at this very moment
        there = account_by_email(work.session, row.email)
        if there is None:
            raise
        return there


def renew(work: Work, course: str, email: str) -> bool:
    """Sends an invitation again, because whoever has it asked for another link: once a day at most.
    Returns False if it was accepted, or is not there any more."""
    wanted = select(Invitation).where(Invitation.course == course, Invitation.email == email)
    row = work.session.scalars(wanted.with_for_update()).one_or_none()
    if row is None or row.accepted_at is not None:
        return False
    if row.state != "waiting" and work.wall - row.asked_at >= A_DAY:
        row.number += 1
        row.asked_at = work.wall
        row.ask(work.wall)
        work.session.flush()
    return True


def opens(account: Account, epoch: int | None) -> bool:
    """Whether the link of an accepted invitation signs in to the account as well. ``epoch`` is that
    of the account when the mail was sent, None if there was none. An invitation lies in a mailbox
    for seven days: who has a password, or runs something, signs in as usual."""
    is_plain = account.password_hash is None and account.roles <= {LEARNER}
    return is_plain and account.epoch == (epoch or 0)


def _hold(unit: Session, course: Course) -> None:
    """Locks the course, so that two people who invite the same address at once do it one after the
    other."""
    unit.execute(select(Course.id).where(Course.id == course.id).with_for_update())


def _here(unit: Session, course: Course, emails: Collection[str]) -> set[str]:
    """Which of these addresses belong to those who have come to the course, or run it. A member who
    has not accepted the trust contract may have lost the way in, and is invited again."""
    has_come = or_(Membership.role != "learner", Learner.contract_at.is_not(None))
    found = unit.scalars(
        select(Account.email)
        .join(Membership, _both(Membership, Membership.account))
        .join(Learner, _both(Learner, Learner.id))
        .where(Membership.course == course.id, Account.email.in_(emails), has_come)
    )
    return {str(email) for email in found}


def _both(table: type[Membership | Learner], account: object) -> ColumnElement[bool]:
    return and_(table.tenant == Account.tenant, Account.id == account)


def _is_too_soon(row: Invitation, wall: datetime) -> bool:
    """Whether the address was invited within a day. A mail that was refused for good does not
    count: nobody got it."""
    return row.state != "parked" and wall - row.asked_at < A_DAY


def _asked_enough(work: Work, emails: Collection[str]) -> set[str]:
    """Which of these addresses were invited to enough courses within a day."""
    lately = (
        select(Invitation.email)
        .where(Invitation.email.in_(emails), Invitation.asked_at > work.wall - A_DAY)
        .group_by(Invitation.email)
        .having(func.count(Invitation.course) >= COURSES_A_DAY)
    )
    return set(work.session.scalars(lately))


def _languages(unit: Session, emails: Collection[str]) -> dict[str, str]:
    """The languages of those addresses that somebody has."""
    found = unit.execute(select(Account.email, Account.language).where(Account.email.in_(emails)))
    return {str(row.email): row.language for row in found}


def check_limits(work: Work, more: int, by: str | None) -> None:
    """Raises ``Invalid("too-many-invited", field="emails")`` if ``more`` invitations by that
    account are too many for an hour."""
    if by is None:
        return
    lately = select(func.count(Invitation.email)).where(Invitation.asked_at > work.wall - AN_HOUR)
    for most, whose in ((BY_ONE, lately.where(Invitation.invited_by == by)), (BY_ALL, lately)):
        if more and work.session.scalars(whose).one() + more > most:
            raise Invalid(TooManyInvited(most=most), field="emails")
