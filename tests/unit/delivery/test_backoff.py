"""Trying again: ever later, never all at once, and not for ever."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from engine.delivery.backoff import JITTER, TRIES, WAITS, wait_after

SEEDS = st.integers(0, 2**32)


@given(st.integers(1, TRIES - 1), SEEDS)
def test_each_wait_stays_within_its_jitter(attempt: int, seed: int) -> None:
    wait = wait_after(attempt, Random(seed))
    assert wait is not None
    assert WAITS[attempt - 1] * (1 - JITTER) <= wait <= WAITS[attempt - 1] * (1 + JITTER)


@given(st.integers(1, TRIES - 2), SEEDS, SEEDS)
def test_a_later_try_always_waits_longer_whatever_the_jitter(
    attempt: int, one: int, other: int
) -> None:
    sooner, later = wait_after(attempt, Random(one)), wait_after(attempt + 1, Random(other))
    assert sooner is not None and later is not None and sooner < later


@given(SEEDS)
def test_all_tries_together_take_about_four_days(seed: int) -> None:
    rng = Random(seed)
    waits = [wait for attempt in range(1, TRIES) if (wait := wait_after(attempt, rng))]
    assert timedelta(days=3) < sum(waits, timedelta()) < timedelta(days=5)


@given(st.integers(TRIES, 1000), SEEDS)
def test_after_the_last_try_there_is_no_other(attempt: int, seed: int) -> None:
    assert wait_after(attempt, Random(seed)) is None


def test_two_messages_that_failed_together_do_not_come_back_together() -> None:
    rng = Random(1)
    assert len({wait_after(3, rng) for _ in range(20)}) == 20
