"""Mails that a page asks for (sign-in links, invitations), sent in the background so that a page
takes equally long for a stranger and for an account."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor

import structlog

from engine.delivery.channels.base import Channel, Refusal
from engine.delivery.message import Message


class Mailer:
    """Sends one mail after another in its own thread. A mail that cannot be sent is logged; its
    reader asks for another."""

    def __init__(self, channel: Channel, line: Executor | None = None) -> None:
        self._channel = channel
        self._line = line or ThreadPoolExecutor(max_workers=1, thread_name_prefix="mailer")

    def post(self, message: Message) -> None:
        """Queues a mail and returns at once."""
        self._line.submit(self._send, message)

    def close(self) -> None:
        """Waits until every queued mail has been sent."""
        self._line.shutdown(wait=True)

    def _send(self, message: Message) -> None:
        try:
            self._channel.send(message)
        except Refusal as refused:
            structlog.get_logger("mail").warning(
                "mail-refused", why=refused.words, permanent=refused.permanent
            )
        except Exception:  # nobody sees what a thread raises, and the next mail must still be sent
            structlog.get_logger("mail").exception("mail-broken")
        finally:
            self._channel.release()
