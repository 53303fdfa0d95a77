"""Why a page is not shown, or a link or form not accepted: the reasons of the site itself."""

from __future__ import annotations

from engine.values.reasons import Reason


class PageUnknown(Reason, code="page-unknown"):
    """No such page, or not for this person."""


class VisitOver(Reason, code="visit-over"):
    """The visit from the LMS has ended."""


class SignedOut(Reason, code="signed-out"):
    """A form was sent by somebody who is no longer signed in."""


class SignInUnknown(Reason, code="sign-in-unknown"):
    """The address and password do not match."""


class MailOnItsWay(Reason, code="mail-on-its-way"):
    """The answer given whether or not anybody has the address."""


class LinkUnknown(Reason, code="link-unknown"):
    """The link was not signed for this purpose."""


class LinkExpired(Reason, code="link-expired"):
    """The link has expired."""


class InvitationExpired(Reason, code="invitation-expired"):
    """The link of an invitation is more than seven days old."""


class InvitationAskedAgain(Reason, code="invitation-asked-again"):
    """Another link was asked for at the address that was invited."""


class LinkEnded(Reason, code="link-ended"):
    """A new password ended the link."""


class DayMalformed(Reason, code="day-malformed"):
    """Not a complete date."""


class NumberMalformed(Reason, code="number-malformed"):
    """Not a whole number."""
