"""Random secrets that browsers and addresses carry, and what is stored of them."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """SHA-256 in hex: what is stored of a random secret, so that reading the database opens no
    door."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
