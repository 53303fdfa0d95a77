"""Every page, in both languages, light and dark, on a narrow phone: nothing stands in anybody's way, and nothing is heavy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import checks
from tests.browser.checks import Traffic
from tests.browser.conftest import OPTIONS, PATIENCE
from tests.browser.gallery import STANDS, Gallery, fill
from tests.browser.live import Live, live

NARROW, PHONE = {"width": 320, "height": 640}, {"width": 390, "height": 800}
HEAVIEST_PAGE, HEAVIEST_QUESTION, MOST_REQUESTS = 150 * 1024, 14 * 1024, 5


@dataclass(frozen=True)
class Shown:
    """A page that is being looked at."""

    name: str
    page: Page
    traffic: Traffic
    language: str


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("gallery"), "valley") as made:
        yield made


@pytest.fixture(scope="module")
def gallery(there: Live) -> Gallery:
    return fill(there)


@pytest.fixture(scope="module", params=["fr", "en"])
def glass(request: pytest.FixtureRequest, browser: Browser, gallery: Gallery) -> Iterator[tuple[BrowserContext, str]]:
    """Through which all pages in one language are looked at."""
    gallery.all_read(request.param)
    context = browser.new_context(**{**OPTIONS, "base_url": gallery.there.origin, "locale": request.param})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(AXE_SCRIPT)
    yield context, request.param
    context.close()


@pytest.fixture(scope="module", params=STANDS)
def shown(request: pytest.FixtureRequest, glass: tuple[BrowserContext, str], gallery: Gallery) -> Iterator[Shown]:
    """A page, opened once for everything that is asked of it."""
    context, language = glass
    page = context.new_page()
    traffic = Traffic(page, gallery.there.origin)
    gallery.show(STANDS[request.param], page)
    yield Shown(request.param, page, traffic, language)
    page.close()


in_one_language = pytest.mark.parametrize("glass", ["fr"], indirect=True)
"""For what no language changes."""


def test_it_is_the_page_that_was_meant_in_the_language_of_its_reader(shown: Shown) -> None:
    assert (shown.traffic.status, shown.page.locator("html").get_attribute("lang")) == (STANDS[shown.name].status, shown.language)


def test_axe_finds_nothing(shown: Shown) -> None:
    assert checks.faults_by_axe(shown.page) == ""


@in_one_language
def test_it_is_light_asks_nothing_of_others_and_complains_of_nothing(shown: Shown) -> None:
    assert (shown.traffic.strangers, shown.traffic.complaints) == ([], [])
    assert shown.traffic.weight() <= HEAVIEST_PAGE
    if "question, " in shown.name:
        assert len(shown.traffic.requests) <= MOST_REQUESTS
        assert shown.traffic.compressed("document", "stylesheet") <= HEAVIEST_QUESTION


@in_one_language
def test_every_control_is_reached_by_keyboard_and_seen(shown: Shown) -> None:
    shown.page.set_viewport_size(PHONE)
    assert checks.out_of_reach(shown.page) == []


def test_a_narrow_phone_shows_it_whole(shown: Shown) -> None:
    shown.page.set_viewport_size(NARROW)
    shown.page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert checks.too_wide(shown.page) == []
    assert checks.small_targets(shown.page) == []
