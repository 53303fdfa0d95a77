"""Keys and tokens: the platform's keys and id_tokens, what tools sign, and the access tokens they
get."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from lti.campus.clients import Client
from lti.campus.profiles.profile import Profile, Tokens
from lti.campus.refusals import PlatformRefused
from lti.platforms.tokens import BEARER

LIFE = timedelta(hours=1)
SKEW = timedelta(seconds=60)


@dataclass(frozen=True)
class Access:
    """What an access token grants, and until when (wall time)."""

    client_id: str
    scopes: frozenset[str]
    until: datetime


def new_key(kid: str) -> RSAKey:
    """A new 2 048-bit RS256 key."""
    return RSAKey.generate_key(2048, {"kid": kid, "alg": "RS256", "use": "sig"})


def key_set(key: RSAKey) -> dict[str, Any]:
    """Its public half as a JWK set (RFC 7517 section 5)."""
    return {"keys": [dict(key.as_dict(private=False))]}


def sign(claims: Mapping[str, Any], key: RSAKey) -> str:
    """A JWT signed with RS256 that names its key."""
    return jwt.encode({"alg": "RS256", "kid": key.kid}, dict(claims), key, algorithms=["RS256"])


def read_signed(token: str, keys: Any, now: datetime) -> dict[str, Any]:
    """The claims of a JWT signed with RS256 by one of the tool's ``keys`` (its JWK set) and not
    expired.

    Raises ``PlatformRefused("invalid_client")``.
    """
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"]).claims
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise PlatformRefused(
            "invalid_client", f"not signed by a key of the tool: {wrong}"
        ) from wrong
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int | float) or now.timestamp() >= expires + SKEW.total_seconds():
        raise PlatformRefused("invalid_client", "exp is missing or past")
    if not isinstance(issued, int | float) or issued > now.timestamp() + SKEW.total_seconds():
        raise PlatformRefused("invalid_client", "iat is missing or ahead")
    return claims


def client_of(form: Mapping[str, str], clients: Mapping[str, Client]) -> Client:
    """The client that a token request claims to be from, not verified yet (RFC 7523 section 2.2).
    Raises ``PlatformRefused``."""
    if form.get("grant_type") != "client_credentials":
        raise PlatformRefused("unsupported_grant_type", "grant_type must be client_credentials")
    if form.get("client_assertion_type") != BEARER:
        raise PlatformRefused("invalid_client", f"client_assertion_type must be {BEARER}")
    try:
        said = json.loads(jws.extract_compact(form.get("client_assertion", "").encode()).payload)
    except (JoseError, ValueError) as wrong:
        raise PlatformRefused("invalid_client", "the assertion is no JWT") from wrong
    client = clients.get(str(said.get("iss"))) if isinstance(said, dict) else None
    if client is None:
        raise PlatformRefused("invalid_client", "the assertion's iss is no client of this platform")
    return client


def granted(
    form: Mapping[str, str],
    client: Client,
    keys: Any,
    audience: str | None,
    profile: Profile,
    now: datetime,
) -> Access:
    """What a token request is granted, once verified with ``keys`` (Security Framework 1.0, section
    4.1.1; RFC 7523 section 3).

    ``audience`` is whom the assertion must be for, the address of the token endpoint as a rule.
    Raises ``PlatformRefused`` (invalid_client, invalid_scope).
    """
    claims = read_signed(form["client_assertion"], keys, now)
    if (
        claims.get("sub") != client.id
        or not _is_for(claims.get("aud"), audience, profile.tokens)
        or not claims.get("jti")
    ):
        raise PlatformRefused(
            "invalid_client", f"sub must be the client, aud {audience}, and jti be there"
        )
    asked, allowed = frozenset(form.get("scope", "").split()), client.granted(profile)
    if profile.tokens.unknown_scopes == "dropped":
        return Access(client.id, asked & allowed, now + LIFE)
    if not asked or asked - allowed:
        raise PlatformRefused(
            "invalid_scope",
            f"not granted: {' '.join(sorted(asked - allowed)) or 'no scope at all'}",
        )
    return Access(client.id, asked, now + LIFE)


def _is_for(said: Any, audience: str | None, manners: Tokens) -> bool:
    if audience is None:
        return True
    return said == audience or (isinstance(said, list) and audience in said and not manners.whole)
