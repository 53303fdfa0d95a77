"""The gate: so many tries in a window, whoever knocks is counted first, and a right try costs
nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.people import gate
from engine.people.gate import Count, TooMany, Visitor, Way
from engine.people.reasons import TooManyTries
from engine.storage.database import Database
from engine.storage.tables import Throttle
from tests import builders

pytestmark = pytest.mark.both_databases

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
WINDOW = timedelta(minutes=15)
EMAIL = "lea@example.org"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = builders.database(tmp_path)
    yield made
    made.close()


def key(who: str = "k", most: int = 3) -> Count:
    return Count("try", (who,), most, WINDOW)


def spend(db: Database, *ways: Way, minutes: float = 0) -> Way:
    with db.shared(write=True) as session:
        return gate.spend(session, ways, NOW + timedelta(minutes=minutes), str)


def refused(db: Database, *ways: Way) -> bool:
    with db.shared() as session:
        return gate.refusal(session, ways, NOW, str) is not None


def give_back(db: Database, way: Way) -> None:
    with db.shared(write=True) as session:
        gate.give_back(session, way, str)


def test_tries_run_out_and_come_back(db: Database) -> None:
    for minute in (0, 1, 2):
        spend(db, (key(),), minutes=minute)
    with pytest.raises(TooMany) as too_many:
        spend(db, (key(),), minutes=3)
    assert too_many.value.reason == TooManyTries(minutes=12)
    spend(db, (key("another"),), minutes=3)
    spend(db, (key(),), minutes=15)


def test_a_clock_that_goes_back_never_locks_anybody_out_for_long(db: Database) -> None:
    for _ in range(3):
        spend(db, (key(),), minutes=400 * 24 * 60)
    assert spend(db, (key(),)) == (key(),)


def test_a_try_that_turns_out_right_is_given_back_and_the_wrong_ones_stay(db: Database) -> None:
    give_back(db, (key(),))
    for _ in range(2):
        spend(db, (key(),))
    for _ in range(5):
        give_back(db, spend(db, (key(),)))
    spend(db, (key(),))
    with pytest.raises(TooMany):
        spend(db, (key(),))


def test_a_right_try_wipes_the_wrong_ones_where_that_is_said(db: Database) -> None:
    one = Count("try", ("k",), 3, WINDOW, wiped=True)
    for _ in range(2):
        spend(db, (one,))
    give_back(db, spend(db, (one,)))
    for _ in range(3):
        spend(db, (one,))


def test_who_is_refused_first_spends_nothing_of_anybody_else(db: Database) -> None:
    stranger, owner = key("stranger", 1), key("owner", 3)
    spend(db, (stranger, owner))
    for _ in range(9):
        with pytest.raises(TooMany):
            spend(db, (stranger, owner))
    spend(db, (key("another", 9), owner))
    spend(db, (key("another", 9), owner))
    with pytest.raises(TooMany):
        spend(db, (key("another", 9), owner))


def test_a_refusal_is_found_without_writing(db: Database) -> None:
    assert not refused(db, (key(),))
    for _ in range(3):
        spend(db, (key(),))
    assert refused(db, (key(),)) and not refused(db, (key(),), (key("another"),))


def test_the_second_way_is_open_when_the_first_is_used_up(db: Database) -> None:
    first, second = (key("first", 1),), (key("second", 1),)
    assert [spend(db, first, second) for _ in range(2)] == [first, second]
    with pytest.raises(TooMany):
        spend(db, first, second)


def test_a_blocked_address_leaves_no_rows_however_many_accounts_it_names(db: Database) -> None:
    stranger = Visitor("203.0.113.9")
    for number in range(300):
        ways = gate.password_tries(stranger, f"{number}@example.org")
        if not refused(db, *ways):
            spend(db, *ways)
    with db.shared() as session:
        assert session.scalar(select(func.count()).select_from(Throttle)) == 1 + 2 * 60


@pytest.mark.parametrize("ways", [gate.password_tries, gate.mails])
def test_no_stranger_uses_up_what_a_known_browser_has(db: Database, ways: gate.Ways) -> None:
    for number in range(200):
        for _ in range(4):
            spending = ways(Visitor(f"203.0.113.{number}"), EMAIL)
            if not refused(db, *spending):
                spend(db, *spending)
    for network in ("203.0.113.1", "198.51.100.7"):
        assert not refused(db, *ways(Visitor(network, "secret of the browser"), EMAIL))


def test_another_network_address_may_still_ask_for_a_mail(db: Database) -> None:
    for number in range(200):
        spend(db, *gate.mails(Visitor(f"203.0.113.{number}"), EMAIL))
    assert not refused(db, *gate.mails(Visitor("198.51.100.7"), EMAIL))


def test_what_one_organisation_spends_of_a_strangers_address_is_not_missing_in_another(
    db: Database,
) -> None:
    for number in range(20):
        spend(db, *gate.confirmations("town", f"account {number}", EMAIL))
    assert refused(db, *gate.confirmations("town", "account 20", EMAIL))
    assert not refused(db, *gate.confirmations("valley", "owner", EMAIL))


def test_many_addresses_together_cannot_guess_on_for_ever(db: Database) -> None:
    tried = 0
    for number in range(100):
        for _ in range(10):
            ways = gate.password_tries(Visitor(f"network {number}"), EMAIL)
            if not refused(db, *ways):
                tried += len(spend(db, *ways)) // 3
    assert tried == 200


def test_old_counts_are_forgotten_and_young_ones_stay(db: Database) -> None:
    spend(db, (key("old"),))
    spend(db, (key("young"),), minutes=25 * 60)
    with db.shared(write=True) as session:
        gate.sweep(session, NOW + timedelta(hours=26))
        assert session.scalars(select(Throttle.key)).all() == ["try:young"]
