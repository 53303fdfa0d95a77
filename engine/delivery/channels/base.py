"""What every channel promises to whoever sends through it, and the one way it may say no."""

from __future__ import annotations

from typing import Protocol

from engine.delivery.message import Message
from engine.delivery.reasons import DeliveryRefused
from engine.values.errors import RelectureError


class Refusal(RelectureError):
    """The message did not leave. ``permanent``: trying again would be refused again. ``words``:
    what the other side said."""

    def __init__(self, words: str, *, permanent: bool) -> None:
        super().__init__(DeliveryRefused(words))
        self.words, self.permanent = words, permanent


class Channel(Protocol):
    """A way out. Called with no transaction open, by any thread; may take seconds, never longer
    than its own timeout a step."""

    def send(self, message: Message) -> None:
        """Hand the message over. Returning means that the other side took charge of it.

        Raises ``Refusal`` when it did not, or when the line broke before it said so: then the
        message may still have arrived, and a second one bears the same Message-ID. Raises nothing
        else on purpose.
        """

    def release(self) -> None:
        """Nothing more is sent for now: let go of what was kept for this thread's next message,
        such as a connection. The channel can be used again. Raises nothing.
        """
