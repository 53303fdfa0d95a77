"""Why a message or news did not leave."""

from __future__ import annotations

from engine.values.reasons import Reason


class NewsUntold(Reason, code="news-untold"):
    """A fault of ours: the log says more."""


class DeliveryRefused(Reason, code="delivery-refused"):
    """What the other side said."""

    words: str
