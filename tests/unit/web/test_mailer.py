"""The mailer: what cannot leave is written down, and holds nothing up."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from engine.delivery.channels.base import Refusal
from engine.delivery.mailer import Mailer
from engine.delivery.message import Message


class Ill:
    """A channel that fails once, then keeps what it is given."""

    def __init__(self, how: Exception) -> None:
        self.how: list[Exception] = [how]
        self.sent: list[str] = []

    def send(self, message: Message) -> None:
        if self.how:
            raise self.how.pop()
        self.sent.append(message.to)

    def release(self) -> None:
        """Nothing is kept between two messages."""


@pytest.mark.parametrize(
    ("how", "event"),
    [(Refusal("550 No", permanent=True), "mail-refused"), (OSError("disk full"), "mail-broken")],
)
def test_what_cannot_leave_is_logged_and_the_next_mail_leaves(how: Exception, event: str) -> None:
    channel = Ill(how)
    with capture_logs() as logged:
        mailer = Mailer(channel)
        for to in ("lea@example.org", "max@example.org"):
            mailer.post(Message(to, "s", "t", "h", "<id@example.org>"))
        mailer.close()
    assert [line["event"] for line in logged] == [event]
    assert channel.sent == ["max@example.org"]
