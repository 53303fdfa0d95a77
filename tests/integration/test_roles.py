"""Roles: several at once, given and taken, and never the last administrator's."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from engine.courses import outlines
from engine.courses.members import enrol
from engine.people import accounts
from engine.people.roles import set_roles
from engine.storage.tables import Account
from engine.values.errors import Invalid, NotFound, Refused
from tests import builders
from tests.apps import house
from tests.builders import MONDAY, work

pytestmark = pytest.mark.both_databases


def test_somebody_may_have_several_roles_and_the_pages_of_each(tmp_path: Path) -> None:
    there = house(tmp_path)
    eva = there.account(email="eva@example.org", role="administrator")
    there.account(role="administrator")
    visitor = there.client()
    visitor.sign_in()
    assert visitor.get("/lms").status_code == 200
    with there.services.write("town") as unit:
        lea = unit.session.scalars(select(Account).where(Account.id != eva.id)).one()
        set_roles(unit, lea.id, ["facilitator", "learner"])
        unit.commit()
    page = visitor.get("/courses/").text
    assert "/courses/" in page and 'href="/path"' in page
    assert visitor.get("/lms").status_code == 404


def test_who_teaches_and_is_made_a_learner_of_a_course_has_both_roles(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with db.write("town") as unit:
        who = accounts.add_account(unit, "ada@example.org", "Ada", "facilitator", "fr", MONDAY)
        enrol(unit, outlines.import_outline(unit, builders.outline(), MONDAY), who, MONDAY)
        unit.commit()
    with db.read("town") as unit:
        assert unit.scalars(select(Account)).one().roles == {"facilitator", "learner"}


def test_an_organisation_keeps_an_administrator(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    with db.write("town") as unit:
        who = accounts.add_account(unit, "ada@example.org", "Ada", "administrator", "fr", MONDAY)
        with pytest.raises(Refused, match="last-administrator"):
            set_roles(work(unit), who.id, ["learner"])
        set_roles(work(unit), who.id, ["learner", "administrator"])
        assert who.roles == {"learner", "administrator"}


def test_roles_that_there_are_not_are_refused_and_so_are_people(tmp_path: Path) -> None:
    db = builders.database(tmp_path, "town", "village")
    with db.write("village") as unit:
        foreign = accounts.add_account(unit, "bo@example.org", "Bo", "learner", "fr", MONDAY)
        unit.commit()
    with db.write("town") as unit:
        who = accounts.add_account(unit, "ada@example.org", "Ada", "learner", "fr", MONDAY)
        for wrong in ([], ["owner"], ["learner", ""]):
            with pytest.raises(Invalid, match="roles-unknown"):
                set_roles(work(unit), who.id, wrong)
        with pytest.raises(NotFound, match="account-unknown"):
            set_roles(work(unit), foreign.id, ["learner"])
        assert who.roles == {"learner"}
