"""The port for the two clocks: learning time, which a demo may speed up or stop, and wall time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Both methods return aware UTC datetimes and never raise."""

    def now(self) -> datetime:
        """Learning time: for experiences that end, touches that fall due, pauses that run out."""

    def wall(self) -> datetime:
        """Wall time: for leases, backoff, link expiry, throttles."""


class SystemClock:
    """The clock of every real installation: learning time is wall time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wall(self) -> datetime:
        return datetime.now(UTC)
