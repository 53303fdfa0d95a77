"""A value chain on a phone: ticks, long lines of what was cut, tables that are scrolled; each page
holds to what every page does."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.packs.new import new_pack
from engine.storage.tables import Course, Placement
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import main_button, tap

PHONE = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture(scope="module")
def way(there: Live) -> str:
    """Where the chain of the starter begins, in a section that had none."""
    there.house.services.library.install(new_pack("chaines", "chain"), there.house.clock.now())
    with there.house.services.db.write(there.tenant) as unit:
        course = unit.scalars(select(Course)).one()
        taken = set(unit.scalars(select(Placement.section)))
        free = next(one["id"] for one in course.outline["sections"] if one["id"] not in taken)
        placed = Placement(course=course.id, section=free, pack="chaines", version="0.1.0")
        placed.module, placed.minutes, placed.fit, placed.reasons = "le-fournil", 5, 0.8, []
        unit.add(placed)
        unit.commit()
        return f"/courses/{course.id}/{free}/begin"


def sound(page: Page) -> None:
    assert checks.too_wide(page) == [] and checks.small_targets(page) == []
    assert checks.out_of_reach(page) == []
    assert checks.faults_by_axe(page) == ""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_on_a_phone_it_is_played_to_its_end(
    there: Live, window: Windows, way: str, language: str
) -> None:
    page = window(there.invite(f"Chain-{language}", language=language), locale=language, **PHONE)
    page.goto("/home")
    tap(page, page.locator(f'main form[action="{way}"] button'))
    page.goto(page.url.partition("#")[0])
    sound(page)
    for one in ("bois", "levain", "feu", "puits"):
        page.locator(f'main [name=draw][value="{one}"]').check()
    tap(page, main_button(page))
    expect(page.locator("main [role=alert]")).to_be_visible()
    sound(page)
    page.locator('main [name=draw][value="puits"]').uncheck()
    tap(page, main_button(page))
    page.goto(page.url.partition("#")[0])
    sound(page)
    for one, what in (("bois", "keep"), ("levain", "keep"), ("feu", "count")):
        page.locator(f'main [name="price.{one}"][value="{what}"]').check()
    tap(page, main_button(page))
    expect(page.locator("main h1.done")).to_be_visible()
    page.goto(page.url.partition("#")[0])
    sound(page)
