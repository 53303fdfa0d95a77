"""Why a login or a launch is refused, rule by rule. Seconds are those of the clock here."""

from __future__ import annotations

from lti.wire.reasons import LaunchReason


class LoginIssuerMissing(LaunchReason, code="login-issuer-missing"):
    """No ``iss``."""


class LoginHintMissing(LaunchReason, code="login-hint-missing"):
    """No ``login_hint``."""


class LoginTargetMissing(LaunchReason, code="login-target-missing"):
    """No ``target_link_uri``."""


class LoginTargetForeign(LaunchReason, code="login-target-foreign"):
    """It leads to no page of ours."""

    target: str


class PlatformError(LaunchReason, code="platform-error"):
    """The platform refused the login itself."""

    error: str
    why: str | None = None


class StateMissing(LaunchReason, code="state-missing"):
    """The launch has no state."""


class StateUnknown(LaunchReason, code="state-unknown"):
    """The state is none of ours."""


class StateExpired(LaunchReason, code="state-expired"):
    """The login is over its time."""


class StateReused(LaunchReason, code="state-reused"):
    """The state served already."""


class StateOtherBrowser(LaunchReason, code="state-other-browser"):
    """The login began in another browser."""


class TokenMissing(LaunchReason, code="token-missing"):
    """No ``id_token``."""


class TokenMalformed(LaunchReason, code="token-malformed"):
    """Not a signed token."""


class AlgorithmRefused(LaunchReason, code="algorithm-refused"):
    """Another algorithm than RS256."""

    alg: str


class HeaderKeyRefused(LaunchReason, code="header-key-refused"):
    """The header brings rules or a key of its own."""

    header: str


class KidMissing(LaunchReason, code="kid-missing"):
    """The header names no key."""


class SignatureBad(LaunchReason, code="signature-bad"):
    """The signature does not fit the key."""

    kid: str


class IssuerMismatch(LaunchReason, code="issuer-mismatch"):
    """Another issuer than the registration's."""

    issuer: str
    expected: str


class AudienceMissing(LaunchReason, code="audience-missing"):
    """The client id is not in the audience."""

    expected: str


class AudienceUntrusted(LaunchReason, code="audience-untrusted"):
    """The audience holds others that are not trusted."""

    expected: str


class AzpMissing(LaunchReason, code="azp-missing"):
    """Several audiences, and no ``azp``."""


class AzpMismatch(LaunchReason, code="azp-mismatch"):
    """The ``azp`` is not the client id."""

    expected: str


class ExpMissing(LaunchReason, code="exp-missing"):
    """No ``exp``."""


class TokenExpired(LaunchReason, code="expired"):
    """Over its time since so many seconds."""

    seconds: int


class IatMissing(LaunchReason, code="iat-missing"):
    """No ``iat``."""


class IatStale(LaunchReason, code="iat-stale"):
    """Made so many seconds ago."""

    seconds: int


class IatFuture(LaunchReason, code="iat-future"):
    """Made so many seconds from now."""

    seconds: int


class NbfFuture(LaunchReason, code="nbf-future"):
    """Good only in so many seconds."""

    seconds: int


class NonceMissing(LaunchReason, code="nonce-missing"):
    """No ``nonce``."""


class NonceMismatch(LaunchReason, code="nonce-mismatch"):
    """Not the nonce of this login."""


class SubjectMissing(LaunchReason, code="subject-missing"):
    """No ``sub`` where anonymous launches are not allowed."""


class VersionWrong(LaunchReason, code="version-wrong"):
    """Not LTI 1.3.0."""

    version: str


class MessageTypeWrong(LaunchReason, code="message-type-wrong"):
    """A message that the tool does not take."""

    message: str


class DeploymentMissing(LaunchReason, code="deployment-missing"):
    """No deployment id."""


class DeploymentTooLong(LaunchReason, code="deployment-too-long"):
    """A deployment id of so many characters."""

    length: int


class TargetMissing(LaunchReason, code="target-missing"):
    """No target link."""


class TargetMismatch(LaunchReason, code="target-mismatch"):
    """Another target than the login's."""

    target: str
    login: str


class TargetForeign(LaunchReason, code="target-foreign"):
    """It leads to no page of ours."""

    target: str


class ResourceLinkMissing(LaunchReason, code="resource-link-missing"):
    """No resource link."""


class RolesMissing(LaunchReason, code="roles-missing"):
    """No list of roles."""


class DeepLinkingReturnMissing(LaunchReason, code="deep-linking-return-missing"):
    """No address to send the content to."""


class DeepLinkingTypesMissing(LaunchReason, code="deep-linking-types-missing"):
    """No types of content."""


class SubmissionReviewIncomplete(LaunchReason, code="submission-review-incomplete"):
    """A claim of the review message is missing."""

    claim: str


class NoticeMalformed(LaunchReason, code="notice-malformed"):
    """A notice that cannot be read, in that part of it."""

    claim: str | None = None
