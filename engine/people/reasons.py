"""What cannot be done with an account, and why."""

from __future__ import annotations

from engine.values.reasons import Reason


class PasswordTooShort(Reason, code="password-too-short"):
    """Fewer characters than ``least``."""

    least: int


class PasswordTooLong(Reason, code="password-too-long"):
    """More characters than ``most``."""

    most: int


class EmailMalformed(Reason, code="email-malformed"):
    """Not an e-mail address."""


class EmailTaken(Reason, code="email-taken"):
    """Somebody of the organisation has the address."""

    email: str


class AccountUnknown(Reason, code="account-unknown"):
    """Nobody of the organisation has that id."""


class RolesUnknown(Reason, code="roles-unknown"):
    """No role, or one that there is not."""


class MergeWithItself(Reason, code="merge-with-itself"):
    """Both accounts are the same."""


class MergeYourself(Reason, code="merge-yourself"):
    """The account that would go is that of whoever merges."""


class OrganisationName(Reason, code="organisation-name"):
    """No name, or one of more characters than ``most``."""

    most: int


class OrganisationTooLong(Reason, code="organisation-too-long"):
    """More characters than ``most``, or some that cannot be printed."""

    most: int


class OrganisationLanguage(Reason, code="organisation-language"):
    """Not a language of the pages."""


class OrganisationZone(Reason, code="organisation-zone"):
    """Not a time zone."""


class LinkUsed(Reason, code="link-used"):
    """The link served already, or its account is gone."""


class TooManyTries(Reason, code="too-many-tries"):
    """The tries are used up; there are some again in so many minutes."""

    minutes: int


class InviteMalformed(Reason, code="invite-malformed"):
    """These, ``count`` of them, are not addresses."""

    emails: tuple[str, ...]
    count: int


class InvitationUsed(Reason, code="invitation-used"):
    """The invitation was accepted already, replaced by a newer one, or its course is gone."""


class TooManyInvited(Reason, code="too-many-invited"):
    """More would be invited than ``most`` in an hour."""

    most: int


class NobodyFound(Reason, code="people-none"):
    """A list without an address."""


class TooManyPeople(Reason, code="people-too-many"):
    """A list of more than ``most``: the others, from that line on, are left out."""

    line: int
    most: int


class PersonUnreachable(Reason, code="person-without-address"):
    """Somebody on a list has no address."""

    line: int
    words: str


class PersonMalformed(Reason, code="person-address"):
    """Not an address."""

    line: int
    email: str


class PersonTwice(Reason, code="person-twice"):
    """The same address as on an earlier line of the list."""

    line: int
    email: str
    first: int


class FirstRunOver(Reason, code="first-run-over"):
    """The link of the first run has been used or replaced, or somebody administers already."""


class FirstRunExpired(Reason, code="first-run-expired"):
    """The link of the first run is more than a day old."""


class NameMissing(Reason, code="name-missing"):
    """No name, or one of more than ``most`` characters."""

    most: int


class OrganisationUnnamed(Reason, code="organisation-unnamed"):
    """A name without a letter or digit to make an id of, or of more than ``most`` characters."""

    most: int


class RetentionDays(Reason, code="retention-days"):
    """Not a number of days from ``least`` to ``most``."""

    least: int
    most: int
