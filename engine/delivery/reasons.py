"""Why a message or news was not sent."""

from __future__ import annotations

from engine.values.reasons import Reason


class NewsUntold(Reason, code="news-untold"):
    """An internal error; the log says more."""


class DeliveryRefused(Reason, code="delivery-refused"):
    """What the other side said."""

    words: str
