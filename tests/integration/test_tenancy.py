"""Organisations never see each other's rows: sessions fail closed, whatever a use case forgets."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, text, update

from engine.storage.database import Database, TenantLeak
from engine.storage.tables import Account, Base, Course, PackVersion, Tenant, TenantRow
from engine.values.errors import Bug, RelectureError
from tests import builders
from tests.builders import MONDAY

pytestmark = pytest.mark.both_databases


@pytest.fixture
def db(tmp_path: Path) -> Database:
    made = builders.database(tmp_path, "north", "south")
    for tenant in ("north", "south"):
        with made.write(tenant) as unit:
            unit.add(Account(email="same@example.org", created_at=MONDAY))
            unit.commit()
    return made


def test_a_session_sees_its_own_rows_alone(db: Database) -> None:
    with db.read("north") as unit:
        assert [a.tenant for a in unit.scalars(select(Account))] == ["north"]
        assert unit.scalar(select(func.count()).select_from(Account)) == 1


def test_a_row_of_another_organisation_is_not_found_by_its_own_key(db: Database) -> None:
    with db.read("south") as unit:
        foreign = unit.scalars(select(Account)).one()
    with db.read("north") as unit:
        assert unit.get(Account, (foreign.tenant, foreign.id)) is None


def test_updates_and_deletes_reach_own_rows_alone(db: Database) -> None:
    with db.write("north") as unit:
        unit.execute(update(Account).values(name="changed"))
        unit.commit()
    with db.write("north") as unit:
        unit.execute(delete(Account))
        unit.commit()
    with db.read("south") as unit:
        assert [a.name for a in unit.scalars(select(Account))] == [""]


def test_a_row_for_another_organisation_is_never_written(db: Database) -> None:
    with db.write("north") as unit:
        unit.add(Account(tenant="south", created_at=MONDAY))
        with pytest.raises(TenantLeak, match="foreign-row"):
            unit.commit()


@pytest.mark.parametrize(
    "statement",
    [
        text("SELECT * FROM account"),
        select(Account.__table__),
        insert(Account.__table__).values(tenant="south"),
    ],
)
def test_statements_that_bypass_the_filter_are_refused(db: Database, statement) -> None:
    with db.write("north") as unit, pytest.raises(TenantLeak):
        unit.execute(statement)


def test_bulk_inserts_that_bypass_the_guard_are_refused(db: Database) -> None:
    with db.write("north") as unit, pytest.raises(TenantLeak):
        unit.execute(insert(Account), [{"tenant": "south", "id": "x", "created_at": MONDAY}])


def test_a_leak_is_a_bug_and_not_one_of_the_refusals_that_pages_say_politely() -> None:
    assert issubclass(TenantLeak, Bug) and not issubclass(TenantLeak, RelectureError)


def test_a_session_without_a_tenant_reads_global_tables_alone(db: Database) -> None:
    with db.shared() as unit:
        assert unit.scalars(select(PackVersion)).all() == []
        assert len(unit.scalars(select(Tenant)).all()) == 2
        with pytest.raises(TenantLeak, match="no-tenant"):
            unit.scalars(select(Course)).all()


def test_only_a_named_door_looks_across(db: Database) -> None:
    with db.across("sign-in") as unit:
        assert {a.tenant for a in unit.scalars(select(Account))} == {"north", "south"}


def test_leaving_without_commit_changes_nothing(db: Database) -> None:
    with db.write("north") as unit:
        unit.scalars(select(Account)).one().name = "forgotten"
        unit.flush()
    with db.read("north") as unit:
        assert unit.scalars(select(Account)).one().name == ""


def test_every_row_of_an_organisation_leads_its_key_with_the_tenant() -> None:
    owned = [m.class_ for m in Base.registry.mappers if issubclass(m.class_, TenantRow)]
    assert len(owned) >= 12
    for table in owned:
        assert next(iter(table.__table__.primary_key.columns)).name == "tenant", table
        for key in table.__table__.foreign_key_constraints:
            target = key.referred_table
            if "tenant" in target.primary_key.columns:
                assert "tenant" in key.column_keys, (table, key)
