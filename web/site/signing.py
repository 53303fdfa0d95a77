"""Signed, single-purpose, expiring tokens. A separate key is derived for each purpose, so that no
token can be used for another one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadData, URLSafeSerializer

from engine.values.errors import NotFound, RelectureError
from web.site.reasons import LinkExpired, LinkUnknown


class Expired(RelectureError):
    """The token was valid once, but its time is over (``link-expired``)."""


def sign(secret: str, purpose: str, payload: Any, until: datetime) -> str:
    """A token that carries ``payload`` (JSON) until that wall time."""
    return str(_serializer(secret, purpose).dumps([int(until.timestamp()), payload]))


def read(secret: str, purpose: str, token: str, wall: datetime) -> Any:
    """The token's payload. Raises ``Expired("link-expired")``, or ``NotFound("link-unknown")`` if
    it was not signed for this purpose."""
    until, payload = _loaded(secret, purpose, token)
    if wall > datetime.fromtimestamp(until, UTC):
        raise Expired(LinkExpired())
    return payload


def read_late(secret: str, purpose: str, token: str) -> Any:
    """The payload of a token whose time may be over: good for what does no harm at any time. Raises
    ``NotFound("link-unknown")``."""
    return _loaded(secret, purpose, token)[1]


def _loaded(secret: str, purpose: str, token: str) -> tuple[int, Any]:
    try:
        until, payload = _serializer(secret, purpose).loads(token)
    except (BadData, ValueError, TypeError) as wrong:
        raise NotFound(LinkUnknown()) from wrong
    return until, payload


def blind(secret: str, text: str) -> str:
    """A keyed hash of ``text`` (64 hex digits): shows whether two texts are equal, and nothing
    else."""
    return hmac.new(
        hashlib.sha256(f"relecture.blind:{secret}".encode()).digest(), text.encode(), hashlib.sha256
    ).hexdigest()


@lru_cache(maxsize=32)
def _serializer(secret: str, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret,
        salt=f"relecture.{purpose}",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )


def seal(secret: str, purpose: str, said: str) -> str:
    """``said``, compressed, encrypted and authenticated (Fernet): a browser may hold it without
    being able to read it."""
    return _cipher(secret, purpose).encrypt(zlib.compress(said.encode(), 9)).decode()


def unseal(secret: str, purpose: str, sealed: str) -> str | None:
    """What was sealed for this purpose; None if anybody else made it."""
    try:
        return zlib.decompress(_cipher(secret, purpose).decrypt(sealed)).decode()
    except (InvalidToken, ValueError, zlib.error):
        return None


@lru_cache(maxsize=8)
def _cipher(secret: str, purpose: str) -> Fernet:
    key = hashlib.sha256(f"relecture.seal:{purpose}:{secret}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
