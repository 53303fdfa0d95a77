"""A platform's public keys: cached, refetched once for an unknown kid, and never more than once a
minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from sqlalchemy import update

from engine.storage.tables import LtiPlatformKeys
from engine.storage.work import Units, Work
from engine.values.errors import RelectureError
from lti.platforms.reasons import KidUnknown
from lti.platforms.registrations import Registration
from lti.wire.http import Http
from lti.wire.reasons import FetchNotJson
from lti.wire.refusals import FetchRefused, LaunchRefused

BETWEEN_TRIES = timedelta(minutes=1)
FRESH = timedelta(hours=12)
STALE = timedelta(days=7)
PATIENCE = timedelta(seconds=15)
"""How long to wait for another process's fetch: slightly more than the guarded client's own
limit."""
MAX_KEYS = 100
MAX_READY = 256
"""How many platforms' keys are kept in memory."""
MIN_BITS = 2048
MAX_KID = 60
"""How many characters of a key id, which is not authenticated, are repeated in a reason."""


@dataclass(frozen=True)
class KeyCache:
    """What is stored of a platform's keys and of the last attempt to fetch them (wall time)."""

    kids: frozenset[str] = frozenset()
    fetched_at: datetime | None = None
    tried_at: datetime | None = None
    settled_at: datetime | None = None

    def pending(self, now: datetime) -> bool:
        """Whether a fetch is in progress; one whose process died is waited for no longer than
        ``PATIENCE``."""
        return (
            self.tried_at is not None
            and now - self.tried_at < PATIENCE
            and (self.settled_at is None or self.settled_at < self.tried_at)
        )


Step = Literal["use", "fetch", "wait", "refuse"]


def decide(kept: KeyCache, kid: str, now: datetime) -> Step:
    """Decides what to do about a token signed under ``kid`` (Security Framework 1.0, sections 6.3
    and 6.4).

    A key fetched within the last 12 hours is used. An unknown or older one triggers a fetch, at
    most once a minute; if one is already in progress, its outcome is awaited. Between fetches a
    known key is used for up to 7 days, since a platform's key address may fail.
    """
    age = None if kept.fetched_at is None else now - kept.fetched_at
    known = kid in kept.kids and age is not None and age < STALE
    if known and age is not None and age < FRESH:
        return "use"
    if kept.pending(now):
        return "use" if known else "wait"
    if kept.tried_at is None or not timedelta(0) <= now - kept.tried_at < BETWEEN_TRIES:
        return "fetch"
    return "use" if known else "refuse"


@dataclass(frozen=True)
class _KeySet:
    """A platform's imported keys, as of the moment they were fetched."""

    fetched_at: datetime
    keys: Mapping[str, RSAKey]


class PlatformKeys:
    """The keys of every platform, stored in the database so that all processes share one fetch a
    minute, and in memory for as long as the database says that they were not fetched since.

    Opens units of work of its own: a fetch must be claimed, and committed, before anything goes
    over the network, whatever becomes of the caller.
    """

    def __init__(
        self, units: Units, http: Http, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._units = units
        self._http = http
        self._sleep = sleep
        self._ready: dict[str, _KeySet] = {}

    def key(
        self, registration: Registration, kid: str, fetched_at: datetime | None = None
    ) -> RSAKey:
        """The public key with that id in *this* registration's set. Raises
        ``LaunchRefused("kid-unknown")`` if it is missing even after a fetch, with the fetch's own
        error, if any, as ``why``.

        ``fetched_at`` is when the keys were last fetched, if the caller has just read it: keys that
        are in memory since then, and fresh, are used without asking the database again.
        """
        ready = self._ready.get(registration.id)
        if ready is not None and ready.fetched_at == fetched_at:
            seen = KeyCache(frozenset(ready.keys), fetched_at)
            if decide(seen, kid, self._units.clock.wall()) == "use":
                return ready.keys[kid]
        return self._asked(registration, kid)

    def _asked(self, registration: Registration, kid: str) -> RSAKey:
        trouble: str | None = None
        for _ in range(int(PATIENCE.total_seconds() / 0.05) + 2):
            kept, keys = self._kept(registration)
            step = decide(kept, kid, self._units.clock.wall())
            if step == "use" and kept.fetched_at is not None:
                return self._remember(registration, kept.fetched_at, keys)[kid]
            if step == "refuse":
                break
            if step == "wait":
                self._sleep(0.05)
            elif self._claim(registration, kept):
                trouble = self._fetch(registration)
        raise LaunchRefused(KidUnknown(kid=kid[:MAX_KID], why=trouble))

    def fetch(self, registration: Registration) -> int:
        """Fetches the key set now, whatever is stored, for an administrator's check; returns how
        many keys are usable. Raises ``FetchRefused``."""
        keys = read_key_set(self._http.send("GET", registration.keys_url).json())
        with self._units.write(registration.tenant) as work:
            row = _row(work, registration)
            row.keys = list(keys.values())
            row.fetched_at = row.tried_at = row.settled_at = work.wall
            work.commit()
        self._ready.pop(registration.id, None)
        return len(keys)

    def _remember(
        self, registration: Registration, fetched_at: datetime, keys: Mapping[str, dict[str, Any]]
    ) -> Mapping[str, RSAKey]:
        if len(self._ready) >= MAX_READY:
            self._ready.clear()
        ready = {kid: RSAKey.import_key(public) for kid, public in keys.items()}
        self._ready[registration.id] = _KeySet(fetched_at, ready)
        return ready

    def _kept(self, registration: Registration) -> tuple[KeyCache, Mapping[str, dict[str, Any]]]:
        with self._units.read(registration.tenant) as work:
            row = _row(work, registration)
        keys = {key["kid"]: key for key in row.keys}
        return KeyCache(frozenset(keys), row.fetched_at, row.tried_at, row.settled_at), keys

    def _claim(self, registration: Registration, seen: KeyCache) -> bool:
        """Claims this fetch, unless another process has since we looked."""
        row = LtiPlatformKeys
        with self._units.write(registration.tenant) as work:
            same = row.tried_at == seen.tried_at if seen.tried_at else row.tried_at.is_(None)
            taken: Any = work.session.execute(
                update(row)
                .where(row.tenant == registration.tenant, row.registration == registration.id, same)
                .values(tried_at=work.wall)
                .execution_options(synchronize_session=False)
            )
            work.commit()
            return bool(taken.rowcount == 1)

    def _fetch(self, registration: Registration) -> str | None:
        """Fetches and stores the keys; a failure leaves the stored keys as they are and returns its
        code."""
        try:
            self.fetch(registration)
        except RelectureError as wrong:
            with self._units.write(registration.tenant) as work:
                _row(work, registration).settled_at = work.wall
                work.commit()
            return wrong.reason.code
        return None


def _row(work: Work, registration: Registration) -> LtiPlatformKeys:
    return work.session.get_one(LtiPlatformKeys, (registration.tenant, registration.id))


def read_key_set(document: Any) -> dict[str, dict[str, Any]]:
    """The usable keys of a JWK set by kid (RFC 7517 section 5): RSA, for signatures, RS256 or
    unspecified, 2 048 bits or more.

    Others are skipped, since a platform may publish keys for other purposes. Only the public
    members are kept. Raises ``FetchRefused("fetch-not-json")`` if it is not a key set.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise FetchRefused(FetchNotJson())
    keys = (_usable(key) for key in listed[:MAX_KEYS])
    return {key["kid"]: key for key in keys if key is not None}


def _usable(key: Any) -> dict[str, Any] | None:
    if not isinstance(key, dict) or key.get("kty") != "RSA" or not isinstance(key.get("kid"), str):
        return None
    if key.get("use", "sig") != "sig" or key.get("alg", "RS256") != "RS256":
        return None
    public: dict[str, Any] = {name: key.get(name) for name in ("kty", "kid", "n", "e")}
    try:
        bits = RSAKey.import_key(public).raw_value.key_size
    except (JoseError, ValueError, TypeError):
        return None
    return public if bits >= MIN_BITS else None
