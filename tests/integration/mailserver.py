"""A real SMTP server on loopback (aiosmtpd) that can be told to refuse, to hang up midway, or to
keep one waiting."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from engine.delivery.channels.smtp import Server, Tls

CERTIFICATE = Path(__file__).parent / "mail" / "localhost.pem"
"""A self-signed certificate for localhost with its key, made for these tests and good for
nothing else."""


class Desk:
    """What the server says: ``rcpt`` and ``data`` are its replies, ``refused`` unknown
    addresses. ``taken`` is what it took; ``lines``: the connection of each text."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.senders: list[str] = []
        self.rcpt, self.data = "250 OK", "250 OK"
        self.refused: set[str] = set()
        self.hang_up_before_data = self.hang_up_after_data = self.sulk_at_quit = False
        self.delay = 0.0
        self.secured: list[bool] = []
        self.lines: list[object] = []
        self._last: SMTP | None = None

    def hang_up(self) -> None:
        """Leave the connection of the last message."""
        assert self._last
        self._last.loop.call_soon_threadsafe(self._last.transport.abort)

    async def handle_RCPT(
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address in self.refused:
            return "550 No such person"
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.lines.append(session.peer)
        self._last = server
        await asyncio.sleep(self.delay)
        if self.hang_up_before_data:
            server.transport.abort()
        if self.data.startswith("250"):
            parsed = message_from_bytes(envelope.content or b"", policy=default)
            assert isinstance(parsed, EmailMessage)
            self.taken.append(parsed)
            self.senders.append(str(envelope.mail_from))
            self.secured.append(server.transport.get_extra_info("ssl_object") is not None)
        if self.hang_up_after_data:
            server.transport.abort()
        return self.data

    async def handle_QUIT(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:
        if self.sulk_at_quit:
            server.transport.abort()
        return "221 Bye"

    def ids(self) -> list[str]:
        """Message-IDs taken, in order."""
        return [mail["Message-ID"] for mail in self.taken]


@contextmanager
def serving(
    desk: Desk, *, tls: Tls = "none", user: str = "", password: str = "", utf8: bool = True
) -> Iterator[Server]:
    """The server up and running; what a channel needs to know of it."""
    options: dict[str, Any] = {"enable_SMTPUTF8": utf8}
    if tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE)
        options |= (
            {"ssl_context": context}
            if tls == "implicit"
            else {"tls_context": context, "require_starttls": True}
        )
    if user:

        def check(*args: Any) -> AuthResult:
            return AuthResult(
                success=(args[-1].login, args[-1].password) == (user.encode(), password.encode()),
                handled=False,
            )

        options |= {
            "authenticator": check,
            "auth_required": True,
            "auth_require_tls": tls == "starttls",
        }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(desk, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield Server(
            "localhost" if tls != "none" else "127.0.0.1", port, tls, user, password, timeout=5
        )
    finally:
        controller.stop()
