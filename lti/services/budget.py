"""How long the worker stays with each registration, so that a slow platform keeps no other
waiting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

EACH = timedelta(seconds=20)
"""How long it stays with one registration in one tick: with the pages of its rosters, and with the
scores that it is sent."""

Whose = tuple[str, str]
"""A tenant and the id of a registration."""


@dataclass(frozen=True)
class Budget:
    """The time of one tick (wall time): ``used`` of ``each``. What has begun is not cut off; a call
    ends by the client's own cap."""

    each: timedelta = EACH
    used: defaultdict[Whose, timedelta] = field(default_factory=lambda: defaultdict(timedelta))

    def has_left(self, whose: Whose) -> bool:
        """Whether something more may begin for that registration."""
        return self.used[whose] < self.each

    @contextmanager
    def spending(self, whose: Whose, wall: Callable[[], datetime]) -> Iterator[None]:
        """Counts the time that the block takes, however it ends."""
        began = wall()
        try:
            yield
        finally:
            self.used[whose] += wall() - began
