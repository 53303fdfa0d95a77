"""The two clocks, as a port: learning time, which a demo may bend, and wall time, which nobody
bends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Both methods return aware UTC datetimes and raise nothing."""

    def now(self) -> datetime:
        """Learning time: when experiences end, touches fall due, pauses run out."""

    def wall(self) -> datetime:
        """Wall time: leases, backoff, link expiry, throttles."""


class SystemClock:
    """Learning time is wall time: the clock of every real installation."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wall(self) -> datetime:
        return datetime.now(UTC)
