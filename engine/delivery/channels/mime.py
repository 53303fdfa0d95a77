"""A message as RFC 5322 bytes: text and HTML in UTF-8, quoted-printable, so that any server accepts
it (8BITMIME or not)."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from engine.delivery.message import Message


def mime(message: Message, sender: str, sent_at: datetime) -> EmailMessage:
    """The complete mail. Raises ``ValueError`` if a header would contain a line break, or ``To``
    anything but the one address that the message is for: an encoded word or a comma in it would
    send the mail to somebody else."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = _from(message, sender), message.to, message.subject
    if [box.addr_spec for box in mail["To"].addresses] != [message.to]:
        raise ValueError("the address is not one that a mail can bear")
    mail["Date"], mail["Message-ID"] = format_datetime(sent_at), message.message_id
    for name, value in message.headers.items():
        mail[name] = value
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    return mail


def _from(message: Message, sender: str) -> str | Address:
    """The sender's address, under the name that the message gives it."""
    if not message.sender:
        return sender
    return Address(message.sender, addr_spec=parseaddr(sender)[1])
