"""A title or a name is one line, whoever wrote it and wherever it is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from engine.courses import cohorts, outlines
from engine.curriculum.read import read_outline
from engine.people import accounts, invitations
from engine.storage import migrate
from engine.storage.tables import Account, Course, Tenant
from tests.apps import House, house
from tests.builders import MONDAY
from web import worker

pytestmark = pytest.mark.both_databases

SCAM = "Budget\n\nVotre compte expire\u2028: payez\u202e ici\x07"
YAML = '"{}"'.format(SCAM.encode("unicode_escape").decode())
LINE = "Budget Votre compte expire : payez ici"


@pytest.fixture
def home(tmp_path: Path) -> House:
    return house(tmp_path)


def invited(home: House, course: Course) -> str:
    """The text of the mail that invites somebody to the course."""
    with home.services.write("town") as work:
        invitations.invite(work, course, ["noe@example.org"])
        work.commit()
    worker.tick(home.services)
    mail = home.outbox.messages[-1]
    assert mail.subject.endswith(LINE)
    return mail.text


def test_a_title_with_line_breaks_adds_no_paragraph_to_an_invitation(home: House) -> None:
    table = f'# language: fr\ntitle,text\n"{SCAM}",x\n'
    written = f"id: budget\nlanguage: fr\ntitle: {YAML}\nsections: [{{title: {YAML}}}]\n"
    for data, name in ((table, "c.csv"), (written, "c.yaml")):
        outline = read_outline(data.encode(), name)
        assert outline.sections[0].title == LINE
    with home.services.db.write("town") as unit:
        course = outlines.import_outline(unit, outline, MONDAY)
        unit.commit()
    paragraphs = invited(home, course).split("\n\n")
    assert f"« {LINE} »" in paragraphs[0].replace("\u00a0", " ").replace("\u202f", " ")
    assert "\u202e" not in "".join(paragraphs)


def test_a_title_that_an_older_version_kept_is_one_line_once_it_is_brought_up_to_date(
    home: House,
) -> None:
    outline = read_outline(
        b"id: budget\nlanguage: fr\ntitle: x\nsections: [{title: y}]\n", "c.yaml"
    )
    with home.services.db.write("town") as unit:
        made = outlines.import_outline(unit, outline, MONDAY)
        first = made.outline["sections"][0] | {"title": SCAM}
        made.outline = made.outline | {"title": SCAM, "sections": [first]}
        unit.commit()
    engine = home.services.db.engine
    migrate.downgrade(engine, "20261129_2210")
    with engine.begin() as connection:
        connection.execute(text("UPDATE course SET title = :title"), {"title": SCAM})
    migrate.upgrade(engine)
    with home.services.db.read("town") as unit:
        course = outlines.course_by_slug(unit, "budget")
        kept = outlines.outline_of(course)
    assert course.title == kept.title == kept.sections[0].title == LINE
    assert LINE in invited(home, course)


def test_names_of_people_organisations_and_groups_are_one_line(home: House) -> None:
    services = home.services
    with services.db.shared(write=True) as unit:
        accounts.get_or_create_organisation(unit, "village", SCAM, MONDAY)
        unit.commit()
    with services.db.write("village") as unit:
        made = accounts.add_account(unit, "lea@example.org", SCAM, "learner", "fr", MONDAY)
        outline = read_outline(b"id: c\nlanguage: fr\ntitle: x\nsections: [{title: y}]\n", "c.yaml")
        course = outlines.import_outline(unit, outline, MONDAY)
        group = cohorts.make(unit, course, SCAM)
        unit.commit()
        unit.refresh(group)
        assert group.name == LINE
        assert unit.get_one(Account, ("village", made.id)).name == LINE
    with services.db.shared() as unit:
        assert unit.get_one(Tenant, "village").name == LINE
