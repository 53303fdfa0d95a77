"""When to retry after a failed attempt, and when to give up: pure, in wall time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720, 1440, 2880))
"""The waits after the first, second… attempt. RFC 5321 (4.5.4.1) asks senders to keep trying for
at least four to five days, less and less often."""
TRIES = len(WAITS) + 1
JITTER = 0.2
"""Each wait is up to this share shorter or longer, so that deliveries that failed together are not
retried together."""


def wait_after(attempt: int, rng: Random, waits: Sequence[timedelta] = WAITS) -> timedelta | None:
    """How long to wait after attempt number ``attempt`` (from 1) failed; None if it was the last.
    By default there are nine attempts in four days, unless other ``waits`` are given."""
    if attempt > len(waits):
        return None
    return waits[max(1, attempt) - 1] * rng.uniform(1 - JITTER, 1 + JITTER)
