"""A map on a phone: its list by keyboard, its plane by touch, and both say the same."""

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
    """Where the experience begins, in a section that had none."""
    there.house.services.library.install(new_pack("cartes", "map"), there.house.clock.now())
    with there.house.services.db.write(there.tenant) as unit:
        course = unit.scalars(select(Course)).one()
        taken = set(unit.scalars(select(Placement.section)))
        free = next(one["id"] for one in course.outline["sections"] if one["id"] not in taken)
        unit.add(
            Placement(
                course=course.id,
                section=free,
                pack="cartes",
                version="0.1.0",
                module="le-four",
                minutes=5,
                fit=0.8,
                reasons=[],
            )
        )
        unit.commit()
        return f"/courses/{course.id}/{free}/begin"


def sound(page: Page) -> None:
    assert checks.too_wide(page) == [] and checks.small_targets(page) == []
    assert checks.out_of_reach(page) == []
    assert checks.faults_by_axe(page) == ""


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
    sound(page)
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
    sound(page)
    tap(page, page.locator("main .choice").first)
    expect(page.locator("svg.map")).to_be_visible()
    sound(page)


def test_without_a_script_the_list_is_the_form(there: Live, window: Windows, way: str) -> None:
    page = window(there.invite("Sans"), **PHONE, java_script_enabled=False)
    page.goto("/home")
    page.locator(f"main form[action='{way}'] button").click()
    for n, number in enumerate(page.locator("main .places input[required]").all()):
        number.fill(str(n % 7))
    main_button(page).click()
    expect(page.locator("main .choice").first).to_be_visible()
