"""The single time limit that all steps of a slotting share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SECONDS = 10.0
"""How long to look for a plan or, if there is none, for the reason why."""


@dataclass(frozen=True)
class Deadline:
    """``end`` is in seconds, as read from ``timer``."""

    end: float
    timer: Callable[[], float]

    @classmethod
    def after(cls, seconds: float, timer: Callable[[], float]) -> Deadline:
        """The deadline ``seconds`` from now."""
        return cls(timer() + seconds, timer)

    def left(self) -> float:
        """Seconds left until the deadline; never below 0."""
        return max(0.0, self.end - self.timer())
