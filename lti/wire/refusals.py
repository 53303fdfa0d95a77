"""What is refused to a platform: one exception a kind of exchange, and one code for each rule.
Words are found elsewhere."""

from __future__ import annotations

from typing import Literal

from engine.values.errors import RelectureError

LaunchCode = Literal[
    # Login (third-party initiated)
    "login-issuer-missing",
    "login-hint-missing",
    "login-target-missing",
    "login-target-foreign",
    "registration-unknown",
    "registration-ambiguous",
    "registration-disabled",
    # What comes back: state and browser
    "platform-error",
    "state-missing",
    "state-unknown",
    "state-expired",
    "state-reused",
    "state-other-browser",
    # The token itself
    "token-missing",
    "token-malformed",
    "algorithm-refused",
    "header-key-refused",
    "kid-missing",
    "kid-unknown",
    "signature-bad",
    # Its OpenID Connect claims
    "issuer-mismatch",
    "audience-missing",
    "audience-untrusted",
    "azp-missing",
    "azp-mismatch",
    "exp-missing",
    "expired",
    "iat-missing",
    "iat-stale",
    "iat-future",
    "nbf-future",
    "nonce-missing",
    "nonce-mismatch",
    "subject-missing",
    # Its LTI claims
    "version-wrong",
    "message-type-wrong",
    "deployment-missing",
    "deployment-too-long",
    "deployment-unknown",
    "target-missing",
    "target-mismatch",
    "target-foreign",
    "resource-link-missing",
    "roles-missing",
    "claim-malformed",
    "deep-linking-return-missing",
    "deep-linking-types-missing",
    "submission-review-incomplete",
    "notice-malformed",
]
"""Every reason why a login, a launch or a message of a platform is refused."""

FetchCode = Literal[
    "fetch-address-malformed",
    "fetch-not-https",
    "fetch-address-refused",
    "fetch-unreachable",
    "fetch-redirected",
    "fetch-too-large",
    "fetch-too-slow",
    "fetch-not-json",
]
"""Every reason why an address that a platform gave is not fetched, or its answer not taken."""

ServiceCode = Literal[
    "service-host-unknown",
    "service-answered",
    "service-malformed",
    "service-scope-missing",
    "score-not-later",
    "content-item-refused",
]
"""Every reason why a call of a platform's service is not made, or failed."""

RegistrationCode = Literal[
    "invite-unknown",
    "invite-expired",
    "invite-used",
    "configuration-malformed",
    "configuration-host-differs",
    "configuration-lacks-rs256",
    "registration-answered",
    "registration-malformed",
    "registration-taken",
]
"""Every reason why a registration does not come about."""


class LaunchRefused(RelectureError):
    """A login or launch is refused: no session is made. The user is told what to do, the
    administrator why."""

    def __init__(self, code: LaunchCode, **params: object) -> None:
        super().__init__(code, **params)


class FetchRefused(RelectureError):
    """The guarded client did not go there, or did not take what came back."""

    def __init__(self, code: FetchCode, **params: object) -> None:
        super().__init__(code, **params)


class ServiceRefused(RelectureError):
    """A service call was not made, or the platform did not do what was asked. ``lasting`` ones
    are not worth a retry."""

    def __init__(self, code: ServiceCode, *, lasting: bool = True, **params: object) -> None:
        super().__init__(code, **params)
        self.lasting = lasting


class RegistrationRefused(RelectureError):
    """A dynamic registration did not come about; nothing was stored."""

    def __init__(self, code: RegistrationCode, **params: object) -> None:
        super().__init__(code, **params)
