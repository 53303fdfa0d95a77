"""SQLite under several threads: no update is lost, and readers go on while someone writes."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import select

from engine.storage.tables import Account
from tests import builders
from tests.builders import MONDAY


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
