"""A map on a phone: its list by keyboard, its plane by touch, and both say the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from engine.packs.new import new_pack
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import main_button, tap

PHONE = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture(scope="module")
def way(there: Live) -> str:
    """Where the experience begins, in a section that had none."""
    course, section = there.placed(new_pack("cartes", "map"), "le-four")
    return f"/courses/{course}/{section}/begin"


def dot(page: Page, name: str) -> tuple[float, float]:
    """Where the dot of somebody is in the window."""
    box = page.locator("svg.map .dot", has=page.locator("title", has_text=name)).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_list_moves_the_plane_and_the_plane_fills_the_list(
    there: Live, window: Windows, way: str
) -> None:
    page = window(there.invite("Carte"), **PHONE)
    page.goto("/home")
    tap(page, page.locator(f"main form[action='{way}'] button"))
    expect(page.locator("svg.map")).to_be_visible()
    checks.sound(page)
    numbers = page.locator("main .places input")
    numbers.first.focus()
    for n in range(12):  # all but whom one may add
        page.keyboard.type("8" if n % 2 else str(n // 2))
        page.keyboard.press("Tab")
    low = dot(page, "le maire")
    numbers.first.focus()
    page.keyboard.press("ArrowUp")
    expect(numbers.first).to_have_value("1")
    assert dot(page, "le maire")[0] > low[0]

    page.locator("svg.map").scroll_into_view_if_needed()
    page.mouse.move(*dot(page, "Paul"))
    page.mouse.down()
    page.mouse.move(300, dot(page, "Paul")[1], steps=4)
    page.mouse.up()
    paul = page.locator("main .places tr", has_text="Paul").locator("input")
    expect(paul.first).to_have_value("10")
    expect(paul.last).to_have_value("8")
    page.mouse.click(*dot(page, "Fernand"))  # one tap to take, another to put
    page.mouse.click(dot(page, "Paul")[0], dot(page, "Paul")[1] + 120)
    fernand = page.locator("main .places tr", has_text="Fernand").locator("input")
    expect(fernand.first).to_have_value("10")
    expect(fernand.last).not_to_have_value("8")
    tap(page, main_button(page))

    expect(page.locator("main .choice").first).to_be_visible()
    checks.sound(page)
    tap(page, page.locator("main .choice").first)
    expect(page.locator("svg.map")).to_be_visible()
    checks.sound(page)


def test_without_a_script_the_list_is_the_form(there: Live, window: Windows, way: str) -> None:
    page = window(there.invite("Sans"), **PHONE, java_script_enabled=False)
    page.goto("/home")
    page.locator(f"main form[action='{way}'] button").click()
    for n, number in enumerate(page.locator("main .places input[required]").all()):
        number.fill(str(n % 7))
    main_button(page).click()
    expect(page.locator("main .choice").first).to_be_visible()
