"""What is wrong with the forms for connections and for choosing content."""

from __future__ import annotations

from engine.values.reasons import Reason


class OnlyFromLms(Reason, code="only-from-lms"):
    """The page can only be opened from inside a course."""


class ChoicePoints(Reason, code="choice-points"):
    """Not between 1 and ``most`` points."""

    most: int


class ChoiceNothing(Reason, code="choice-nothing"):
    """Nothing was chosen."""


class ChoiceUnknown(Reason, code="choice-unknown"):
    """The chosen item no longer exists."""


class ChoicePlanEmpty(Reason, code="choice-plan-empty"):
    """The plan places nothing."""


class ChoiceNoLinks(Reason, code="choice-no-links"):
    """The platform accepts no LTI link at this place."""


class ChoiceOneOnly(Reason, code="choice-one-only"):
    """The platform accepts one link at a time."""


class ConnectionMissing(Reason, code="connection-missing"):
    """A required field is empty."""


class ConnectionTooLong(Reason, code="connection-too-long"):
    """More than ``most`` characters."""

    most: int


class ConnectionUnprintable(Reason, code="connection-unprintable"):
    """Contains control characters."""


class ConnectionAddress(Reason, code="connection-address"):
    """Not a complete web address."""


class ConnectionHttps(Reason, code="connection-https"):
    """Plain http outside the allowed networks."""


class ConnectionOrigin(Reason, code="connection-origin"):
    """The line is not just an origin."""

    line: str


class ConnectionTooMany(Reason, code="connection-too-many"):
    """More than ``most`` lines."""

    most: int


class ConnectionDeployment(Reason, code="connection-deployment"):
    """Not between 1 and ``most`` characters."""

    most: int


class ConnectionTaken(Reason, code="connection-taken"):
    """Another connection of the organisation has that issuer and client id."""


class EraseNameDiffers(Reason, code="erase-name-differs"):
    """The name was not typed exactly as it is."""

    name: str
