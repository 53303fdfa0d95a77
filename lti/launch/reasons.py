"""Why a login or a launch is refused, one reason per rule. Numbers of seconds are by our clock."""

from __future__ import annotations

from lti.wire.reasons import LaunchReason


class LoginIssuerMissing(LaunchReason, code="login-issuer-missing"):
    """No ``iss``."""


class LoginHintMissing(LaunchReason, code="login-hint-missing"):
    """No ``login_hint``."""


class LoginTargetMissing(LaunchReason, code="login-target-missing"):
    """No ``target_link_uri``."""


class LoginTargetForeign(LaunchReason, code="login-target-foreign"):
    """The target is not one of our pages."""

    target: str


class PlatformError(LaunchReason, code="platform-error"):
    """The platform itself refused the login."""

    error: str
    why: str | None = None


class StateMissing(LaunchReason, code="state-missing"):
    """The launch has no state."""


class StateUnknown(LaunchReason, code="state-unknown"):
    """We did not issue this state."""


class StateExpired(LaunchReason, code="state-expired"):
    """The login took too long."""


class StateReused(LaunchReason, code="state-reused"):
    """The state has already been used."""


class StateOtherBrowser(LaunchReason, code="state-other-browser"):
    """The login was started in another browser."""


class CookiesRefused(LaunchReason, code="cookies-refused"):
    """The browser keeps no cookie, not even in a window of its own."""


class TokenMissing(LaunchReason, code="token-missing"):
    """No ``id_token``."""


class TokenMalformed(LaunchReason, code="token-malformed"):
    """Not a signed token."""


class AlgorithmRefused(LaunchReason, code="algorithm-refused"):
    """An algorithm other than RS256."""

    alg: str


class HeaderKeyRefused(LaunchReason, code="header-key-refused"):
    """The header contains or refers to a key of its own, or sets rules of its own (``crit``)."""

    header: str


class KidMissing(LaunchReason, code="kid-missing"):
    """The header names no key."""


class SignatureBad(LaunchReason, code="signature-bad"):
    """The signature does not match the key."""

    kid: str


class IssuerMismatch(LaunchReason, code="issuer-mismatch"):
    """The issuer is not the registration's."""

    issuer: str
    expected: str


class AudienceMissing(LaunchReason, code="audience-missing"):
    """The client id is not in the audience."""

    expected: str


class AudienceUntrusted(LaunchReason, code="audience-untrusted"):
    """The audience includes others that are not trusted."""

    expected: str


class AzpMissing(LaunchReason, code="azp-missing"):
    """Several audiences, and no ``azp``."""


class AzpMismatch(LaunchReason, code="azp-mismatch"):
    """The ``azp`` is not the client id."""

    expected: str


class ExpMissing(LaunchReason, code="exp-missing"):
    """No ``exp``."""


class TokenExpired(LaunchReason, code="expired"):
    """Expired this many seconds ago."""

    seconds: int


class IatMissing(LaunchReason, code="iat-missing"):
    """No ``iat``."""


class IatStale(LaunchReason, code="iat-stale"):
    """Issued this many seconds ago."""

    seconds: int


class IatFuture(LaunchReason, code="iat-future"):
    """Issued this many seconds in the future."""

    seconds: int


class NbfFuture(LaunchReason, code="nbf-future"):
    """Not valid for another this many seconds."""

    seconds: int


class NonceMissing(LaunchReason, code="nonce-missing"):
    """No ``nonce``."""


class NonceMismatch(LaunchReason, code="nonce-mismatch"):
    """The nonce is not that of this login."""


class SubjectMissing(LaunchReason, code="subject-missing"):
    """No ``sub`` where anonymous launches are not allowed."""


class VersionWrong(LaunchReason, code="version-wrong"):
    """The version is not LTI 1.3.0."""

    version: str


class MessageTypeWrong(LaunchReason, code="message-type-wrong"):
    """A message type that the tool does not accept."""

    message: str


class DeploymentMissing(LaunchReason, code="deployment-missing"):
    """No deployment id."""


class DeploymentTooLong(LaunchReason, code="deployment-too-long"):
    """A deployment id of this many characters."""

    length: int


class TargetMissing(LaunchReason, code="target-missing"):
    """No target link."""


class TargetMismatch(LaunchReason, code="target-mismatch"):
    """The target is not the one in the login."""

    target: str
    login: str


class TargetForeign(LaunchReason, code="target-foreign"):
    """The target is not one of our pages."""

    target: str


class ResourceLinkMissing(LaunchReason, code="resource-link-missing"):
    """No resource link."""


class RolesMissing(LaunchReason, code="roles-missing"):
    """No list of roles."""


class DeepLinkingReturnMissing(LaunchReason, code="deep-linking-return-missing"):
    """No address to send the content items to."""


class DeepLinkingTypesMissing(LaunchReason, code="deep-linking-types-missing"):
    """No accepted content types."""


class SubmissionReviewIncomplete(LaunchReason, code="submission-review-incomplete"):
    """The review message lacks a required claim."""

    claim: str


class NoticeMalformed(LaunchReason, code="notice-malformed"):
    """This part of the notice cannot be read."""

    claim: str | None = None
