"""Migrations: they lead to the tables as they stand, and back to nothing, and take every row
along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select

from engine.journey import playing
from engine.storage import migrate
from engine.storage.database import Database
from engine.storage.library import Library
from engine.storage.tables import Enrolment, Learner
from tests import databases, rows
from tests.builders import work
from tests.rows import Rows, contents

pytestmark = pytest.mark.both_databases

GIVEN_UP = {"lti_consumer"}
"""Tables of the old database that went with what was in them."""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = databases.bare(tmp_path)
    yield made
    made.close()


def revisions() -> list[str]:
    """The first one first."""
    found = ScriptDirectory(str(migrate.HOME)).walk_revisions()
    return [script.revision for script in found][::-1]


def assert_kept(before: Mapping[str, Rows], after: Mapping[str, Rows]) -> None:
    """Tables that are there before and after hold the same rows, and these the same values in
    the columns that are there before and after."""
    for table in before.keys() & after.keys():
        assert before[table].keys() == after[table].keys(), table
        for key, row in before[table].items():
            now = after[table][key]
            assert [(name, row[name]) for name in row if name in now] == [
                (name, now[name]) for name in row if name in now
            ], table


def go(engine: Engine, upward: bool, to: str) -> None:
    before = contents(engine)
    (migrate.upgrade if upward else migrate.downgrade)(engine, to)
    assert_kept(before, contents(engine))


def test_up_down_and_up_again_ends_at_the_tables_of_the_code(db: Database) -> None:
    migrate.upgrade(db.engine)
    assert migrate.differences(db.engine) == []
    migrate.downgrade(db.engine)
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    migrate.upgrade(db.engine)
    migrate.upgrade(db.engine)
    assert migrate.differences(db.engine) == []


def test_every_step_up_down_and_up_again_keeps_the_rows_of_every_table(db: Database) -> None:
    steps = revisions()
    for upward, there in [(True, steps), (False, [*steps[-2::-1], "base"]), (True, steps)]:
        for to in there:
            go(db.engine, upward, to)
            rows.fill(db.engine)
            assert all(contents(db.engine).values())
    assert migrate.differences(db.engine) == []


def test_a_database_of_the_version_before_comes_through_whole(db: Database) -> None:
    rows.load_old(db.engine)
    before = contents(db.engine)
    rows.fill(db.engine)
    filled = contents(db.engine)
    assert sum(map(len, before.values())) > 50
    migrate.upgrade(db.engine)
    after = contents(db.engine)
    assert_kept(filled, after)
    assert filled.keys() - after.keys() == GIVEN_UP
    assert migrate.differences(db.engine) == []


def test_an_experience_lived_before_the_upgrade_is_still_lived_to_its_end(db: Database) -> None:
    rows.load_old(db.engine)
    migrate.upgrade(db.engine)
    library = Library(db)
    with db.read("town") as unit:
        lived = unit.scalars(select(Enrolment)).all()
        scenes = [
            playing.scene(
                work(unit, library=library), unit.get_one(Learner, ("town", one.learner)), one.id
            )
            for one in lived
        ]
    assert len(scenes) == 3 and all(scene.screen.finished for scene in scenes)


def test_constraints_have_names_so_that_later_migrations_can_reach_them(db: Database) -> None:
    migrate.upgrade(db.engine)
    tables = inspect(db.engine)
    for table in set(tables.get_table_names()) - {"alembic_version"}:
        assert tables.get_pk_constraint(table)["name"] == f"pk__{table}"
        assert all(key["name"] for key in tables.get_foreign_keys(table))
