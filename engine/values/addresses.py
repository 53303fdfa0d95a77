"""Checks host names and mail addresses: ASCII only, and nothing that a mail header would interpret
as more."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address

_HOST_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_HOST = re.compile(rf"{_HOST_LABEL}(?:\.{_HOST_LABEL})*", re.IGNORECASE)
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.IGNORECASE)
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", re.IGNORECASE)


def is_host(text: str) -> bool:
    """Whether ``text`` is a host name (RFC 1123, 2.1; underscores are allowed, since private
    networks use them) or an IP address, without brackets. Internationalised names must be in their
    ASCII form, ``xn--…``."""
    if _HOST.fullmatch(text):
        return len(text) <= 253
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def is_local(text: str) -> bool:
    """Whether ``text`` can stand before the @: a dot-atom (RFC 5322, 3.2.3) of at most 64
    characters (RFC 5321, 4.5.3.1.1).

    ``=?`` is refused: where an encoded word is allowed, header parsers take it for the start of one
    (RFC 2047).
    """
    return bool(_LOCAL.fullmatch(text)) and len(text) <= 64 and "=?" not in text


def is_domain(text: str) -> bool:
    """Whether ``text`` can stand after the @: labels of letters, digits and inner hyphens, none
    empty, the last not a number."""
    return (
        bool(_DOMAIN.fullmatch(text))
        and len(text) <= 253
        and not text.rpartition(".")[2].isdecimal()
    )


def is_mailable(text: str) -> bool:
    """Whether ``text`` is one bare address, at most 254 characters, that every mail server accepts.

    ASCII only, in the domain too: SMTP carries anything else only if every server on the way offers
    SMTPUTF8 (RFC 6531).
    """
    local, _, domain = text.rpartition("@")
    return len(text) <= 254 and is_local(local) and is_domain(domain)


def mailboxes(text: str) -> tuple[Address, ...]:
    """The addresses that a header with this text is parsed into. Raises ``ValueError`` if no header
    could hold it."""
    mail = EmailMessage(policy=SMTP)
    mail["To"] = text
    return tuple(mail["To"].addresses)
