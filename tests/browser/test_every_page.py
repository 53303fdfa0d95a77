"""Every page, in both languages, light and dark, on a narrow phone: nothing stands in anybody's way, and nothing is heavy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import checks
from tests.browser.checks import Traffic
from tests.browser.conftest import Windows
from tests.browser.gallery import STANDS, Gallery, fill
from tests.browser.live import Live, live

NARROW = {"width": 320, "height": 640}
QUESTIONS = [name for name in STANDS if "question, " in name]
HEAVIEST_PAGE, HEAVIEST_QUESTION, MOST_REQUESTS = 150 * 1024, 14 * 1024, 5


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("gallery"), "valley") as made:
        yield made


@pytest.fixture(scope="module")
def gallery(there: Live) -> Gallery:
    return fill(there)


@pytest.fixture(scope="module", params=["fr", "en"])
def language(request: pytest.FixtureRequest, gallery: Gallery) -> str:
    gallery.all_read(request.param)
    return str(request.param)


every_page = pytest.mark.parametrize("name", STANDS)


@every_page
def test_axe_finds_nothing(gallery: Gallery, window: Windows, language: str, name: str) -> None:
    page = gallery.open(STANDS[name], window, locale=language)
    assert page.locator("html").get_attribute("lang") == language
    assert checks.faults_by_axe(page) == ""


@every_page
def test_a_narrow_phone_shows_it_whole(gallery: Gallery, window: Windows, language: str, name: str) -> None:
    page = gallery.open(STANDS[name], window, locale=language, viewport=NARROW, has_touch=True, is_mobile=True)
    page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert checks.too_wide(page) == []
    assert checks.small_targets(page) == []


@every_page
def test_it_is_light_asks_nothing_of_others_and_complains_of_nothing(gallery: Gallery, window: Windows, there: Live,
                                                                     name: str) -> None:
    traffic: list[Traffic] = []

    def watched(*args: object, **options: object) -> object:
        page = window(*args, **options)
        traffic.append(Traffic(page, there.origin))
        return page

    gallery.open(STANDS[name], watched)
    seen = traffic[0]
    assert (seen.strangers, seen.complaints) == ([], [])
    assert sum(map(len, seen.bodies())) <= HEAVIEST_PAGE
    if name in QUESTIONS:
        assert len(seen.requests) <= MOST_REQUESTS
        assert seen.compressed("document", "stylesheet") <= HEAVIEST_QUESTION


@every_page
def test_every_control_is_reached_by_keyboard_and_seen(gallery: Gallery, window: Windows, name: str) -> None:
    page = gallery.open(STANDS[name], window)
    page.locator("main").evaluate("() => scrollTo(0, 0)")
    assert checks.out_of_reach(page) == []
