"""Why an address of a platform is not fetched and a service of it not used; and the kinds of
reasons that each refusal carries."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from engine.values.reasons import Reason, Unsaid, Vocabulary

Service = Annotated[str, Vocabulary("service")]
Cause = Annotated[str, Vocabulary("why")]


class LaunchReason(Reason):
    """Why a login, a launch or a message of a platform is refused."""


class FetchReason(Reason):
    """Why an address that a platform gave is not fetched, or its answer not taken."""


class ServiceReason(Reason):
    """Why a call of a platform's service is not made, or failed."""


class RegistrationReason(Reason):
    """Why a registration does not come about."""


class ClaimMalformed(LaunchReason, code="claim-malformed"):
    """A part of the token is not what the standard says."""

    claim: str


class FetchAddressMalformed(FetchReason, code="fetch-address-malformed"):
    """Not a whole web address."""

    host: str | None = None


class FetchNotHttps(FetchReason, code="fetch-not-https"):
    """Plain http outside the allowed networks."""

    host: str


class FetchAddressRefused(FetchReason, code="fetch-address-refused"):
    """A private network that is not allowed."""

    host: str


class FetchUnreachable(FetchReason, code="fetch-unreachable"):
    """No connection: a known cause, or the name of an error."""

    host: str
    why: Cause | None = None


class FetchRedirected(FetchReason, code="fetch-redirected"):
    """A redirect, and none is followed."""

    host: str
    status: int


class FetchTooLarge(FetchReason, code="fetch-too-large"):
    """More than ``bytes``."""

    host: str
    bytes: Unsaid[int]


class FetchTooSlow(FetchReason, code="fetch-too-slow"):
    """Not done within so many seconds."""

    host: str
    seconds: float


class FetchNotJson(FetchReason, code="fetch-not-json"):
    """Not JSON, or not the JSON that was to come."""

    status: int | None = None


class ServiceHostUnknown(ServiceReason, code="service-host-unknown"):
    """A host that neither the registration nor a launch named."""

    host: str | None = None


class ServiceAnswered(ServiceReason, code="service-answered"):
    """An HTTP status that is no success. ``said``: why, in the platform's own words."""

    service: Service
    status: int
    said: str = ""


class ScoreRefused(ServiceReason, code="score-refused"):
    """A gradebook refuses the score of one person. ``said``: why, in the platform's own words."""

    status: int
    said: str = ""


class ColumnGone(ServiceReason, code="column-gone"):
    """The gradebook no longer has the column of a link."""


class ServiceOutOfTime(ServiceReason, code="service-out-of-time"):
    """The time that this platform has for now is used up."""

    service: Service


class ServiceMalformed(ServiceReason, code="service-malformed"):
    """An answer that cannot be used."""

    service: Service
    why: Cause | None = None


class ServiceScopeMissing(ServiceReason, code="service-scope-missing"):
    """Scopes that were not granted, apart by spaces."""

    scopes: str


class ScoreNotLater(ServiceReason, code="score-not-later"):
    """Its time is not after that of the score before."""

    last: Unsaid[datetime]
    timestamp: Unsaid[datetime]


class ContentItemRefused(ServiceReason, code="content-item-refused"):
    """A setting of the deep linking request forbids it."""

    setting: Annotated[str, Vocabulary("setting")]
