"""A value chain on a phone: ticks, long lines of what was cut, tables that are scrolled; each page
holds to what every page does."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.packs.new import new_pack
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import main_button, tap

PHONE = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture(scope="module")
def way(there: Live) -> str:
    """Where the chain of the starter begins, in a section that had none."""
    course, section = there.placed(new_pack("chaines", "chain"), "le-fournil")
    return f"/courses/{course}/{section}/begin"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_on_a_phone_it_is_played_to_its_end(
    there: Live, window: Windows, way: str, language: str
) -> None:
    page = window(there.invite(f"Chain-{language}", language=language), locale=language, **PHONE)
    page.goto("/home")
    tap(page, page.locator(f'main form[action="{way}"] button'))
    page.goto(page.url.partition("#")[0])
    checks.sound(page)
    for one in ("bois", "levain", "feu", "puits"):
        page.locator(f'main [name=draw][value="{one}"]').check()
    tap(page, main_button(page))
    expect(page.locator("main [role=alert]")).to_be_visible()
    checks.sound(page)
    page.locator('main [name=draw][value="puits"]').uncheck()
    tap(page, main_button(page))
    page.goto(page.url.partition("#")[0])
    checks.sound(page)
    for one, what in (("bois", "keep"), ("levain", "keep"), ("feu", "count")):
        page.locator(f'main [name="price.{one}"][value="{what}"]').check()
    tap(page, main_button(page))
    expect(page.locator("main h1.done")).to_be_visible()
    page.goto(page.url.partition("#")[0])
    checks.sound(page)
