"""The protocol that every channel implements, and the only exception that it may raise."""

from __future__ import annotations

from typing import Protocol

from engine.delivery.message import Message
from engine.delivery.reasons import DeliveryRefused
from engine.values.errors import RelectureError


class Refusal(RelectureError):
    """The message was not sent. ``permanent``: another attempt would be refused again. ``server``:
    it is not about this message, and the next one would meet the same. ``words``: what the other
    side said."""

    def __init__(self, words: str, *, permanent: bool, server: bool = False) -> None:
        super().__init__(DeliveryRefused(words))
        self.words, self.permanent, self.server = words, permanent, server


class Channel(Protocol):
    """A way to send messages. Called with no transaction open, from any thread; it may take
    seconds, but no step longer than its own timeout."""

    def send(self, message: Message) -> None:
        """Sends the message. Returning means that the other side accepted responsibility for it.

        Raises ``Refusal`` if it did not, or if the connection broke before it said so: then the
        message may still have arrived, and a second one has the same Message-ID. Raises nothing
        else on purpose.
        """

    def release(self) -> None:
        """Nothing more is sent for now: releases what was kept for this thread's next message, such
        as a connection. The channel can be used again. Raises nothing."""
