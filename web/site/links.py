"""Mailed links: signed, each valid for one purpose and a limited time. Their addresses are built
here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from web.settings import Settings
from web.site import signing

MAGIC, RESET, ADDRESS = "magic", "reset", "address"
INVITATION, ANSWER, UNSUBSCRIBE = "invitation", "answer", "unsubscribe"
MONDAY_MAIL = "monday-mail"
QUIET = "no-announcements"
GUEST = "guest"
GUEST_FOR = timedelta(days=60)
"""How long whom a learner met can answer by the link that they were given."""
ANSWER_FOR = timedelta(days=365)
"""How long a link to answer is valid: a mail read late still leads to what can be answered then. A
new password ends it earlier."""
UNSUBSCRIBE_FOR = timedelta(days=365)
"""How long an unsubscribe link is valid: people may want to stop the mails long after the last one,
and the link does nothing else."""

INVITATION_FOR = timedelta(days=7)
ADDRESS_FOR = timedelta(days=1)


@dataclass(frozen=True)
class InvitationLink:
    """What an invitation's link says. ``epoch`` is that of the account that the address had when
    the mail was sent: None if there was none."""

    tenant: str
    course: str
    email: str
    number: int
    epoch: int | None


@dataclass(frozen=True)
class AnswerLink:
    """What a link to answer is for: one touch of a learner. It is good as long as their account's
    ``link_epoch`` is still ``epoch``."""

    tenant: str
    learner: str
    touch: int
    epoch: int = 0


@dataclass(frozen=True)
class Links:
    """Creates and reads links for the site at ``base_url``. Times are wall times."""

    secret: str
    base_url: str

    @classmethod
    def of(cls, settings: Settings) -> Links:
        """The links of this installation."""
        return cls(settings.secret_key, settings.base_url)

    def answer(self, link: AnswerLink, wall: datetime) -> str:
        """The address where that touch can be answered without signing in. Opening it changes
        nothing."""
        payload = [link.tenant, link.learner, link.touch, link.epoch]
        token = signing.sign(self.secret, ANSWER, payload, wall + ANSWER_FOR)
        return f"{self.base_url}/l/{token}"

    def unsubscribe(self, tenant: str, learner: str, wall: datetime) -> str:
        """The address where that learner's mails can be stopped without signing in. It carries no
        epoch: a new password does not end it, since all that it can do is to stop the mails, and
        whoever wants that must always be able to."""
        token = signing.sign(self.secret, UNSUBSCRIBE, [tenant, learner], wall + UNSUBSCRIBE_FOR)
        return f"{self.base_url}/u/{token}"

    def magic(self, people: Sequence[tuple[str, str, int]], until: datetime) -> str:
        """The address where these accounts (tenant, account, epoch) sign in without a password. The
        same accounts and the same ``until`` give the same address."""
        return f"{self.base_url}/sign-in/mail/{signing.sign(self.secret, MAGIC, people, until)}"

    def reset(self, people: Sequence[tuple[str, str, int]], until: datetime) -> str:
        """The address where these accounts are given a new password."""
        return f"{self.base_url}/password/{signing.sign(self.secret, RESET, people, until)}"

    def address(self, tenant: str, account: str, email: str, wall: datetime) -> str:
        """The address where that e-mail address is confirmed as the account's."""
        token = signing.sign(self.secret, ADDRESS, [tenant, account, email], wall + ADDRESS_FOR)
        return f"{self.base_url}/address/{token}"

    def invitation(self, said: InvitationLink, wall: datetime) -> str:
        """The address where an invitation is accepted."""
        payload = [said.tenant, said.course, said.email, said.number, said.epoch]
        token = signing.sign(self.secret, INVITATION, payload, wall + INVITATION_FOR)
        return f"{self.base_url}/invitation/{token}"

    def no_announcements(self, tenant: str, learner: str, wall: datetime) -> str:
        """The address where that learner's announcements can be stopped without signing in; the
        questions go on. Without an epoch, as ``unsubscribe``."""
        until = wall + UNSUBSCRIBE_FOR
        return f"{self.base_url}/a/{signing.sign(self.secret, QUIET, [tenant, learner], until)}"

    def guest(self, tenant: str, learner: str, enrolment: str, wall: datetime) -> str:
        """The address where somebody whom the learner met answers one question, without an account.
        Whoever has it can do that once, and nothing else."""
        payload = [tenant, learner, enrolment]
        return f"{self.base_url}/w/{signing.sign(self.secret, GUEST, payload, wall + GUEST_FOR)}"

    def read_guest(self, token: str, wall: datetime) -> tuple[str, str, str]:
        """(tenant, learner, enrolment). Raises ``Expired`` and ``NotFound`` as ``signing.read``
        does."""
        tenant, learner, enrolment = signing.read(self.secret, GUEST, token, wall)
        return tenant, learner, enrolment

    def front_page(self) -> str:
        """The address of the front page."""
        return f"{self.base_url}/"

    def home_page(self) -> str:
        """The address of a learner's home, after signing in."""
        return f"{self.base_url}/home"

    def no_monday(self, tenant: str, course: str, account: str, wall: datetime) -> str:
        """The address where somebody who runs a course stops hearing of it on Mondays, without
        signing in. It can do nothing else, so a new password does not end it."""
        payload, until = [tenant, course, account], wall + UNSUBSCRIBE_FOR
        return f"{self.base_url}/m/{signing.sign(self.secret, MONDAY_MAIL, payload, until)}"

    def read_no_monday(self, token: str, wall: datetime) -> tuple[str, str, str]:
        """(tenant, course, account). Raises ``Expired`` and ``NotFound`` as ``signing.read``
        does."""
        tenant, course, account = signing.read(self.secret, MONDAY_MAIL, token, wall)
        return tenant, course, account

    def desk(self, slug: str, page: str = "desk", **filters: str) -> str:
        """The address of a course's desk, or of the list of its people; read after signing in."""
        asked = f"?{urlencode(filters)}" if filters else ""
        return f"{self.base_url}/courses/{slug}/{page}{asked}"

    def settings_page(self) -> str:
        """The address where the rhythm can be changed, after signing in."""
        return f"{self.base_url}/settings"

    def read_answer(self, token: str, wall: datetime) -> AnswerLink:
        """What the link is for; whoever follows it has to compare the epoch. Raises ``Expired`` and
        ``NotFound`` as ``signing.read`` does."""
        return AnswerLink(*signing.read(self.secret, ANSWER, token, wall))

    def read_late_answer(self, token: str) -> AnswerLink:
        """What a link to answer was for, even if it has expired: it opens nothing any more. Raises
        ``NotFound`` if it is no such link."""
        return AnswerLink(*signing.read_late(self.secret, ANSWER, token))

    def read_unsubscribe(self, token: str, wall: datetime) -> tuple[str, str]:
        """(tenant, learner). Raises ``Expired`` and ``NotFound`` as ``signing.read`` does."""
        tenant, learner = signing.read(self.secret, UNSUBSCRIBE, token, wall)
        return tenant, learner

    def read_no_announcements(self, token: str, wall: datetime) -> tuple[str, str]:
        """(tenant, learner). Raises ``Expired`` and ``NotFound`` as ``signing.read`` does."""
        tenant, learner = signing.read(self.secret, QUIET, token, wall)
        return tenant, learner

    def read_address(self, token: str, wall: datetime) -> tuple[str, str, str]:
        """(tenant, account, e-mail address). Raises ``Expired`` and ``NotFound`` as
        ``signing.read`` does."""
        tenant, account, email = signing.read(self.secret, ADDRESS, token, wall)
        return tenant, account, email

    def read_invitation(self, token: str, wall: datetime) -> InvitationLink:
        """Raises ``Expired`` and ``NotFound`` as ``signing.read`` does."""
        return InvitationLink(*signing.read(self.secret, INVITATION, token, wall))

    def read_late_invitation(self, token: str) -> InvitationLink:
        """What an invitation's link says, however old it is. Raises ``NotFound``."""
        return InvitationLink(*signing.read_late(self.secret, INVITATION, token))
