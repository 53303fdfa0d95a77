"""What is wrong with the forms of connections and of choosing content."""

from __future__ import annotations

from engine.values.reasons import Reason


class OnlyFromLms(Reason, code="only-from-lms"):
    """The page opens from inside a course."""


class ChoicePoints(Reason, code="choice-points"):
    """Not from 1 to ``most`` points."""

    most: int


class ChoiceNothing(Reason, code="choice-nothing"):
    """Nothing was chosen."""


class ChoiceUnknown(Reason, code="choice-unknown"):
    """What was chosen is no longer here."""


class ChoicePlanEmpty(Reason, code="choice-plan-empty"):
    """The plan places nothing."""


class ChoiceNoLinks(Reason, code="choice-no-links"):
    """The platform takes no LTI link at this place."""


class ChoiceOneOnly(Reason, code="choice-one-only"):
    """The platform takes one link at a time."""


class ConnectionMissing(Reason, code="connection-missing"):
    """Needed, and empty."""


class ConnectionTooLong(Reason, code="connection-too-long"):
    """More than ``most`` characters."""

    most: int


class ConnectionUnprintable(Reason, code="connection-unprintable"):
    """Control characters."""


class ConnectionAddress(Reason, code="connection-address"):
    """Not a whole web address."""


class ConnectionHttps(Reason, code="connection-https"):
    """Plain http outside the allowed networks."""


class ConnectionOrigin(Reason, code="connection-origin"):
    """The line is not an origin alone."""

    line: str


class ConnectionTooMany(Reason, code="connection-too-many"):
    """More than ``most`` lines."""

    most: int


class ConnectionDeployment(Reason, code="connection-deployment"):
    """Not from 1 to ``most`` characters."""

    most: int


class ConnectionTaken(Reason, code="connection-taken"):
    """Another registration has that issuer and client id."""


class EraseNameDiffers(Reason, code="erase-name-differs"):
    """The name was not typed as it stands."""

    name: str
