"""At 320 px, by keyboard and without JavaScript: a course of somebody's own table with a column
corrected, and people invited by a list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.courses.outlines import outline_of
from engine.storage.tables import Account, Course, Invitation
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import Live

PHONE = {"width": 320, "height": 640}
PLAN = (
    "Titre;Moment;Durée\n"
    "La halle : marché, subventions, budget;Semaine 2;1h30\n"
    "L’équipe et ses compétences;Semaine 5;2 h\n"
)
PEOPLE = "Nom;Prénom;Courriel;Groupe\nEXEMPLE;Anne;anne@example.org;Nord\nEssai;Cy;cy@;Sud\n"


@pytest.fixture(scope="module")
def dominique(there: Live) -> Account:
    return there.facilitator()


@pytest.fixture
def phone(window: Windows, dominique: Account) -> Page:
    page = window(dominique, viewport=PHONE, java_script_enabled=False)
    page.goto("/courses/")
    return page


def press(page: Page, name: str) -> None:
    """Goes to that control with the keyboard and presses it."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.locator(":focus").count() and page.locator(":focus").inner_text() == name:
            page.keyboard.press("Enter")
            return
    pytest.fail(f"the keyboard never came to « {name} »")


def well_made(window: Windows, who: Account, path: str) -> None:
    """Fits a phone, has targets for fingers, and nothing that axe finds, in light and dark."""
    page = window(who, viewport=PHONE)
    page.goto(path)
    assert page.evaluate(checks.WIDER_THAN_THE_WINDOW) == []
    assert page.evaluate(checks.SMALL_TARGETS) == []
    assert checks.faults_by_axe(page) == ""


def path_of(page: Page) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url)


def test_a_table_becomes_a_course_once_a_column_is_corrected(
    there: Live, window: Windows, phone: Page, dominique: Account, tmp_path: Path
) -> None:
    file = tmp_path / "plan.csv"
    file.write_text(PLAN, encoding="utf-8")
    press(phone, "Nouveau cours")
    phone.set_input_files("[name=file]", file)
    press(phone, "Voir comment il est lu")
    expect(phone.locator("main h1")).to_have_text("Ce qui a été lu")
    phone.select_option("[name=column-1]", "week")
    press(phone, "Lire à nouveau")
    expect(phone.locator("main tbody").last).to_contain_text("5")
    well_made(window, dominique, path_of(phone))
    well_made(window, dominique, "/courses/new")
    phone.fill("[name=title]", "Halles et équipes")
    press(phone, "Garder ce cours")
    expect(phone.locator("main h1")).to_have_text("Halles et équipes")
    made = next(row for row in there.rows(Course) if row.slug == "halles-et-equipes")
    assert [(s.week, s.minutes) for s in outline_of(made).sections] == [(2, 90), (5, 120)]


def test_people_are_invited_by_a_list(
    there: Live, window: Windows, phone: Page, dominique: Account, tmp_path: Path
) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    phone.goto("/courses/modeles-socio-economiques/invite")
    press(phone, "Inviter à partir d’une liste (tableur, Outlook)")
    well_made(window, dominique, path_of(phone))
    phone.set_input_files("[name=file]", file)
    press(phone, "Voir qui elle nomme")
    expect(phone.locator("main")).to_contain_text("Anne Exemple")
    expect(phone.locator("main")).to_contain_text("cy@")
    well_made(window, dominique, path_of(phone))
    press(phone, "Inviter cette personne")
    expect(phone.locator("main")).to_contain_text("Une invitation est en route")
    well_made(window, dominique, path_of(phone))
    assert ("Anne Exemple", "Nord") in {(r.name, r.cohort) for r in there.rows(Invitation)}
