"""Two learners at one table, each in their own window, on phones: what one does moves the page of
the other; and the pages of a table hold to what every page does."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from engine.packs.new import new_pack
from engine.storage.tables import Account
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import main_button, tap

PHONE = {"viewport": {"width": 320, "height": 640}}
TITLE = {"fr": "La salle du bas", "en": "The downstairs hall"}


@pytest.fixture(scope="module")
def way(there: Live) -> str:
    """Where the experience for four begins, in a section that had none."""
    course, section = there.placed(new_pack("jeux", "public-goods"), "la-salle")
    return f"/courses/{course}/{section}/table"


def put(page: Page, amount: int) -> None:
    page.locator("main [name=put]").fill(str(amount))
    tap(page, main_button(page))


def sit(page: Page, way: str, where: str) -> None:
    page.goto(way)
    tap(page, page.locator(f"main form:has([value={where}]) button"))


def test_what_one_does_at_a_table_moves_the_page_of_the_other(
    there: Live, window: Windows, way: str
) -> None:
    ada, bea = window(there.invite("Ada"), **PHONE), window(there.invite("Bea"), **PHONE)
    sit(ada, way, "others")
    expect(ada.locator("main li", has_text="libre")).to_have_count(3)
    checks.sound(ada)
    sit(bea, way, "others")
    expect(ada.locator("main li", has_text="quelqu’un")).to_have_count(1)
    tap(bea, bea.get_by_role("button", name="Commencer avec celles et ceux qui sont là"))
    expect(ada.locator("main [name=put]")).to_be_visible()
    checks.sound(ada)
    for number in range(1, 5):
        ada.locator("main [name=put]").fill("3")
        put(bea, 4)
        expect(ada.locator("main [name=put]")).to_have_value("3")
        tap(ada, main_button(ada))
        for page in (ada, bea):
            expect(page.locator("main table tbody").first.locator("tr")).to_have_count(number)
    expect(bea.locator("main h1.done")).to_be_visible()
    bea.goto(bea.url.partition("#")[0])  # the focus starts at the top again
    checks.sound(bea)
    bea.locator("main [name=out]").fill("Ouf.")
    tap(bea, main_button(bea))
    expect(bea.locator("main [name=out]")).to_have_count(0)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_alone_and_without_scripts_it_is_played_to_its_end(
    there: Live, window: Windows, way: str, language: str
) -> None:
    account: Account = there.invite(f"Solo-{language}", language=language)
    page = window(account, java_script_enabled=False, locale=language, **PHONE)
    page.goto(way)
    expect(page.locator("main h1")).to_contain_text(TITLE[language])
    sit(page, way, "alone")
    for _round in range(4):
        put(page, 5)
    expect(page.locator("main h1.done")).to_be_visible()
    expect(page.locator("main table")).to_have_count(2)
