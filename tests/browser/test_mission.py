"""A mission on a phone: chosen, gone to, told, waited for; and the page of whom one met. Each
holds to what every page does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from engine.packs.read import read_folder
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import main_button, tap
from tests.plays import PACKS

PHONE = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture(scope="module")
def begun(there: Live) -> str:
    """Where the mission begins, in a section that had none."""
    course, section = there.placed(
        read_folder(PACKS / "partenariats"), "cinq-minutes-pour-raconter"
    )
    return f"/courses/{course}/{section}/begin"


def test_a_mission_is_lived_on_a_phone_and_answered_by_whom_one_met(
    there: Live, begun: str, window: Windows
) -> None:
    page = window(there.invite("Ada"), **PHONE)
    page.goto("/home")
    tap(page, page.locator(f"form[action='{begun}'] button"))
    checks.sound(page)
    page.get_by_label("Quelqu’un qui signe").check()
    day = there.house.clock.now().date() + timedelta(days=3)
    page.locator("main [name=day]").fill(day.isoformat())
    tap(page, main_button(page))
    expect(page.locator("main")).to_contain_text("Votre jour")
    checks.sound(page)
    link = page.locator("#guest").input_value()
    page.goto("/home")
    expect(page.locator("main")).to_contain_text("Votre mission, le")
    checks.sound(page)

    guest = window(**PHONE)
    guest.goto(link)
    checks.sound(guest)
    guest.locator("main [name=met]").fill("Par la bouilloire.")
    tap(guest, main_button(guest))
    expect(guest.locator("h1")).to_have_text("Merci")
    checks.sound(guest)

    page.go_back()
    tap(page, page.get_by_role("button", name="C’est fait"))
    for name, value in (("phrase", "Il pleuvait."), ("avec", "1"), ("pari", "La clef.")):
        page.locator(f"main [name={name}]").fill(value)
        tap(page, main_button(page))
    expect(page.locator("main")).to_contain_text("Revenez à partir du")
    checks.sound(page)
