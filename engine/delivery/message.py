"""A message as a value, ready for any channel. Its id is derived from the delivery's key, so that a
resend can be recognised."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.storage.claims import DeliveryKey


@dataclass(frozen=True)
class Message:
    """What one person receives. ``text`` and ``html`` have the same content; ``message_id``
    includes its angle brackets (RFC 5322, 3.6.4). ``about``: the ids of the accounts and
    experiences that it is about, by which a channel that keeps messages finds them again when
    these are erased. ``sender``: the name beside the sender's address, "" for that of the
    settings. ``returns``: the address that it comes back to if it cannot be delivered, "" for that
    of the sender."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    headers: Mapping[str, str] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    sender: str = ""
    returns: str = ""


def message_id(secret: str, key: DeliveryKey, domain: str) -> str:
    """The Message-ID of a delivery: always the same, whichever worker sends it and however often,
    and without any hint of the recipient."""
    return id_of(secret, (key.tenant, key.learner, str(key.touch), key.channel), domain)


def id_of(secret: str, key: Sequence[str], domain: str) -> str:
    """The Message-ID of whatever has that key."""
    named = "\n".join(key)
    return (
        f"<{hmac.new(secret.encode(), named.encode(), hashlib.sha256).hexdigest()[:40]}@{domain}>"
    )
