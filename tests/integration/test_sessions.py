"""A session keeps all that was written in it when it commits, and gives its connection back however
it ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from engine.storage.database import Database
from engine.storage.queries import launches
from engine.storage.queries.running import change
from engine.storage.tables import Account
from tests import builders
from tests.builders import MONDAY

pytestmark = pytest.mark.both_databases


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return builders.database(tmp_path, "town")


def names(db: Database) -> list[str]:
    with db.read("town") as unit:
        return sorted(unit.scalars(select(Account.name)))


def add_row(unit: Session) -> None:
    """By a prebuilt statement, which the session's account of objects knows nothing of."""
    change(unit, launches.ADD_ACCOUNT, name="row", created_at=MONDAY)


def begin(unit: Session) -> None:
    unit.begin()


def add_and_take_out(unit: Session) -> None:
    account = Account(name="object", created_at=MONDAY)
    unit.add(account)
    unit.expunge(account)


@pytest.mark.parametrize("also", [begin, add_and_take_out])
def test_rows_are_kept_where_objects_were_touched_and_none_changed(
    db: Database, also: Callable[[Session], None]
) -> None:
    with db.write("town") as unit:
        also(unit)
        add_row(unit)
        unit.commit()
    assert "row" in names(db)


def fail_once(db: Database) -> None:
    """The next rollback fails on its way."""

    def fail(_connection: object) -> None:
        raise OSError("disk I/O error")

    event.listen(db.engine, "rollback", fail, once=True)


@pytest.mark.parametrize("end", ["rollback", "close"])
def test_a_session_whose_rollback_fails_holds_nobody_up(db: Database, end: str) -> None:
    with db.write("town") as unit:
        unit.add(Account(name="object", created_at=MONDAY))
        unit.flush()
        fail_once(db)
        with pytest.raises(OSError, match="disk"):
            getattr(unit, end)()
        assert db.engine.pool.checkedout() == 0
        with db.write("town") as other:
            add_row(other)
            other.commit()
    assert names(db) == ["row"]
