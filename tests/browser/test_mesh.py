"""A meshing table on a phone, by who plays alone: three levels a task, wide tables, hours that do
not suffice; each page holds to what every page does."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from engine.packs.new import new_pack
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import main_button, tap

PHONE = {"viewport": {"width": 320, "height": 640}}
YES = ("knows", "able", "wants")


@pytest.fixture(scope="module")
def way(there: Live) -> str:
    """Where the mesh of the starter begins, in a section that had none."""
    course, section = there.placed(new_pack("mailles", "mesh"), "le-vide-grenier")
    return f"/courses/{course}/{section}/table"


def pick(page: Page, name: str, value: str) -> None:
    page.locator(f'main [name="{name}"][value="{value}"]').check()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_on_a_phone_it_is_played_to_its_end(
    there: Live, window: Windows, way: str, language: str
) -> None:
    page = window(there.invite(f"Mesh-{language}", language=language), locale=language, **PHONE)
    page.goto(way)
    tap(page, page.locator("main form:has([value=alone]) button"))
    checks.sound(page)
    for task in ("tracts", "tables", "matin"):
        for question in YES:
            pick(page, f"lines.{task}.{question}", "2" if task == "tracts" else "0")
    tap(page, main_button(page))
    page.goto(page.url.partition("#")[0])
    checks.sound(page)
    tap(page, page.locator('main [name=give][value="-"]'))
    page.goto(page.url.partition("#")[0])
    checks.sound(page)
    pick(page, "mend.tables", "lise")
    pick(page, "mend.matin", "reveil")
    tap(page, main_button(page))
    expect(page.locator("main [role=alert]")).to_be_visible()
    checks.sound(page)
    pick(page, "mend.matin", "-")
    tap(page, main_button(page))
    expect(page.locator("main h1.done")).to_be_visible()
    page.goto(page.url.partition("#")[0])
    checks.sound(page)
