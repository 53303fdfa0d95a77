"""A course's figures and its people, as a facilitator sees them on a phone, by keyboard, in both
languages, light and dark, and on paper; they move when a learner lives an experience."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from engine.courses import cohorts
from engine.people import invitations
from engine.storage.tables import Account, Cohort, Course
from tests.browser.checks import faults_by_axe, out_of_reach, small_targets, too_wide
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import begin, live_through
from tests.builders import work

COURSE = "/courses/modeles-socio-economiques"
PHONE = {"width": 320, "height": 640}
PAPER = {"width": 680, "height": 900}
"""An A4 page within its margins."""
PAGES = (
    "desk",
    "people",
    "cohorts",
    "tables",
    "invite",
    "invitations",
    "invitations/list",
    "announcements",
    "words",
    "life",
)
WIDE = "Bretagne, printemps 2027, agents des communes de moins de 3 500 habitants"
"""As long as cohorts are called where there are many of them."""


@pytest.fixture(scope="module")
def facilitators(there: Live) -> dict[str, Account]:
    made = {"fr": there.facilitator(), "en": there.facilitator("Alex", "en")}
    for name in ("Anne", "Bruno"):
        there.invite(name, joined=name == "Anne")
    with there.house.services.db.write(there.tenant) as unit:
        course = unit.query(Course).one()
        invitations.invite(work(unit, now=there.house.clock.now()), course, ["noe@example.org"])
        for called in ("Bretagne", WIDE):
            cohorts.create(unit, course, called)
        unit.commit()
    return made


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_course_fits_a_phone_is_reached_by_keyboard_and_read_by_everybody(
    name: str, language: str, window: Windows, facilitators: dict[str, Account]
) -> None:
    page = window(facilitators[language], viewport=PHONE, locale=language)
    page.goto(f"{COURSE}/{name}")
    assert page.locator("html").get_attribute("lang") == language
    assert too_wide(page) == [] and small_targets(page) == []
    assert out_of_reach(page) == []
    assert faults_by_axe(page) == ""


def reached(page: Page) -> list[int]:
    """The numbers of people in the table under the picture, from invited to complete."""
    page.goto(f"{COURSE}/desk")
    cells = page.locator("main figure").first.locator("tbody tr td:nth-child(2)")
    return [int(text) for text in cells.all_inner_texts()]


def test_the_figures_move_when_a_learner_lives_an_experience(
    there: Live, window: Windows, facilitators: dict[str, Account]
) -> None:
    desk = window(facilitators["fr"], java_script_enabled=False)
    before = reached(desk)
    learner = window(there.invite("Camille"), java_script_enabled=False)
    invited = reached(desk)
    assert invited == [before[0] + 1, before[1] + 1, *before[2:]]
    begin(learner)
    assert reached(desk)[2] == before[2] + 1
    live_through(learner)
    finished = reached(desk)
    assert finished == [invited[0], invited[1], before[2] + 1, before[3] + 1, before[4]]
    rows = desk.get_by_role("table", name="Par section").locator("tbody tr")
    counts = [[int(n) for n in row.locator(".number").all_inner_texts()] for row in rows.all()]
    assert sum(count[1] for count in counts) == finished[3]
    heights = desk.locator("main figure svg").first.locator("rect.bar")
    expect(heights).to_have_count(sum(n > 0 for n in finished))


def test_somebody_is_found_ticked_and_moved_to_a_cohort_by_keyboard_alone(
    there: Live, window: Windows, facilitators: dict[str, Account]
) -> None:
    page = window(facilitators["fr"], viewport=PHONE, java_script_enabled=False)
    page.goto(f"{COURSE}/people")
    page.locator("#q").focus()
    page.keyboard.type("ANN")
    page.keyboard.press("Enter")
    expect(page.locator("main tbody th")).to_have_count(1)
    page.locator("[name=who]").focus()
    page.keyboard.press("Space")
    page.locator("#into").select_option(label="Bretagne")
    page.get_by_role("button", name="Mettre dans la promotion").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Bretagne")
    expect(page.locator("main tbody td", has_text="Bretagne")).to_have_count(1)
    assert {one.name for one in there.rows(Cohort)} == {"Bretagne", WIDE}


def test_who_is_taken_out_is_named_first(
    there: Live, window: Windows, facilitators: dict[str, Account]
) -> None:
    there.invite("Fleur")
    page = window(facilitators["fr"], java_script_enabled=False)
    page.goto(f"{COURSE}/people?q=fleur")
    page.locator("[name=who]").check()
    page.get_by_role("button", name="Sortir du cours…").click()
    expect(page.locator("main")).to_contain_text("Fleur")
    page.get_by_role("button", name="Sortir du cours").click()
    expect(page.get_by_role("status")).to_contain_text("sortie du cours")
    page.goto(f"{COURSE}/people?q=fleur")
    expect(page.locator("main tbody th")).to_have_count(0)


@pytest.mark.parametrize("name", ["desk", "people"])
def test_on_paper_tables_are_tables(
    name: str, window: Windows, facilitators: dict[str, Account]
) -> None:
    page = window(facilitators["fr"], viewport=PAPER)
    page.goto(f"{COURSE}/{name}")
    shown = "e => getComputedStyle(e).display"
    table = page.locator("main table.cards").first
    assert table.evaluate(shown) == "block", "on a screen as narrow as that, rows are cards"
    page.emulate_media(media="print")
    assert table.evaluate(shown) == "table"
    assert table.locator("tbody tr").first.evaluate(shown) == "table-row"
    assert table.locator("thead th").first.is_visible()
    for hidden in ("main form.finding", "main .deeds", "main nav"):
        for piece in page.locator(hidden).all():
            assert not piece.is_visible(), hidden
    assert too_wide(page) == []
    assert re.match(rb"%PDF", page.pdf(format="A4"))
