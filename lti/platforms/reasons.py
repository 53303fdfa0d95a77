"""Why a platform is not known, not trusted, or not connected."""

from __future__ import annotations

from engine.values.reasons import Reason
from lti.wire.reasons import Cause, LaunchReason, RegistrationReason


class RegistrationUnknown(LaunchReason, code="registration-unknown"):
    """No registration has that issuer (and client id); or none has that id."""

    issuer: str | None = None
    client_id: str | None = None


class RegistrationAmbiguous(LaunchReason, code="registration-ambiguous"):
    """Several have the issuer, and no client id was sent."""

    issuer: str


class RegistrationDisabled(LaunchReason, code="registration-disabled"):
    """It is switched off."""

    issuer: str
    client_id: str | None = None


class DeploymentUnknown(LaunchReason, code="deployment-unknown"):
    """Nobody accepted the deployment yet."""

    deployment: str


class KidUnknown(LaunchReason, code="kid-unknown"):
    """No key has that id; why the keys could not be fetched, when they could not."""

    kid: str
    why: Cause | None = None


class PlatformKeysNone(Reason, code="platform-keys-none"):
    """The key set has no key that can be used."""


class ToolKeyUnreadable(Reason, code="tool-key-unreadable"):
    """Sealed with another secret than the installation's."""


class RosterUnknown(Reason, code="roster-unknown"):
    """The platform did not say where the members are listed."""


class InviteUnknown(RegistrationReason, code="invite-unknown"):
    """Not a registration link."""


class InviteExpired(RegistrationReason, code="invite-expired"):
    """The link is over its time."""


class InviteUsed(RegistrationReason, code="invite-used"):
    """The link served already."""


class ConfigurationUnreadable(RegistrationReason, code="configuration-unreadable"):
    """What came back, with that status, is no configuration."""

    status: int


class ConfigurationMalformed(RegistrationReason, code="configuration-malformed"):
    """The configuration lacks a good address of that name."""

    field: str


class ConfigurationHostDiffers(RegistrationReason, code="configuration-host-differs"):
    """It speaks for another host than it was read on."""

    issuer: str
    host: str


class ConfigurationLacksRs256(RegistrationReason, code="configuration-lacks-rs256"):
    """The platform does not sign with RS256."""


class RegistrationAnswered(RegistrationReason, code="registration-answered"):
    """The platform did not take it."""

    status: int


class RegistrationMalformed(RegistrationReason, code="registration-malformed"):
    """The platform gave no proper client id."""


class RegistrationTaken(RegistrationReason, code="registration-taken"):
    """Another registration has that issuer and client id."""

    issuer: str
    client_id: str
