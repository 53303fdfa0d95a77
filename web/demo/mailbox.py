"""The mails in the demo's maildir, as their recipients would see them."""

from __future__ import annotations

import mailbox
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from engine.values.errors import NotFound
from web.site.reasons import PageUnknown


@dataclass(frozen=True)
class Mail:
    """One mail: what its reader sees (``html`` is a whole document), and the address of the
    unsubscribe button that a mail program would add."""

    id: str
    sender: str
    subject: str
    sent_at: datetime
    text: str
    html: str
    unsubscribe: str | None


def mails_of(folder: Path, to: str | None) -> list[Mail]:
    """The mails sent to that address, latest first."""
    if not folder.is_dir():
        return []
    box = mailbox.Maildir(folder, create=False)
    parsed = (
        (key, message_from_bytes(box.get_bytes(key), policy=default)) for key in box.iterkeys()
    )
    found = [
        _mail(key, mail)
        for key, mail in parsed
        if isinstance(mail, EmailMessage) and mail["To"] == to
    ]
    return sorted(found, key=lambda mail: mail.sent_at, reverse=True)


def mail_of(folder: Path, to: str | None, mail_id: str) -> Mail:
    """The mail with that id, if it was sent to that address. Raises
    ``NotFound("page-unknown")``."""
    found = next((mail for mail in mails_of(folder, to) if mail.id == mail_id), None)
    if found is None:
        raise NotFound(PageUnknown())
    return found


def _mail(key: str, mail: EmailMessage) -> Mail:
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    return Mail(
        key,
        str(mail["From"]),
        str(mail["Subject"]),
        parsedate_to_datetime(mail["Date"]),
        text.get_content() if text else "",
        html.get_content() if html else "",
        str(mail["List-Unsubscribe"]).strip("<>") if "List-Unsubscribe" in mail else None,
    )
