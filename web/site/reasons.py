"""Why a page is not shown, a link or a form not taken: the reasons of the site itself."""

from __future__ import annotations

from engine.values.reasons import Reason


class PageUnknown(Reason, code="page-unknown"):
    """No such page, or not for this person."""


class VisitOver(Reason, code="visit-over"):
    """The visit from the LMS ended."""


class SignInUnknown(Reason, code="sign-in-unknown"):
    """Address and password do not go together."""


class MailOnItsWay(Reason, code="mail-on-its-way"):
    """What is answered whether or not somebody has the address."""


class LinkUnknown(Reason, code="link-unknown"):
    """The link was not signed for this."""


class LinkExpired(Reason, code="link-expired"):
    """The link is over its time."""


class DayMalformed(Reason, code="day-malformed"):
    """Not a whole date."""


class NumberMalformed(Reason, code="number-malformed"):
    """Not a whole number."""
