"""From LTI 1.1 to 1.3: the claim that says who and what things were before, read and its signature verified."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from lti import names
from lti.launch_values import Migration
from lti.refusals import LaunchRefused
from lti.registrations import Registration

ConsumerSecret = Callable[[Registration, str], str | None]
"""The LTI 1.1 shared secret of a consumer key that moved to this registration, None when the key is not known there."""


def read_migration(claims: Mapping[str, Any], registration: Registration, secret_of: ConsumerSecret) -> Migration | None:
    """The migration claim (LTI 1.3 core, section 6.1), None when there is none.

    A signature that names a consumer key of ours must be right: raises ``LaunchRefused("migration-signature-bad")`` otherwise,
    also when the key is named unsigned. A key that is not ours proves nothing and is left out; an empty claim counts as none.
    """
    said = claims.get(names.MIGRATION)
    if said is None:
        return None
    if not isinstance(said, dict):
        raise LaunchRefused("claim-malformed", claim=names.MIGRATION)
    key = said.get("oauth_consumer_key")
    verified = key if isinstance(key, str) and key and _verified(said, key, claims, registration, secret_of) else None
    ids = (said.get(name) for name in ("user_id", "context_id", "resource_link_id", "tool_consumer_instance_guid"))
    found = Migration(verified, *(value if isinstance(value, str) and value else None for value in ids))
    return found if found != Migration() else None


def signature(secret: str, key: str, claims: Mapping[str, Any], client_id: str) -> str:
    """``oauth_consumer_key_sign``: base64 of HMAC-SHA256 over key, deployment, issuer, client, expiry and nonce, joined by ``&``
    (LTI 1.3 core, section 6.1.1)."""
    signed = "&".join(str(part) for part in (key, claims.get(names.DEPLOYMENT), claims.get("iss"), client_id, claims.get("exp"),
                                             claims.get("nonce")))
    return base64.b64encode(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()).decode("ascii")


def _verified(said: Mapping[str, Any], key: str, claims: Mapping[str, Any], registration: Registration,
              secret_of: ConsumerSecret) -> bool:
    secret = secret_of(registration, key)
    if secret is None:
        return False
    given = said.get("oauth_consumer_key_sign")
    right = signature(secret, key, claims, registration.client_id)
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(errors="replace"), right.encode()):
        raise LaunchRefused("migration-signature-bad", consumer_key=key[:60])
    return True
