"""SQLite: no update is lost between threads, readers go on while someone writes, and its folder
is nobody else's."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from engine.storage.database import TenantSession
from engine.storage.prepared import say
from engine.storage.queries import launches
from engine.storage.queries.running import change
from engine.storage.tables import Account
from tests import builders
from tests.builders import MONDAY
from web.bootstrap import open_database


def test_no_update_is_lost_between_threads(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with db.write("town") as unit:
        unit.add(Account(email="a@example.org", created_at=MONDAY))
        unit.commit()

    def count_up() -> None:
        for _ in range(50):
            with db.write("town") as unit:
                unit.scalars(select(Account)).one().epoch += 1
                unit.commit()

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read("town") as unit:
        assert unit.scalars(select(Account)).one().epoch == 200


def test_a_reader_goes_on_while_someone_writes(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with db.write("town") as writing:
        writing.add(Account(email="a@example.org", created_at=MONDAY))
        writing.flush()
        with db.read("town") as reading:
            assert reading.scalars(select(Account)).all() == []


def test_the_folder_of_a_new_database_is_for_its_user_alone(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'var' / 'relecture.db'}").close()
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0


def test_what_is_refused_at_the_commit_is_raised_as_sqlalchemy_raises_it(tmp_path: Path) -> None:
    db = builders.database(tmp_path, "town")
    with db.write("town") as unit:
        say(cast(TenantSession, unit).bare(), "PRAGMA defer_foreign_keys=ON")
        change(unit, launches.ADD_LEARNER, id="nobody")
        with pytest.raises(IntegrityError):
            unit.commit()
