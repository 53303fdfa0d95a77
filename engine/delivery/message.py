"""A message as a value, ready for any channel; its id is derived from the delivery's key, so
that a resend is recognised."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.storage.claims import DeliveryKey


@dataclass(frozen=True)
class Message:
    """What one person gets. ``text`` and ``html`` say the same; ``message_id`` has its angle
    brackets (RFC 5322, 3.6.4)."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    headers: Mapping[str, str] = field(default_factory=dict)


def message_id(secret: str, key: DeliveryKey, domain: str) -> str:
    """The same for the same delivery, whoever sends it and however often; tells nothing of who
    it is for."""
    named = "\n".join((key.tenant, key.learner, str(key.touch), key.channel))
    return (
        f"<{hmac.new(secret.encode(), named.encode(), hashlib.sha256).hexdigest()[:40]}@{domain}>"
    )
