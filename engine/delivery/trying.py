"""A test mail: sent now, and what the other side answered, in its own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from engine.delivery.channels.base import Channel, Refusal
from engine.delivery.message import Message


@runtime_checkable
class Answering(Protocol):
    """A channel that can tell what the other side answered to a message that it accepted."""

    def send_and_hear(self, message: Message) -> str:
        """Sends the message like ``send``, and returns the answer. Raises ``Refusal``."""


@dataclass(frozen=True)
class Tried:
    """What came of a test mail: whether it left, and the other side's answer, "" if it gave
    none."""

    sent: bool
    answer: str


def try_mail(channel: Channel, message: Message) -> Tried:
    """Sends one message now, outside of every queue."""
    try:
        if isinstance(channel, Answering):
            return Tried(True, channel.send_and_hear(message))
        channel.send(message)
    except Refusal as refused:
        return Tried(False, refused.words)
    return Tried(True, "")
