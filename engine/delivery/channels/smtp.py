"""Mail through an SMTP server: one connection for a batch of messages, TLS as configured, every
refusal classified as permanent or temporary."""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Literal

from engine.delivery.channels.base import Refusal
from engine.delivery.channels.mime import mime
from engine.delivery.message import Message

Tls = Literal["none", "starttls", "implicit"]
ENOUGH = 100
"""A connection is closed after this many messages: many servers accept no more on one."""

CLOSING = 421
"""RFC 5321 (4.2.3): the service is not available and closes the channel."""


@dataclass(frozen=True)
class Server:
    """The server to send through. ``tls`` is none, starttls (required, not just used if offered) or
    implicit (smtps). The timeout is in seconds."""

    host: str
    port: int
    tls: Tls = "starttls"
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    timeout: float = 30


class SmtpChannel:
    """A ``Channel`` over SMTP (RFC 5321). ``sender`` is the From address; ``wall`` gives the Date.

    Each thread keeps its connection until ``release``. A message is sent once per call, whatever
    happens: the server may have accepted it even if its reply was lost.
    """

    def __init__(self, server: Server, sender: str, wall: Callable[[], datetime]) -> None:
        self._server, self._sender, self._wall = server, sender, wall
        self._kept = _Kept()

    def send(self, message: Message) -> None:
        try:
            mail = mime(message, self._sender, self._wall())
        except ValueError as impossible:
            raise Refusal(str(impossible), permanent=True) from impossible
        try:
            line, used = self._taken() or (self._connect(), 0)
            try:
                _hand_over(line, mail, message.returns)
            except Refusal:
                self._keep(line, used + 1)
                raise
            except BaseException:
                line.close()
                raise
            self._keep(line, used + 1)
        except smtplib.SMTPResponseException as refused:
            raise _said(
                refused.smtp_code, refused.smtp_error, permanent=False, server=True
            ) from refused
        except (
            UnicodeError
        ):  # such as a name of a host with an empty part; what it quotes may be the password
            raise Refusal(
                "the host, user or password of the mail server is not in plain ASCII",
                permanent=False,
                server=True,
            ) from None
        except (smtplib.SMTPException, OSError) as broken:
            raise Refusal(
                f"{type(broken).__name__}: {broken}", permanent=False, server=True
            ) from broken

    def send_and_hear(self, message: Message) -> str:
        """Sends one message on a connection of its own; returns the server's answer to it, such as
        « 250 2.0.0 Ok: queued as 4F… ». Raises ``Refusal``."""
        try:
            mail = mime(message, self._sender, self._wall())
            with self._connect() as line:
                return _answer(line, mail)
        except (ValueError, UnicodeError) as impossible:
            raise Refusal(str(impossible), permanent=True) from impossible
        except smtplib.SMTPResponseException as refused:
            raise _said(
                refused.smtp_code, refused.smtp_error, permanent=False, server=True
            ) from refused
        except (smtplib.SMTPException, OSError) as broken:
            raise Refusal(
                f"{type(broken).__name__}: {broken}", permanent=False, server=True
            ) from broken

    def release(self) -> None:
        if kept := self._kept.line:
            self._kept.line = None
            _hang_up(kept[0])

    def _taken(self) -> tuple[smtplib.SMTP, int] | None:
        """This thread's connection and how many messages went through it, if the server still
        listens and no command is left unfinished."""
        kept, self._kept.line = self._kept.line, None
        if kept and not _is_fresh(kept[0]):
            kept[0].close()
            return None
        return kept

    def _keep(self, line: smtplib.SMTP, used: int) -> None:
        if used < ENOUGH and line.sock is not None:
            self._kept.line = line, used
        else:
            _hang_up(line)

    def _connect(self) -> smtplib.SMTP:
        """A greeted, encrypted, signed-in connection; closed again if any of these steps fails."""
        server, context = self._server, ssl.create_default_context()
        if server.tls == "implicit":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=context
            )
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.tls == "starttls":
                line.starttls(context=context)
            if server.user:
                line.login(server.user, server.password)
        except BaseException:
            line.close()
            raise
        return line


class _Kept(threading.local):
    """What a thread keeps for its next message: the connection, and how often it was used."""

    line: tuple[smtplib.SMTP, int] | None = None


def _is_fresh(line: smtplib.SMTP) -> bool:
    """Whether the server is there and ready for another message. RSET (RFC 5321, 4.1.1.5) finds
    this out as well as NOOP does, and clears what a refusal may have left behind."""
    try:
        return line.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _hand_over(line: smtplib.SMTP, mail: EmailMessage, returns: str = "") -> None:
    """Sends the mail, which comes back to ``returns`` if it cannot be delivered. A refusal of this
    recipient or this text is permanent if the server says so (5xx). Every other one (sender,
    sign-in, greeting) is temporary: it is about the server or its settings, which an operator can
    fix."""
    try:
        line.send_message(mail, from_addr=returns or None)
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        raise _said(code, words, permanent=code >= 500, server=code == CLOSING) from refused
    except smtplib.SMTPDataError as refused:
        code = refused.smtp_code
        raise _said(
            code, refused.smtp_error, permanent=code >= 500, server=code == CLOSING
        ) from refused
    except smtplib.SMTPNotSupportedError as impossible:
        raise Refusal(str(impossible), permanent=True) from impossible


def _answer(line: smtplib.SMTP, mail: EmailMessage) -> str:
    """Hands a mail over step by step, as ``smtplib`` does, and keeps the last answer."""
    line.ehlo_or_helo_if_needed()
    [sender], [to] = mail["From"].addresses, mail["To"].addresses
    for code, words in (line.mail(sender.addr_spec), line.rcpt(to.addr_spec)):
        if code >= 300:
            raise _said(code, words, permanent=code >= 500, server=code == CLOSING)
    code, words = line.data(mail.as_bytes())
    if code >= 300:
        raise _said(code, words, permanent=code >= 500, server=code == CLOSING)
    return f"{code} {words.decode('utf-8', 'replace')}"


def _hang_up(line: smtplib.SMTP) -> None:
    """Closes the connection politely. A server that accepted the message has it, even if closing
    fails."""
    with suppress(smtplib.SMTPException, OSError):
        line.quit()
    line.close()


def _said(code: int, words: bytes | str, *, permanent: bool, server: bool) -> Refusal:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Refusal(f"{code} {said}", permanent=permanent, server=server)
