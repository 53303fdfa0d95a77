"""What somebody is invited to, and by whom: what an invitation's mail says, and the page behind
its link."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses.effort import Effort, effort_of
from engine.courses.hosts import organisation
from engine.journey.joining import learner_of
from engine.journey.rhythms import offered, usual
from engine.people.accounts import account_by_email
from engine.spacing.values import Rhythm
from engine.storage.tables import Account, Course, Invitation


@dataclass(frozen=True)
class Offer:
    """An invitation in full. ``inviter`` is the name of whoever sent it, "" where it was the
    organisation itself; replies go to ``reply_to``, None if nobody reads them. ``sender`` is as
    whom the organisation writes mails, ``rhythm`` the one by which questions would come, and
    ``epoch`` that of the account that has the address, None without one."""

    course: str
    organisation: str
    sender: str
    inviter: str
    reply_to: str | None
    effort: Effort
    rhythm: Rhythm
    epoch: int | None

    @property
    def who(self) -> str:
        """Who invites, by name."""
        return self.inviter or self.organisation


def offer_of(unit: Session, invited: Invitation) -> Offer | None:
    """What that invitation offers; None if its course is gone."""
    course = unit.get(Course, (invited.tenant, invited.course))
    if course is None:
        return None
    house, by = organisation(unit), _inviter(unit, invited)
    account = account_by_email(unit, invited.email)
    return Offer(
        course.title,
        house.name,
        house.sender,
        by.name if by else "",
        (by.email if by else None) or house.contact,
        effort_of(unit, course),
        offered(unit, learner_of(unit, account.id)) if account else usual(unit),
        account.epoch if account else None,
    )


def _inviter(unit: Session, invited: Invitation) -> Account | None:
    if invited.invited_by is None:
        return None
    wanted = select(Account).where(
        Account.tenant == invited.tenant, Account.id == invited.invited_by
    )
    return unit.scalars(wanted).one_or_none()
