"""Mailed links: signed, each valid for one purpose and a limited time. Their addresses are built
here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from web.site import signing

ANSWER, UNSUBSCRIBE = "answer", "unsubscribe"
ANSWER_FOR = timedelta(days=7)
UNSUBSCRIBE_FOR = timedelta(days=365)
"""How long an unsubscribe link is valid: people may want to stop the mails long after the last one,
and the link does nothing else."""


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

    def settings_page(self) -> str:
        """The address where the rhythm can be changed, after signing in."""
        return f"{self.base_url}/settings"

    def read_answer(self, token: str, wall: datetime) -> AnswerLink:
        """What the link is for; whoever follows it has to compare the epoch. Raises ``Expired`` and
        ``NotFound`` as ``signing.read`` does."""
        return AnswerLink(*signing.read(self.secret, ANSWER, token, wall))

    def read_unsubscribe(self, token: str, wall: datetime) -> tuple[str, str]:
        """(tenant, learner). Raises ``Expired`` and ``NotFound`` as ``signing.read`` does."""
        tenant, learner = signing.read(self.secret, UNSUBSCRIBE, token, wall)
        return tenant, learner
