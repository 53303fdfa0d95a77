"""The one time limit that everything in a slotting shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SECONDS = 10.0
"""How long a plan may be looked for or, where there is none, why there is none."""


@dataclass(frozen=True)
class Deadline:
    """``end`` in seconds, as ``timer`` tells them."""

    end: float
    timer: Callable[[], float]

    @classmethod
    def after(cls, seconds: float, timer: Callable[[], float]) -> Deadline:
        """The deadline so many seconds from now."""
        return cls(timer() + seconds, timer)

    def left(self) -> float:
        """Seconds until it; never below 0."""
        return max(0.0, self.end - self.timer())
