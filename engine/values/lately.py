"""What was costly to count is kept for a moment, in this process: what took a second is counted
again after forty."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

Value = TypeVar("Value")
TIMES, LONGEST = 40, 60.0
"""For how many times as long as it took something is kept, and for how many seconds at most."""
NEAR = timedelta(hours=1)
"""Learning time may jump, as in the demo: what was counted at another hour is counted again."""
MOST = 256
"""So many counts are kept at once."""


@dataclass(frozen=True)
class _Kept:
    value: Any
    at: datetime
    until: float


@dataclass
class Lately:
    """What was counted lately, by what it is about. ``seconds`` is a clock that only goes on."""

    seconds: Callable[[], float]
    kept: dict[Hashable, _Kept] = field(default_factory=dict)

    def of(
        self,
        about: Hashable,
        now: datetime,
        count: Callable[[], Value],
        is_large: Callable[[Value], bool],
    ) -> Value:
        """What ``count`` says at ``now`` (learning time), or said a moment ago if it ``is_large``:
        what is small is counted each time."""
        there, began = self.kept.get(about), self.seconds()
        if there is not None and began < there.until and abs(now - there.at) < NEAR:
            return cast(Value, there.value)
        value = count()
        took = self.seconds() - began
        self.forget(about)
        if not is_large(value):
            return value
        if len(self.kept) >= MOST:
            self.kept.clear()
        self.kept[about] = _Kept(value, now, self.seconds() + min(LONGEST, TIMES * took))
        return value

    def forget(self, about: Hashable) -> None:
        """Something of it was changed here: it is counted again."""
        self.kept.pop(about, None)
