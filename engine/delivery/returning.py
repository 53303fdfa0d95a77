"""Return addresses: each mail is sent from an address of its own, so that a mail server that cannot
deliver it says which one it was. Signed: nobody else can make one."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.journey.addresses import MAIL
from engine.storage.claims import DeliveryKey

LONGEST_LOCAL = 16
"""Characters that may stand before the plus: before the @ there are 64 at most (RFC 5321,
4.5.3.1.1), of which the code takes 47."""
_ID, _TOUCH, _MARK = 16, 3, 10
"""Bytes of a learner's id, of a touch's number, and of the signature."""
_CODE = re.compile(r"[a-z2-7]{47}")
_QUESTION = "return-address"
KINDS = ("invitation", "announcement", "address_claim", "monday_mail")
"""The tables of the other mails that come back to an address of their own: those of an
organisation. A link to sign in is not: who asked for one is nobody's business."""


@dataclass(frozen=True)
class MailKey:
    """One of those mails: its table, its ``number``, and the ``mark`` of its row (of
    ``ReturnAddresses.mark_of``), which does not tell whose it is."""

    tenant: str
    kind: str
    mark: bytes
    number: int


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
        return self._address(_QUESTION, key.tenant, learner, key.touch)

    def of_row(self, tenant: str, kind: str, key: Sequence[object], number: int) -> str:
        """The return address of a mail of one of ``KINDS`` whose row has that key; "" where there
        can be none."""
        if not self.address:
            return ""
        return self._address(kind, tenant, self.mark_of(tenant, kind, key), number)

    def mark_of(self, tenant: str, kind: str, key: Sequence[object]) -> bytes:
        """What stands for a row in its return address."""
        said = "\0".join(("row", tenant, kind, *map(str, key)))
        return hmac.new(self.secret.encode(), said.encode(), hashlib.sha256).digest()[:_ID]

    def _address(self, kind: str, tenant: str, whose: bytes, number: int) -> str:
        said = whose + number.to_bytes(_TOUCH) + self._sign(kind, tenant, whose, number)
        code = base64.b32encode(said).decode("ascii").rstrip("=").lower()
        local, _, domain = self.address.partition("@")
        return f"{local}+{code}@{domain}"

    def read(self, address: str, tenants: Iterable[str]) -> DeliveryKey | MailKey | None:
        """Which mail an address came with, of these organisations; None if it is none of ours. The
        signature names the organisation and the kind too: they are found by trying each."""
        local, _, domain = self.address.lower().partition("@")
        head, _, code = address.strip().lower().partition("+")
        code, _, at = code.partition("@")
        if not local or (head, at) != (local, domain) or not _CODE.fullmatch(code):
            return None
        try:
            said = base64.b32decode(code.upper() + "=")
        except binascii.Error:
            return None
        whose, number = said[:_ID], int.from_bytes(said[_ID : _ID + _TOUCH])
        given, found = said[_ID + _TOUCH :], None
        for tenant in tenants:
            for kind in (_QUESTION, *KINDS):
                if hmac.compare_digest(given, self._sign(kind, tenant, whose, number)):
                    found = kind, tenant
        if found is None:
            return None
        kind, tenant = found
        if kind == _QUESTION:
            return DeliveryKey(tenant, whose.hex(), number, MAIL)
        return MailKey(tenant, kind, whose, number)

    def _sign(self, kind: str, tenant: str, whose: bytes, number: int) -> bytes:
        said = "\0".join((kind, tenant, whose.hex(), str(number)))
        return hmac.new(self.secret.encode(), said.encode(), hashlib.sha256).digest()[:_MARK]
