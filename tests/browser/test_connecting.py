"""An administrator connects an LMS in a real browser: the link pasted there, read and confirmed
in its frame, checked here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from engine.people import accounts
from engine.storage.tables import Account
from lti.campus.campus import Campus
from lti.platforms import health
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import TENANT, Live, live
from tests.integration.lti.platforms import served

DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def campus() -> Iterator[Campus]:
    """A platform on ``localhost``: to a browser, another site than ours on 127.0.0.1."""
    with served(3) as made:
        made.base = made.base.replace("127.0.0.1", "localhost")
        yield made


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("connecting"), lti_allow_nets="127.0.0.0/8, ::1") as made:
        yield made


def administrator(there: Live, name: str, language: str = "fr") -> Account:
    services = there.house.services
    with services.db.write(TENANT) as unit:
        account = accounts.add_account(
            unit, f"{name}@example.org", name, "administrator", language, services.clock.now()
        )
        unit.commit()
    return account


def holds(page: Page) -> None:
    """What every page must hold to, once it is there."""
    page.wait_for_load_state()
    assert checks.faults_by_axe(page) == ""
    assert checks.too_wide(page) == [] and checks.small_targets(page) == []


def test_a_platform_is_connected_from_its_own_page_which_then_closes(
    there: Live, campus: Campus, window: Windows
) -> None:
    mine = window(administrator(there, "ada"), viewport=DESKTOP)
    mine.goto("/lms")
    mine.get_by_role("button", name="Nouvelle connexion").click()
    link = mine.locator("#link").input_value()
    theirs = window(viewport=DESKTOP)
    theirs.goto(campus.base)
    theirs.locator("input[name=link]").fill(link)
    theirs.locator("form[action='/tools'] button").click()
    frame = theirs.frame_locator("#tool")
    frame.get_by_role("button", name="Connecter").click()
    theirs.wait_for_url(f"{campus.base}/")
    with there.house.services.db.read(TENANT) as unit:
        [one] = health.connections(unit)
    assert one.registration.issuer == campus.base and one.registration.client_id in campus.clients
    mine.goto(f"/lms/{one.registration.id}")
    mine.get_by_role("button", name="Vérifier maintenant").click()
    expect(mine.get_by_text("Demandé, et reçu.")).to_be_visible()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_about_connections_hold_to_what_every_page_does(
    there: Live, window: Windows, language: str
) -> None:
    page = window(administrator(there, f"bo-{language}", language), locale=language)
    page.goto("/lms/by-hand")
    holds(page)
    assert checks.out_of_reach(page) == []
    for name in ("issuer", "login_url", "token_url", "keys_url"):
        page.locator(f"#{name}").fill(
            "https://school.example.org/"
            if name == "issuer"
            else f"https://school.example.org/{name}"
        )
    page.locator("#client_id").fill(f"client-{language}")
    page.locator("#deployment").fill("1")
    with page.expect_navigation():
        page.locator("main form .button:not(.quiet)").click()
    holds(page)
    one = page.url
    for path in (one, f"{one}/edit", f"{one}/erase", f"{one}/delete", "/lms"):
        page.goto(path)
        page.evaluate(
            "() => document.querySelectorAll('details').forEach(each => { each.open = true; })"
        )
        holds(page)
    page.locator("main form .button").click()
    expect(page.locator("#link")).to_be_visible()
    holds(page)
    page.goto(page.locator("#link").input_value())
    holds(page)
