"""A message to send in tests."""

from __future__ import annotations

from engine.delivery.message import Message, message_id
from engine.storage.claims import DeliveryKey

SECRET = "a secret only this test knows"


def letter(
    to: str = "lea@example.org", number: int = 1, subject: str = "Une question · 2 minutes"
) -> Message:
    """A short mail in French, with what breaks naive senders: accents, thin spaces, a line
    starting with a dot."""
    key = DeliveryKey("town", to, number, "mail")
    return Message(
        to,
        subject,
        "Où en est Inès ? « Là-bas »\n.\nUn point seul.",
        '<p lang="fr">Où en est Inès ?</p>',
        message_id(SECRET, key, "example.org"),
        {"Auto-Submitted": "auto-generated"},
    )
