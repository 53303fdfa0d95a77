"""The mailbox where mails come back, read over IMAP (RFC 3501)."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from engine.delivery.notices import MOST_BYTES

MOST = 200
"""Messages read in one pass; the rest waits for the next."""


class MailboxFault(Exception):
    """The mailbox could not be read; the words say why. Nothing in it is lost: what was not marked
    is read again."""


@dataclass(frozen=True)
class Mailbox:
    """Where, and as whom. ``tls``: from the first byte (imaps); otherwise in clear, for a server on
    the same machine. The timeout is in seconds."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: bool = True
    timeout: float = 30

    def read(self, handle: Callable[[bytes], bool]) -> int:
        """Has each unread message handled, the first bytes of it where it is long; returns how many
        there were. ``handle`` tells whether it was a report of ours: that one is deleted, since it
        quotes the mail; anything else stays, marked as read.

        Raises ``MailboxFault``.
        """
        try:
            with self._opened() as line:
                numbers = list(_unread(line))[:MOST]
                for number in numbers:
                    done = handle(_message(line, number))
                    line.uid("STORE", number, "+FLAGS", r"(\Seen \Deleted)" if done else r"(\Seen)")
                if numbers:
                    line.expunge()
                return len(numbers)
        except (imaplib.IMAP4.error, OSError, UnicodeError) as wrong:
            raise MailboxFault(f"{type(wrong).__name__}: {wrong}") from wrong

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        if self.tls:
            context = ssl.create_default_context()
            line: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                self.host, self.port, ssl_context=context, timeout=self.timeout
            )
        else:
            line = imaplib.IMAP4(self.host, self.port, timeout=self.timeout)
        try:
            line.login(self.user, self.password)
            answer, words = line.select(f'"{self.folder}"')
            if answer != "OK":
                raise MailboxFault(f"{self.folder}: {words!r}")
            yield line
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                line.logout()


def _unread(line: imaplib.IMAP4) -> Iterator[str]:
    answer, found = line.uid("SEARCH", "UNSEEN")
    for words in found if answer == "OK" else ():
        yield from (words or b"").decode("ascii", "replace").split()


def _message(line: imaplib.IMAP4, number: str) -> bytes:
    """Its first bytes, without marking it as read; none if it is gone."""
    _answer, parts = line.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    for part in parts or ():
        if isinstance(part, tuple) and len(part) > 1 and isinstance(part[1], bytes):
            return part[1]
    return b""
