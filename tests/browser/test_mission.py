"""A mission on a phone: chosen, gone to, told, waited for; and the page of whom one met. Each
holds to what every page does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.packs.read import read_folder
from engine.storage.tables import Course, Placement
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import main_button, tap
from tests.plays import PACKS

PHONE = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture(scope="module")
def begun(there: Live) -> str:
    """Where the mission begins, in a section that had none."""
    pack = there.house.services.library.install(
        read_folder(PACKS / "partenariats"), there.house.clock.now()
    )
    with there.house.services.db.write(there.tenant) as unit:
        course = unit.scalars(select(Course)).one()
        taken = set(unit.scalars(select(Placement.section)))
        free = next(one["id"] for one in course.outline["sections"] if one["id"] not in taken)
        unit.add(
            Placement(
                course=course.id,
                section=free,
                pack="partenariats",
                version=pack.version,
                module="cinq-minutes-pour-raconter",
                minutes=11,
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


def test_a_mission_is_lived_on_a_phone_and_answered_by_whom_one_met(
    there: Live, begun: str, window: Windows
) -> None:
    page = window(there.invite("Ada"), **PHONE)
    page.goto("/home")
    tap(page, page.locator(f"form[action='{begun}'] button"))
    sound(page)
    page.get_by_label("Quelqu’un qui signe").check()
    day = there.house.clock.now().date() + timedelta(days=3)
    page.locator("main [name=day]").fill(day.isoformat())
    tap(page, main_button(page))
    expect(page.locator("main")).to_contain_text("Votre jour")
    sound(page)
    link = page.locator("#guest").input_value()
    page.goto("/home")
    expect(page.locator("main")).to_contain_text("Votre mission, le")
    sound(page)

    guest = window(**PHONE)
    guest.goto(link)
    sound(guest)
    guest.locator("main [name=met]").fill("Par la bouilloire.")
    tap(guest, main_button(guest))
    expect(guest.locator("h1")).to_have_text("Merci")
    sound(guest)

    page.go_back()
    tap(page, page.get_by_role("button", name="C’est fait"))
    for name, value in (("phrase", "Il pleuvait."), ("avec", "1"), ("pari", "La clef.")):
        page.locator(f"main [name={name}]").fill(value)
        tap(page, main_button(page))
    expect(page.locator("main")).to_contain_text("Revenez à partir du")
    sound(page)
