"""The audit log: it is kept with what it tells, cannot be changed, and goes after a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from engine.storage import audit
from engine.storage.database import Database
from engine.storage.retention import forget_old
from engine.storage.tables import AuditEntry
from engine.storage.work import Units
from tests import builders
from tests.builders import NO_PACKS, work
from tests.fakes import FakeClock

pytestmark = pytest.mark.both_databases

NOW = datetime.now(UTC)
YEAR = timedelta(days=audit.KEPT_DAYS)


def written(db: Database, *ages: timedelta) -> None:
    with db.write("town") as unit:
        for age in ages:
            audit.record(work(unit, wall=NOW - age), "roles", "eva", "lea", roles=["designer"])
        unit.commit()


def ages(db: Database) -> list[int]:
    with db.read("town") as unit:
        return sorted((NOW - one.at).days for one in unit.scalars(select(AuditEntry)))


def test_an_entry_is_kept_only_if_what_it_tells_is(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with db.write("town") as unit:
        audit.record(work(unit, wall=NOW), "export", "eva", "lea")
    assert ages(db) == []
    written(db, timedelta())
    assert ages(db) == [0]


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE audit_entry SET about = 'bo'",
        "UPDATE audit_entry SET detail = '{}'",
        "DELETE FROM audit_entry",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(tmp_path: Path, act: str) -> None:
    db = builders.database(tmp_path)
    written(db, timedelta(), YEAR - timedelta(days=1))
    with pytest.raises(DBAPIError, match="audit log"), db.engine.begin() as connection:
        connection.execute(text(act))
    assert ages(db) == [0, audit.KEPT_DAYS - 1]


def test_what_is_older_than_a_year_goes_by_the_rule_and_nothing_else(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    written(db, timedelta(), YEAR - timedelta(days=1), YEAR + timedelta(days=2))
    clock = FakeClock(NOW, NOW)
    assert forget_old(Units(db, NO_PACKS, clock, builders.World(db, NO_PACKS).rng)) == 1
    assert ages(db) == [0, audit.KEPT_DAYS - 1]


def test_a_clock_that_runs_ahead_deletes_nothing_before_its_time(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    written(db, timedelta())
    ahead = NOW + 3 * YEAR
    units = Units(db, NO_PACKS, FakeClock(ahead, ahead), builders.World(db, NO_PACKS).rng)
    assert forget_old(units) == 0
    assert ages(db) == [0]


def test_an_old_entry_cannot_be_changed_either(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    written(db, YEAR + timedelta(days=2))
    with pytest.raises(DBAPIError, match="audit log"), db.engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET action = 'merge'"))
