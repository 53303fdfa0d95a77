"""What pages ask of the database does not grow with what their reader has lived."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.courses import members
from engine.journey.joining import learner_of
from engine.journey.touches import open_touch, planned_one
from engine.packs.new import new_pack
from engine.storage.tables import Account, Placement
from tests import builders
from tests.apps import PASSWORD_HASH, House, Visitor, house
from tests.builders import MODULE, MONDAY, World

MANY = 4

pytestmark = pytest.mark.both_databases


def lives(made: House, n: int) -> None:
    """One more course with an experience of a pack of its own, lived to its end."""
    services, pack = made.services, f"pack-{n}"
    services.library.install(new_pack(pack), MONDAY)
    with services.write("town") as work:
        unit = work.session
        course = builders.outlines.import_outline(unit, builders.outline(f"course-{n}"), MONDAY)
        placement = Placement(course=course.id, section="s1", pack=pack, version="0.1.0")
        placement.module, placement.minutes, placement.fit = MODULE, 6, 0.8
        unit.add(placement)
        unit.flush()
        account = builders.accounts.account_by_email(unit, "lea@example.org")
        if account is None:
            who = builders.learner(unit, services.library, course)
            who.account.password_hash = PASSWORD_HASH
        else:
            members.enrol(unit, course, account, MONDAY)
            who = learner_of(unit, account.id)
        builders.lived(unit, World(services.db, services.library), who, course)
        unit.commit()


def asked(made: House, visitor: Visitor, page: str) -> int:
    """How many statements that page takes, once everything that is kept in memory is there."""
    visitor.get(page)
    with builders.queries(made.services.db) as seen:
        assert visitor.get(page).status_code == 200
    return len(seen)


def lived(visitor: Visitor, page: str) -> set[str]:
    """The experiences that a page leads to."""
    return set(re.findall(r'href="/experience/(\w{32})"', visitor.get(page).text))


def opened(made: House) -> int:
    """The planned touch is opened; its number."""
    with made.services.write("town") as work:
        account = builders.accounts.account_by_email(work.session, "lea@example.org")
        assert isinstance(account, Account)
        who, touch = learner_of(work.session, account.id), planned_one(work.session, account.id)
        assert touch is not None
        open_touch(work, who, touch)
        work.commit()
        return touch.number


def test_pages_take_as_many_statements_for_many_experiences_as_for_one(tmp_path: Path) -> None:
    made = house(tmp_path)
    lives(made, 1)
    visitor = made.client()
    visitor.sign_in()
    pages = ("/home", "/path", "/inbox", "/settings")
    few = {page: asked(made, visitor, page) for page in pages}
    for n in range(2, MANY + 1):
        lives(made, n)
    assert len(lived(visitor, "/home")) == MANY
    assert {page: asked(made, visitor, page) for page in pages} == few


def test_a_question_takes_as_many_statements_whatever_else_was_lived(tmp_path: Path) -> None:
    few, many = tmp_path / "few", tmp_path / "many"
    counts = []
    for folder, experiences in ((few, 1), (many, MANY)):
        folder.mkdir()
        made = house(folder)
        for n in range(1, experiences + 1):
            lives(made, n)
        visitor = made.client()
        visitor.sign_in()
        counts.append(asked(made, visitor, f"/touch/{opened(made)}"))
    assert counts[0] == counts[1]
