"""Reads what came back to a return address: a report that a mail could not be delivered (RFC 3464),
or anything else, which says nothing. Bytes in, a value out; no bytes make it raise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message as Mail
from email.parser import BytesParser
from email.utils import getaddresses

from engine.values.lines import one_line

MOST_BYTES = 256 * 1024
"""A report is read up to here; what it says of the delivery stands at its beginning."""
_STATUS = re.compile(r"([245])\.\d{1,3}\.\d{1,3}")
_WHERE = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
"""Headers that may name the address that a mail came back to: the first four are written by the
server that took it, the last by the one that sent it back."""
_PARSER = BytesParser(policy=policy.compat32)


@dataclass(frozen=True)
class Notice:
    """What a mail server reports of one mail. ``to``: addresses that it may have come back to;
    ``status`` as in RFC 3463 (« 5.1.1 »); ``said``: the words of the server, on one line."""

    to: tuple[str, ...]
    status: str
    said: str

    @property
    def permanent(self) -> bool:
        """Whether another try would fail too."""
        return self.status.startswith("5")


def read_notice(data: bytes) -> Notice | None:
    """The report in a mail; None for anything that is not one of a failed delivery: an
    out-of-office reply, a receipt, a delay that is still being tried, words of a person, garbage.

    Only what RFC 3464 defines is believed: a ``multipart/report`` whose ``message/delivery-status``
    says « Action: failed » and a status. Words in the text are not guessed at.
    """
    try:
        mail = _PARSER.parsebytes(data[:MOST_BYTES])
        if not _is_report(mail):
            return None
        failed = next(_failures(mail), None)
        return None if failed is None else Notice(_addresses(mail), *failed)
    except (ValueError, LookupError, TypeError, AttributeError):  # what odd headers may raise
        return None


def _is_report(mail: Mail) -> bool:
    kind = str(mail.get_param("report-type", "")).lower()
    return mail.get_content_type() == "multipart/report" and kind == "delivery-status"


def _failures(mail: Mail) -> Iterator[tuple[str, str]]:
    """The status and the words of each recipient whose delivery failed for good or for now."""
    for part in _statuses(mail):
        for about in part:
            action = str(about.get("Action", "")).strip().lower()
            status = _STATUS.match(str(about.get("Status", "")).strip())
            if "Final-Recipient" in about and action == "failed" and status:
                words = str(about.get("Diagnostic-Code", "")).partition(";")[2]
                yield status[0], one_line(words)[:300]


def _statuses(mail: Mail) -> Iterator[list[Mail]]:
    parts = mail.get_payload()
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, Mail) and part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            yield (
                [one for one in groups if isinstance(one, Mail)] if isinstance(groups, list) else []
            )


def _addresses(mail: Mail) -> tuple[str, ...]:
    said = [str(value) for name in _WHERE for value in mail.get_all(name, [])]
    return tuple(dict.fromkeys(address.lower() for _name, address in getaddresses(said) if address))
