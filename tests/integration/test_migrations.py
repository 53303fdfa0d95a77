"""Migrations: they lead to the tables as they stand, and back to nothing."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect

from engine.storage import migrate
from engine.storage.database import Database


def test_up_down_and_up_again_ends_at_the_tables_of_the_code(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'm.db'}")
    migrate.upgrade(db.engine)
    assert migrate.differences(db.engine) == []
    migrate.downgrade(db.engine)
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    migrate.upgrade(db.engine)
    migrate.upgrade(db.engine)
    assert migrate.differences(db.engine) == []
    db.close()


def test_constraints_have_names_so_that_later_migrations_can_reach_them(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'm.db'}")
    migrate.upgrade(db.engine)
    tables = inspect(db.engine)
    for table in set(tables.get_table_names()) - {"alembic_version"}:
        assert tables.get_pk_constraint(table)["name"] == f"pk__{table}"
        assert all(key["name"] for key in tables.get_foreign_keys(table))
    db.close()
