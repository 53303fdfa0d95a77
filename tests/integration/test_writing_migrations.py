"""Writing the next migration: a dated file, unless it could not be applied to rows."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.storage import migrate
from engine.storage.database import Database
from engine.storage.migrate import UnsafeMigration, write_next
from engine.storage.migrations import HOME
from tests import rows

TODAY = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)


def migrations(folder: Path, until: str = "9") -> Path:
    """A copy of the migrations, those after ``until`` left out."""
    home = folder / "migrations"
    shutil.copytree(HOME, home, ignore=shutil.ignore_patterns("__pycache__"))
    for path in home.glob("versions/2*.py"):
        if path.name[: len(until)] > until:
            path.unlink()
    return home


def dated(home: Path) -> list[Path]:
    return list(home.glob("versions/20270301_0830_*.py"))


@pytest.mark.parametrize("by_hand", [False, True])
def test_the_next_migration_is_a_dated_file_that_follows_the_last(
    tmp_path: Path, by_hand: bool
) -> None:
    home = migrations(tmp_path)
    write_next("Say what changed", TODAY, home, by_hand=by_hand)
    assert [path.name for path in dated(home)] == ["20270301_0830_say_what_changed.py"]
    db = Database(f"sqlite:///{tmp_path / 'test.db'}")
    migrate.upgrade(db.engine, home=home)
    assert migrate.differences(db.engine) == []
    db.close()


def test_what_could_not_be_applied_to_rows_is_refused_with_what_to_do(tmp_path: Path) -> None:
    home = migrations(tmp_path, until="20261122_0444")
    with pytest.raises(UnsafeMigration) as refused:
        write_next("What LMSs bring", TODAY, home)
    said = str(refused.value).splitlines()
    assert (
        "lti_registration.frames: a new column that must have a value has none in the rows that "
        "are there. Give it a server_default, or make it nullable."
    ) in said
    assert dated(home) == []


def test_a_migration_that_would_leave_rows_referring_to_nothing_changes_nothing(
    tmp_path: Path,
) -> None:
    home = migrations(tmp_path)
    write_next("Lose people", TODAY, home, by_hand=True)
    [path] = dated(home)
    path.write_text(path.read_text().replace("pass", "op.execute('DELETE FROM account')", 1))
    db = Database(f"sqlite:///{tmp_path / 'test.db'}")
    migrate.upgrade(db.engine)
    rows.fill(db.engine)
    before = rows.contents(db.engine)
    with pytest.raises(UnsafeMigration) as refused:
        migrate.upgrade(db.engine, home=home)
    assert "learner" in str(refused.value)
    assert rows.contents(db.engine) == before
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    db.close()
