"""Return addresses: each mail with a question is sent from an address of its own, so that a mail
server that cannot deliver it says whose it was. Signed: nobody else can make one."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.journey.addresses import MAIL
from engine.storage.claims import DeliveryKey

LONGEST_LOCAL = 16
"""Characters that may stand before the plus: before the @ there are 64 at most (RFC 5321,
4.5.3.1.1), of which the code takes 47."""
_ID, _TOUCH, _MARK = 16, 3, 10
"""Bytes of a learner's id, of a touch's number, and of the signature."""
_CODE = re.compile(r"[a-z2-7]{47}")


@dataclass(frozen=True)
class ReturnAddresses:
    """Makes and reads return addresses under one ``address``, such as ``bounces@example.org``:
    ``bounces+CODE@example.org``."""

    address: str
    secret: str = field(repr=False)

    def of(self, key: DeliveryKey) -> str:
        """The return address of a delivery by mail; "" where there can be none."""
        try:
            learner = bytes.fromhex(key.learner)
        except ValueError:
            return ""
        if not self.address or key.channel != MAIL or len(learner) != _ID:
            return ""
        said = learner + key.touch.to_bytes(_TOUCH) + self._mark(key.tenant, learner, key.touch)
        code = base64.b32encode(said).decode("ascii").rstrip("=").lower()
        local, _, domain = self.address.partition("@")
        return f"{local}+{code}@{domain}"

    def read(self, address: str, tenants: Iterable[str]) -> DeliveryKey | None:
        """Whose mail an address came with, of these organisations; None if it is none of ours. The
        signature names the organisation too: it is found by trying each."""
        local, _, domain = self.address.lower().partition("@")
        head, _, code = address.strip().lower().partition("+")
        code, _, at = code.partition("@")
        if not local or (head, at) != (local, domain) or not _CODE.fullmatch(code):
            return None
        try:
            said = base64.b32decode(code.upper() + "=")
        except binascii.Error:
            return None
        learner, touch = said[:_ID], int.from_bytes(said[_ID : _ID + _TOUCH])
        given, found = said[_ID + _TOUCH :], None
        for tenant in tenants:
            if hmac.compare_digest(given, self._mark(tenant, learner, touch)):
                found = DeliveryKey(tenant, learner.hex(), touch, MAIL)
        return found

    def _mark(self, tenant: str, learner: bytes, touch: int) -> bytes:
        said = b"\0".join((b"return-address", tenant.encode(), learner.hex().encode()))
        signed = hmac.new(self.secret.encode(), said + f"\0{touch}".encode(), hashlib.sha256)
        return signed.digest()[:_MARK]
