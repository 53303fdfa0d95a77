"""Fakes of ports: a clock that only tests move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONDAY = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
"""A working Monday morning, before any holiday."""


@dataclass
class FakeClock:
    """Both clocks, which stand still until moved; a test may move learning time and wall time
    apart."""

    learning: datetime = MONDAY
    walled: datetime = MONDAY

    def now(self) -> datetime:
        return self.learning

    def wall(self) -> datetime:
        return self.walled

    def later(self, **delta: float) -> datetime:
        """Moves both clocks forward by the same amount; returns the learning time."""
        self.learning += timedelta(**delta)
        self.walled += timedelta(**delta)
        return self.learning
