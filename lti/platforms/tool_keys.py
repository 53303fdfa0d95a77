"""The tool's own RS256 keys: created, encrypted at rest, published as a key set, and rotated with
overlap."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import delete, select

from engine.storage.database import Database
from engine.storage.tables import LtiToolKey
from engine.values.errors import Refused
from lti.platforms.reasons import ToolKeyUnreadable

BITS = 2048
TOOL_KEYS = b"relecture.lti.tool-keys"
"""The purpose of the derived key: each use has its own (RFC 5869, section 3.2)."""


@dataclass(frozen=True)
class Rotation:
    """The rules of rotation.

    ``period`` is how long a key is the newest. ``lead`` is how long a new key is only published
    before it signs, so that platforms that cache our key set learn of it. ``overlap`` is how long
    it stays published after it stops signing.
    """

    period: timedelta = timedelta(days=90)
    lead: timedelta = timedelta(days=1)
    overlap: timedelta = timedelta(days=7)


@dataclass(frozen=True)
class KeyAge:
    """A key's id, and when it was created (wall time)."""

    kid: str
    created_at: datetime


@dataclass(frozen=True)
class KeyPlan:
    """What to do with the keys: ``sign`` with one (None if there is none), ``publish`` some, newest
    first, ``retire`` others for good, and whether to ``create`` one."""

    create: bool
    sign: str | None
    publish: tuple[str, ...]
    retire: tuple[str, ...]


def plan(keys: Sequence[KeyAge], now: datetime, rules: Rotation = Rotation()) -> KeyPlan:
    """Decides which key signs, which are published, which are retired, and whether a new one is due
    (1EdTech Security Framework 1.0, section 6.4).

    The newest key that has been published for ``lead`` signs (or the oldest if none has). Newer
    keys, the signing one and the one before it are published; an older one is retired once it has
    not signed for ``overlap``. A new key is due when the newest is old, or while there are fewer
    than two, so that platforms know the next key before it is needed.
    """
    newest_first = sorted(keys, key=lambda key: (key.created_at, key.kid), reverse=True)
    if not newest_first:
        return KeyPlan(True, None, (), ())
    ripe = (n for n, key in enumerate(newest_first) if now - key.created_at >= rules.lead)
    signing = next(ripe, len(newest_first) - 1)

    def over(n: int) -> bool:
        return (
            n > signing + 1 and now - (newest_first[n - 1].created_at + rules.lead) >= rules.overlap
        )

    gone = {key.kid for n, key in enumerate(newest_first) if over(n)}
    due = len(newest_first) < 2 or now - newest_first[0].created_at >= rules.period
    return KeyPlan(
        create=due,
        sign=newest_first[signing].kid,
        publish=tuple(key.kid for key in newest_first if key.kid not in gone),
        retire=tuple(key.kid for key in newest_first if key.kid in gone),
    )


def seal(secret: str, private: bytes) -> bytes:
    """Encrypts and authenticates a private key (Fernet) under a key derived from the installation's
    secret (HKDF, RFC 5869)."""
    return _fernet(secret).encrypt(private)


def unseal(secret: str, sealed: bytes) -> bytes:
    """The inverse of ``seal``. Raises ``Refused("tool-key-unreadable")`` if the installation's
    secret has changed."""
    try:
        return _fernet(secret).decrypt(sealed)
    except InvalidToken as wrong:
        raise Refused(ToolKeyUnreadable()) from wrong


class ToolKeys:
    """The tool's keys in the database. Times are wall time.

    Every transaction here is its own: the keys are the installation's, so that no unit of work,
    which is an organisation's, can hold them.
    """

    def __init__(self, database: Database, secret: str, rules: Rotation = Rotation()) -> None:
        self._database = database
        self._secret = secret
        self._rules = rules
        self._load = lru_cache(maxsize=8)(self._load_once)

    def key_set(self, now: datetime) -> dict[str, Any]:
        """Our public keys as a JWK set (RFC 7517 section 5), newest first, as served at our keys
        address."""
        rows = self._rows()
        return {"keys": [rows[kid].public for kid in plan(_ages(rows), now, self._rules).publish]}

    def ages(self) -> list[KeyAge]:
        """Every key, newest first."""
        return sorted(_ages(self._rows()), key=lambda key: (key.created_at, key.kid), reverse=True)

    def sign(self, claims: Mapping[str, Any], now: datetime) -> str:
        """A JWT of ``claims``, signed with RS256 by the current key, with its ``kid`` (Security
        Framework 1.0, section 5.2.2).

        Creates the first key if there is none. Raises ``Refused("tool-key-unreadable")``.
        """
        kid = plan(_ages(self._rows()), now, self._rules).sign or self.rotate(now)
        return jwt.encode(
            {"alg": "RS256", "kid": kid}, dict(claims), self._load(kid), algorithms=["RS256"]
        )

    def tend(self, now: datetime) -> None:
        """Does what the schedule asks for: creates a key when one is due, retires old ones.
        Harmless if called often."""
        decided = plan(_ages(self._rows()), now, self._rules)
        if decided.create:
            self.rotate(now)
        elif decided.retire:
            self._retire(decided.retire)

    def rotate(self, now: datetime) -> str:
        """Creates a new key at once and returns its id. It signs after the rules' lead; the others
        stay published as planned."""
        key = RSAKey.generate_key(BITS)
        kid = key.thumbprint()
        public = {**key.as_dict(private=False), "kid": kid, "alg": "RS256", "use": "sig"}
        private = seal(self._secret, key.as_pem(private=True))
        with self._database.shared(write=True) as session:
            session.add(LtiToolKey(kid=kid, public=public, private=private, created_at=now))
            session.commit()
        self._retire(plan(_ages(self._rows()), now, self._rules).retire)
        return kid

    def _retire(self, kids: Sequence[str]) -> None:
        with self._database.shared(write=True) as session:
            session.execute(delete(LtiToolKey).where(LtiToolKey.kid.in_(kids)))
            session.commit()

    def _rows(self) -> dict[str, LtiToolKey]:
        with self._database.shared() as session:
            return {row.kid: row for row in session.scalars(select(LtiToolKey))}

    def _load_once(self, kid: str) -> RSAKey:
        with self._database.shared() as session:
            return RSAKey.import_key(unseal(self._secret, session.get_one(LtiToolKey, kid).private))


def _ages(rows: Mapping[str, LtiToolKey]) -> list[KeyAge]:
    return [KeyAge(row.kid, row.created_at) for row in rows.values()]


def _fernet(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=TOOL_KEYS).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
