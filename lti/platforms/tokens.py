"""Access tokens from client credentials with a signed assertion, cached until shortly before they
expire."""

from __future__ import annotations

import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from lti.platforms.registrations import Registration
from lti.platforms.tool_keys import ToolKeys
from lti.wire.http import Http
from lti.wire.reasons import ServiceAnswered, ServiceMalformed, ServiceScopeMissing
from lti.wire.refusals import ServiceRefused

ASSERTION_LIFE = timedelta(minutes=5)
EARLY = timedelta(seconds=60)
"""How long before its expiry a token is no longer used."""
DEFAULT_LIFE = timedelta(hours=1)
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class Token:
    """An access token and the wall time until which it is used."""

    value: str
    until: datetime


class Tokens:
    """The access tokens of this process, by registration and scopes. Concurrent calls for the same
    token ask the platform once."""

    def __init__(self, http: Http, keys: ToolKeys, wall: Callable[[], datetime]) -> None:
        self._http = http
        self._keys = keys
        self._wall = wall
        self._kept: dict[tuple[str, str, str], Token] = {}
        self._locks: defaultdict[tuple[str, str, str], threading.Lock] = defaultdict(threading.Lock)

    def token(self, registration: Registration, scopes: Iterable[str]) -> str:
        """A token valid for these scopes. Raises ``ServiceRefused`` and ``FetchRefused``."""
        asked = " ".join(sorted(set(scopes)))
        key = registration.tenant, registration.id, asked
        with self._locks[key]:
            kept = self._kept.get(key)
            if kept is None or self._wall() >= kept.until:
                kept = self._kept[key] = self._ask(registration, asked)
            return kept.value

    def forget(self, registration: Registration, scopes: Iterable[str]) -> None:
        """Drops a token that the platform no longer accepts (401), so that the next call requests
        another."""
        self._kept.pop((registration.tenant, registration.id, " ".join(sorted(set(scopes)))), None)

    def _ask(self, registration: Registration, scopes: str) -> Token:
        wall = self._wall()
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": BEARER,
            "scope": scopes,
            "client_assertion": assertion(self._keys, registration, wall),
        }
        answer = self._http.send(
            "POST",
            registration.token_url,
            body=urlencode(form).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        if answer.status not in (200, 201):
            raise ServiceRefused(
                ServiceAnswered(service="token", status=answer.status, said=answer.said),
                lasting=400 <= answer.status < 500 and answer.status not in (408, 429),
            )
        return read_token(answer.json(), scopes, wall)


def assertion(keys: ToolKeys, registration: Registration, wall: datetime) -> str:
    """The signed client assertion (Security Framework 1.0, section 4.1.1; RFC 7523 section 3), with
    a unique id."""
    return keys.sign(
        {
            "iss": registration.client_id,
            "sub": registration.client_id,
            "aud": registration.token_audience or registration.token_url,
            "iat": int(wall.timestamp()),
            "exp": int((wall + ASSERTION_LIFE).timestamp()),
            "jti": secrets.token_urlsafe(24),
        },
        wall,
    )


def read_token(said: Any, scopes: str, wall: datetime) -> Token:
    """Parses the token response (RFC 6749 section 5.1), whatever its content type. Raises
    ``ServiceRefused``: service-malformed, or service-scope-missing if the platform says that it
    granted less than was asked."""
    value = said.get("access_token") if isinstance(said, dict) else None
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or not value:
        raise ServiceRefused(ServiceMalformed(service="token"))
    if str(said.get("token_type", "bearer")).lower() != "bearer":
        raise ServiceRefused(ServiceMalformed(service="token"))
    granted = said.get("scope")
    missing = set(scopes.split()) - set(granted.split()) if isinstance(granted, str) else set()
    if missing:
        raise ServiceRefused(ServiceScopeMissing(scopes=" ".join(sorted(missing))))
    return Token(value, wall + _life(said.get("expires_in")) - EARLY)


def _life(seconds: Any) -> timedelta:
    """The token's lifetime, which some platforms send as text; one hour if it is missing or
    absurd."""
    try:
        life = timedelta(seconds=float(seconds))
    except (TypeError, ValueError, OverflowError):
        return DEFAULT_LIFE
    return life if timedelta(0) < life <= timedelta(days=1) else DEFAULT_LIFE
