"""Why a platform is not known, not trusted, or not connected."""

from __future__ import annotations

from engine.values.reasons import Reason
from lti.wire.reasons import Cause, LaunchReason, RegistrationReason


class RegistrationUnknown(LaunchReason, code="registration-unknown"):
    """No registration has that issuer (and client id), or that id."""

    issuer: str | None = None
    client_id: str | None = None


class RegistrationAmbiguous(LaunchReason, code="registration-ambiguous"):
    """Several registrations of one organisation have the issuer, and no client id was sent."""

    issuer: str


class RegistrationDisabled(LaunchReason, code="registration-disabled"):
    """The registration is disabled."""

    issuer: str
    client_id: str | None = None


class DeploymentUnknown(LaunchReason, code="deployment-unknown"):
    """The deployment has not been accepted yet."""

    deployment: str


class KidUnknown(LaunchReason, code="kid-unknown"):
    """No key has that id; says why the keys could not be fetched, if they could not."""

    kid: str
    why: Cause | None = None


class PlatformKeysNone(Reason, code="platform-keys-none"):
    """The key set contains no usable key."""


class ToolKeyUnreadable(Reason, code="tool-key-unreadable"):
    """The key was encrypted with a secret other than the installation's."""


class RosterUnknown(Reason, code="roster-unknown"):
    """The platform did not say where the members are listed."""


class InviteUnknown(RegistrationReason, code="invite-unknown"):
    """Not a registration link."""


class InviteExpired(RegistrationReason, code="invite-expired"):
    """The link has expired."""


class InviteUsed(RegistrationReason, code="invite-used"):
    """The link has already been used."""


class ConfigurationUnreadable(RegistrationReason, code="configuration-unreadable"):
    """The response, with that status, is not a configuration."""

    status: int


class ConfigurationMalformed(RegistrationReason, code="configuration-malformed"):
    """The configuration has no valid address under that name."""

    field: str


class ConfigurationHostDiffers(RegistrationReason, code="configuration-host-differs"):
    """The issuer is on another host than the configuration."""

    issuer: str
    host: str


class ConfigurationLacksRs256(RegistrationReason, code="configuration-lacks-rs256"):
    """The platform does not sign with RS256."""


class RegistrationAnswered(RegistrationReason, code="registration-answered"):
    """The platform rejected the registration. ``said``: why, in its own words."""

    status: int
    said: str = ""


class RegistrationMalformed(RegistrationReason, code="registration-malformed"):
    """The platform gave no valid client id."""


class RegistrationTaken(RegistrationReason, code="registration-taken"):
    """Another registration of the organisation has that issuer and client id."""

    issuer: str
    client_id: str
