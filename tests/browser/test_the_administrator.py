"""An administrator's pages in a browser: narrow, wide, light and dark, without script, and the way
from an invitation to roles to the log."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.people.roles import set_roles
from engine.storage.tables import Account
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import Live

PHONE, DESK = {"width": 320, "height": 700}, {"width": 1280, "height": 900}
SHOTS = os.environ.get("ADMIN_SHOTS")
"""A folder for pictures of each page, for whoever wants to look at them."""
PAGES = (
    "/admin/people",
    "/admin/people/PERSON",
    "/admin/people/PERSON/erase",
    "/admin/people/PERSON/merge?other=OTHER",
    "/admin/organisation",
    "/admin/organisation/words/privacy",
    "/admin/organisation/words/legal",
    "/admin/organisation/words/accessibility",
    "/admin/packs",
    "/admin/deliveries",
    "/admin/log",
    "/admin/retention",
    "/lms",
    "/lms/by-hand",
    "/privacy",
    "/legal",
    "/accessibility",
)


@pytest.fixture(scope="module")
def people(there: Live) -> dict[str, Account]:
    """Who runs the organisation, in French and in English; a learner, and their other account."""
    made = {"fr": there.facilitator("Eva"), "en": there.facilitator("Ada", language="en")}
    with there.house.services.write(there.tenant) as work:
        for account in made.values():
            set_roles(work, account.id, ["administrator"])
        work.commit()
    return {**made, "PERSON": there.invite("Lea"), "OTHER": there.invite("Lea2")}


def address(page: str, people: dict[str, Account]) -> str:
    for name in ("PERSON", "OTHER"):
        page = page.replace(name, people[name].id)
    return page


def picture(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_fits_and_axe_finds_nothing(
    window: Windows, people: dict[str, Account], size: dict[str, int], language: str
) -> None:
    page = window(people[language], viewport=size)
    for at in PAGES:
        answer = page.goto(address(at, people))
        assert answer is not None and answer.status == 200, at
        picture(page, f"{language}-{size['width']}-{at.strip('/').split('?')[0].replace('/', '_')}")
        assert checks.too_wide(page) == [], at
        assert checks.small_targets(page) == [], at
        assert checks.faults_by_axe(page) == "", at


def test_somebody_is_invited_given_a_role_and_found_in_the_log(
    there: Live, window: Windows, people: dict[str, Account]
) -> None:
    page = window(people["fr"], viewport=PHONE, java_script_enabled=False)
    page.goto("/admin/people")
    page.get_by_label("Adresse électronique").fill("noe@example.org")
    page.get_by_label("Nom", exact=True).fill("Noé")
    page.get_by_label("facilitateur", exact=True).check()
    page.get_by_role("button", name="Inviter").click()
    expect(page.locator("main h1")).to_have_text("Noé")
    page.get_by_label("concepteur", exact=True).check()
    page.get_by_role("button", name="Garder ces rôles").click()
    expect(page.locator(".facts")).to_contain_text("facilitateur, concepteur")
    page.get_by_role("link", name="Journal").first.click()
    expect(page.locator("main tbody")).to_contain_text("a changé des rôles")
    expect(page.locator("main tbody")).to_contain_text("Noé")
    assert [one.to for one in there.house.outbox.messages] == ["noe@example.org"]
