"""Whatever somebody hands in, on the page or on the command line: told as what it is in their
language, or read; never an error of ours, and nothing half kept."""

from __future__ import annotations

import io
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.courses import members, outlines
from engine.storage.tables import Course, Invitation, Upload
from tests import builders
from tests.apps import House, Visitor, house
from tests.builders import MONDAY
from tests.integration.commands import create_admin, run
from tests.unit.curriculum import backups
from tests.unit.sheets import files
from tests.unit.sheets.refused import REFUSED

PLAN: files.Grid = [["Semaine", "Titre"], [1, "Semer"], [2, "Arroser"]]
TEXT = "Semaine;Titre\n1;Semer\n2;Arroser\n"


def with_formulas() -> bytes:
    """A workbook whose titles and weeks are formulas that nobody calculated yet."""
    return files.xlsx([["Semaine", "Titre"], ["=1+0", "Semer"], ["=A2+1", "Arroser"]])


READ = {
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "500 columns": (";".join(["Semaine", "Titre", *["x"] * 500]) + "\n1;Semer\n2;Arroser").encode(),
    "formulas": with_formulas(),
    "days as numbers": files.xlsx([["Date", "Titre"], [46398, "Semer"], [46405, "Arroser"]]),
    "merged cells": files.xlsx(
        [["Plan", None], ["Semaine", "Titre"], [1, "Semer"], [None, "Arroser"]], merged="A3:A4"
    ),
    "a formula that a mail program would run": (
        b"Semaine;Titre\n1;Semer\n2;Arroser\n3;=cmd|' /C calc'!A0\n"
    ),
    "a SCORM package": files.zipped(
        {
            "imsmanifest.xml": (
                "<manifest><!-- adlcp --><organizations><organization><title>Jardin</title>"
                "<item><title>Semer</title></item><item><title>Arroser</title></item>"
                "</organization></organizations></manifest>"
            )
        }
    ),
    "a backup": files.zipped(backups.moodle([backups.Part("Semer"), backups.Part("Arroser")])),
}
NAMES = ("plan.csv", "../../etc/passwd", "C:\\plan.csv", "a" * 300, "plan\n.csv", "<b>.yaml", ".")


EMPTY = {1: "Choose a file, or paste a text.", 2: "Choisissez un fichier, ou collez un texte."}
"""What the page says of a file with nothing in it, in English (1) and in French (2)."""
NAMED = ("lea", "ann")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = house(tmp_path_factory.mktemp("town"), "town")
    lea, ann = (made.account(email=f"{one}@example.org", role="facilitator") for one in NAMED)
    with made.services.db.write("town") as unit:
        unit.merge(ann).language = "en"
        for who, slug in ((lea, "course"), (ann, "other")):
            made_ = outlines.import_outline(unit, builders.outline(slug), MONDAY)
            members.enrol(unit, made_, who, MONDAY, "facilitator")
        unit.commit()
    return made


def visitors(town: House) -> tuple[tuple[Visitor, int, str], ...]:
    """Who reads French and who reads English: their browser, the column of ``REFUSED`` that they
    read, and their course."""
    lea, ann = town.client(), town.client()
    lea.sign_in("lea@example.org")
    ann.sign_in("ann@example.org")
    return (lea, 2, "course"), (ann, 1, "other")


def handed_in(visitor: Visitor, where: str, data: bytes, name: str = "fichier") -> TestResponse:
    visitor.get(where)
    return visitor.post(where, {"file": (io.BytesIO(data), name)})


def kept(town: House) -> tuple[int, int, int]:
    """How many courses, uploads and invitations there are."""
    with town.services.read("town") as work:
        tables = (Course.id, Upload.id, Invitation.email)
        courses, uploads, invited = (len(work.session.scalars(select(t)).all()) for t in tables)
    return courses, uploads, invited


@pytest.mark.parametrize("what", REFUSED)
def test_the_page_says_what_a_file_is_and_keeps_nothing(town: House, what: str) -> None:
    before = kept(town)
    for visitor, language, course in visitors(town):
        answer = handed_in(visitor, "/courses/new", REFUSED[what][0])
        if answer.status_code == 303:  # a table, of which the page shows how it was read
            page = visitor.get(answer.location)
            assert page.status_code == 200
            visitor.post(answer.location, {"do": "keep"})
            visitor.get(answer.location)
            assert visitor.post(answer.location, {"do": "drop"}).status_code == 303
        else:
            assert answer.status_code == 422
            page = answer
        wanted = EMPTY if what in ("nothing", "blank lines") else REFUSED[what]
        assert str(wanted[language]) in unescape(page.text)
        listed = handed_in(visitor, f"/courses/{course}/invitations/list", REFUSED[what][0])
        if listed.status_code == 303:
            assert visitor.get(listed.location).status_code == 200
            visitor.post(listed.location, {"do": "drop"})
        else:
            assert listed.status_code == 422 and '-fault"' in listed.text
    assert kept(town) == before


@pytest.mark.parametrize("what", READ)
def test_the_page_reads_what_is_odd_and_says_what_it_left_out(town: House, what: str) -> None:
    before = kept(town)
    [(visitor, _, _), _] = visitors(town)
    answer = handed_in(visitor, "/courses/new", READ[what])
    assert answer.status_code == 303, answer.text
    page = visitor.get(answer.location)
    assert page.status_code == 200 and "Semer" in page.text and "Arroser" in page.text
    assert visitor.post(answer.location, {"do": "drop"}).status_code == 303
    assert kept(town) == before


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_file_is_but_a_name(town: House, name: str) -> None:
    [(visitor, _, _), _] = visitors(town)
    answer = handed_in(visitor, "/courses/new", TEXT.encode(), name)
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        page = visitor.get(answer.location)
        assert page.status_code == 200 and "<b>" not in page.text and "etc/passwd" not in page.text
        visitor.post(answer.location, {"do": "drop"})


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELECTURE_SECRET_KEY", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
    monkeypatch.setenv("RELECTURE_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
    assert create_admin("town", "Ada", "ada@example.org").exit_code == 0
    Path("c.yaml").write_text("title: Course\nlanguage: fr\nsections:\n- title: A\n", "utf-8")
    assert run("course", "import", "c.yaml").exit_code == 0


@pytest.mark.usefixtures("installation")
def test_commands_say_what_a_file_is_and_import_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for locale, language in (("C", 1), ("fr_FR.UTF-8", 2)):
        monkeypatch.setenv("LC_ALL", locale)
        for what, case in REFUSED.items():
            Path("fichier").write_bytes(case[0])
            refused = run("course", "import", "fichier", "--title", "Z")
            assert refused.exit_code in (1, 2), what
            assert str(case[language]) in refused.stderr or refused.exit_code == 2, what
            invited = run("course", "invite", "course", "--list", "fichier")
            assert invited.exit_code in (1, 2) and invited.stderr, what
            assert not invited.stdout and not isinstance(invited.exception, ValueError), what
    assert run("course", "slot", "z").exit_code != 0


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize("what", READ)
def test_commands_read_what_is_odd(what: str) -> None:
    Path("fichier").write_bytes(READ[what])
    shown = run("course", "import", "fichier", "--check")
    assert shown.exit_code == 0 and "Semer" in shown.stdout and "Arroser" in shown.stdout
