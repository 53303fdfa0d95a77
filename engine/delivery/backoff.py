"""When to try again after a refusal, and when to stop trying: pure, in wall time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720, 1440))
"""Waits after the first, second… try. RFC 5321 (4.5.4.1) asks senders to go on for days, ever
more rarely."""
TRIES = len(WAITS) + 1
JITTER = 0.2
"""Each wait is up to this share shorter or longer, so that what failed together does not come
back together."""


def wait_after(attempt: int, rng: Random, waits: Sequence[timedelta] = WAITS) -> timedelta | None:
    """How long to wait after try number ``attempt`` (from 1) failed; None when that was the
    last: eight tries in two days, unless other ``waits`` are given."""
    if attempt > len(waits):
        return None
    return waits[max(1, attempt) - 1] * rng.uniform(1 - JITTER, 1 + JITTER)
