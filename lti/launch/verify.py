"""Turns an id_token into trusted claims: checks signature, header and OpenID Connect claims, one
function per check."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from lti.launch.reasons import (
    AlgorithmRefused,
    AudienceMissing,
    AudienceUntrusted,
    AzpMismatch,
    AzpMissing,
    ExpMissing,
    HeaderKeyRefused,
    IatFuture,
    IatMissing,
    IatStale,
    IssuerMismatch,
    KidMissing,
    NbfFuture,
    NonceMismatch,
    NonceMissing,
    SignatureBad,
    SubjectMissing,
    TokenExpired,
    TokenMalformed,
    TokenMissing,
)
from lti.platforms.platform_keys import MAX_KID
from lti.platforms.registrations import Registration
from lti.wire.reading import id_of, read_json
from lti.wire.refusals import LaunchRefused
from lti.wire.secrets import hashed

KeyOf = Callable[[str], RSAKey]
"""The platform's public key for a kid. Raises ``LaunchRefused("kid-unknown")``."""

MAX_AGE = timedelta(minutes=10)
"""The maximum age of a token: no more than a login may last."""
SKEW = timedelta(seconds=60)
MAX_BYTES = 128 * 1024
MAX_TEXT = 255
_REGISTRY = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)
_REGISTRY.max_payload_length = MAX_BYTES
ELSEWHERE = ("jku", "jwk", "x5u", "x5c")
"""Header fields with which a token would include or refer to its own key."""


def verify(
    token: str | None,
    registration: Registration,
    key_of: KeyOf,
    nonce_hash: str,
    now: datetime,
    skew: timedelta = SKEW,
) -> dict[str, Any]:
    """The claims of a token that this platform signed for us, now, in answer to this login.

    Follows Security Framework 1.0, section 5.1.3, and OpenID Connect Core 1.0, section 3.1.3.7;
    ``now`` is wall time and ``skew`` how far clocks may differ. Raises ``LaunchRefused``.
    """
    claims = signed_claims(token, key_of)
    check_issuer(claims, registration)
    check_audience(claims, registration)
    check_times(claims, now, skew)
    check_nonce(claims, nonce_hash)
    check_subject(claims, registration)
    return claims


def signed_claims(token: str | None, key_of: KeyOf) -> dict[str, Any]:
    """The payload of a compact JWS (RFC 7515 section 7.1) with the platform's RS256 signature,
    which is checked before any of it is trusted. Raises ``LaunchRefused`` (token-missing,
    -malformed, algorithm-refused, header-key-refused, kid-…, signature-bad)."""
    if not token:
        raise LaunchRefused(TokenMissing())
    kid = check_header(read_header(token))
    try:
        payload = jws.deserialize_compact(token, key_of(kid), registry=_REGISTRY).payload or b""
    except (JoseError, ValueError) as wrong:
        raise LaunchRefused(SignatureBad(kid=kid[:MAX_KID])) from wrong
    return _object(payload)


def read_header(token: str) -> dict[str, Any]:
    """The protected header, unverified: three dot-separated base64url parts, the first a JSON
    object (RFC 7519 section 7.2).

    Raises ``LaunchRefused("token-malformed")``.
    """
    parts = token.split(".")
    if len(parts) != 3 or not all(parts[:2]) or len(token) > 2 * MAX_BYTES or not token.isascii():
        raise LaunchRefused(TokenMalformed())
    try:
        decoded = base64.b64decode(
            parts[0] + "=" * (-len(parts[0]) % 4), altchars=b"-_", validate=True
        )
    except ValueError as wrong:
        raise LaunchRefused(TokenMalformed()) from wrong
    return _object(decoded)


def check_header(header: Mapping[str, Any]) -> str:
    """The ``kid`` to verify with. Only RS256 is accepted, and never a key that the token itself
    chooses (RFC 8725 sections 3.1, 3.2 and 3.10; Security Framework 1.0, section 5.1.3, items 5 and
    6; RFC 7515 section 4.1.11 for ``crit``, of which we support none)."""
    if header.get("alg") != "RS256":
        raise LaunchRefused(AlgorithmRefused(alg=str(header.get("alg"))[:20]))
    for name in (*ELSEWHERE, "crit"):
        if name in header:
            raise LaunchRefused(HeaderKeyRefused(header=name))
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise LaunchRefused(KidMissing())
    return kid


def check_issuer(claims: Mapping[str, Any], registration: Registration) -> None:
    """``iss`` must be exactly the issuer of the registration that the login named (OIDC Core
    3.1.3.7, item 2)."""
    if claims.get("iss") != registration.issuer:
        raise LaunchRefused(
            IssuerMismatch(issuer=str(claims.get("iss"))[:MAX_TEXT], expected=registration.issuer)
        )


def check_audience(claims: Mapping[str, Any], registration: Registration) -> None:
    """``aud``, text or list, must contain our client id and nobody that the registration does not
    trust. ``azp`` is required if there are several audiences, and must be our client id if it is
    present (OIDC Core 3.1.3.7, items 3 to 5; Security Framework 1.0, section 5.1.3)."""
    said = claims.get("aud")
    audience = said if isinstance(said, list) else [said]
    if registration.client_id not in audience:
        raise LaunchRefused(AudienceMissing(expected=registration.client_id))
    if not all(one == registration.client_id or one in registration.audiences for one in audience):
        raise LaunchRefused(AudienceUntrusted(expected=registration.client_id))
    if len(set(audience)) > 1 and "azp" not in claims:
        raise LaunchRefused(AzpMissing())
    if "azp" in claims and claims["azp"] != registration.client_id:
        raise LaunchRefused(AzpMismatch(expected=registration.client_id))


def check_times(claims: Mapping[str, Any], now: datetime, skew: timedelta) -> None:
    """``exp`` must be in the future; ``iat`` neither in the future nor more than ten minutes ago;
    ``nbf`` (optional) not in the future. All are numbers of seconds (OIDC Core 3.1.3.7, items 9 and
    10; RFC 7519 sections 4.1.4 to 4.1.6)."""
    wall, leeway = now.timestamp(), skew.total_seconds()
    expires, issued = _seconds(claims, "exp"), _seconds(claims, "iat")
    if expires is None:
        raise LaunchRefused(ExpMissing())
    if wall >= expires + leeway:
        raise LaunchRefused(TokenExpired(seconds=int(wall - expires)))
    if issued is None:
        raise LaunchRefused(IatMissing())
    if issued > wall + leeway:
        raise LaunchRefused(IatFuture(seconds=int(issued - wall)))
    if issued < wall - MAX_AGE.total_seconds() - leeway:
        raise LaunchRefused(IatStale(seconds=int(wall - issued)))
    before = _seconds(claims, "nbf")
    if before is not None and before > wall + leeway:
        raise LaunchRefused(NbfFuture(seconds=int(before - wall)))


def check_nonce(claims: Mapping[str, Any], nonce_hash: str) -> None:
    """``nonce`` must be the one sent with this state (OIDC Core 3.1.3.7, item 11). Since a state is
    used only once, so is its nonce."""
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce:
        raise LaunchRefused(NonceMissing())
    if not hmac.compare_digest(hashed(nonce), nonce_hash):
        raise LaunchRefused(NonceMismatch())


def check_subject(claims: Mapping[str, Any], registration: Registration) -> None:
    """``sub`` identifies the user in at most 255 ASCII characters (LTI 1.3 core, section 5.3.6;
    OIDC Core, section 2). It may be absent only if the registration allows anonymous launches (LTI
    1.3 core, section 5.3.6.1)."""
    if claims.get("sub") is None and registration.anonymous:
        return
    subject = id_of(claims, "sub")
    if subject is None or len(subject) > MAX_TEXT or not subject.isascii():
        raise LaunchRefused(SubjectMissing())


def _seconds(claims: Mapping[str, Any], name: str) -> float | None:
    """A NumericDate (RFC 7519 section 2), or None if it is absent or not a finite number."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
        return None
    return value


def _object(data: bytes) -> dict[str, Any]:
    """A JSON object without duplicate names (RFC 7519 section 4), all of whose text can be stored
    and shown (see ``read_json``). Raises ``LaunchRefused("token-malformed")``."""
    try:
        read = read_json(data, _unique)
    except (ValueError, RecursionError) as wrong:
        raise LaunchRefused(TokenMalformed()) from wrong
    if not isinstance(read, dict):
        raise LaunchRefused(TokenMalformed())
    return read


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)
