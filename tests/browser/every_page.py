"""What every page is asked, in one language, light and dark, on a narrow phone: it stands in
nobody's way, and is light.

A test file a language takes these tests in and says ``LANGUAGE``, so that the two can run side by
side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.browser import checks
from tests.browser.checks import Traffic
from tests.browser.conftest import OPTIONS, PATIENCE
from tests.browser.gallery import STANDS, Gallery, fill
from tests.browser.live import Live, live

NARROW, PHONE = {"width": 320, "height": 640}, {"width": 390, "height": 800}
HEAVIEST_PAGE, HEAVIEST_QUESTION, MAX_REQUESTS = 150 * 1024, 14 * 1024, 5


@dataclass(frozen=True)
class Glass:
    """Through which all pages in one language are looked at."""

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


@pytest.fixture(scope="module")
def glass(request: pytest.FixtureRequest, browser: Browser, gallery: Gallery) -> Iterator[Glass]:
    language = request.module.LANGUAGE
    gallery.all_read(language)
    context = browser.new_context(
        **{**OPTIONS, "base_url": gallery.there.origin, "locale": language}
    )
    context.set_default_timeout(PATIENCE)
    context.add_init_script(AXE_SCRIPT)
    page = context.new_page()
    yield Glass(page, Traffic(page, gallery.there.origin), language)
    context.close()


@pytest.fixture(scope="module", params=STANDS)
def name(request: pytest.FixtureRequest, glass: Glass, gallery: Gallery) -> str:
    """The page that is behind the glass, opened once for everything that is asked of it."""
    glass.page.set_viewport_size(PHONE)
    glass.traffic.forget()
    gallery.show(STANDS[request.param], glass.page)
    return str(request.param)


def test_it_is_the_page_that_was_meant_in_the_language_of_its_reader(
    glass: Glass, name: str
) -> None:
    assert (glass.traffic.status, glass.page.locator("html").get_attribute("lang")) == (
        STANDS[name].status,
        glass.language,
    )


def test_axe_finds_nothing(glass: Glass, name: str) -> None:
    assert checks.faults_by_axe(glass.page) == ""


def test_it_is_light_asks_nothing_of_others_and_complains_of_nothing(
    glass: Glass, name: str
) -> None:
    traffic = glass.traffic
    assert (traffic.strangers, traffic.complaints) == ([], [])
    assert traffic.weight() <= HEAVIEST_PAGE
    if "question, " in name:
        assert len(traffic.requests) <= MAX_REQUESTS
        assert traffic.compressed("document", "stylesheet") <= HEAVIEST_QUESTION


def test_every_control_is_reached_by_keyboard_and_seen(glass: Glass, name: str) -> None:
    assert checks.out_of_reach(glass.page) == []


def test_a_narrow_phone_shows_it_whole(glass: Glass, name: str) -> None:
    glass.page.set_viewport_size(NARROW)
    glass.page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert checks.too_wide(glass.page) == []
    assert checks.small_targets(glass.page) == []
    assert checks.lines_of_nav(glass.page) <= 1
