"""The throttle: so many tries in a window, whoever asks, and a right password wipes the slate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.people import throttle
from engine.people.reasons import TooManyTries
from engine.people.throttle import Limit, TooMany
from tests import builders

pytestmark = pytest.mark.both_databases

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
LIMIT = Limit(3, timedelta(minutes=15))


def test_tries_run_out_and_come_back(tmp_path: Path) -> None:
    db = builders.database(tmp_path)

    def attempt(minutes: float, key: str = "k") -> None:
        with db.shared(write=True) as unit:
            throttle.spend(unit, key, LIMIT, NOW + timedelta(minutes=minutes))

    for minute in (0, 1, 2):
        attempt(minute)
    with pytest.raises(TooMany) as refused:
        attempt(3)
    assert refused.value.reason == TooManyTries(minutes=12)
    attempt(3, "another key")
    attempt(15)
    db.close()


def test_a_clock_that_goes_back_never_locks_anybody_out_for_long(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with db.shared(write=True) as unit:
        for _ in range(3):
            throttle.spend(unit, "k", LIMIT, NOW + timedelta(days=400))
        throttle.spend(unit, "k", LIMIT, NOW)
    db.close()


def test_a_try_that_turns_out_right_is_given_back_and_the_wrong_ones_stay(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with db.shared(write=True) as unit:
        throttle.give_back(unit, "k")
        for _ in range(2):
            throttle.spend(unit, "k", LIMIT, NOW)
        for _ in range(5):
            throttle.spend(unit, "k", LIMIT, NOW)
            throttle.give_back(unit, "k")
        throttle.spend(unit, "k", LIMIT, NOW)
        with pytest.raises(TooMany):
            throttle.spend(unit, "k", LIMIT, NOW)
    db.close()


def test_the_right_password_wipes_the_slate(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with db.shared(write=True) as unit:
        for _ in range(3):
            throttle.spend(unit, "k", LIMIT, NOW)
        throttle.forgive(unit, "k")
        throttle.spend(unit, "k", LIMIT, NOW)
    db.close()
