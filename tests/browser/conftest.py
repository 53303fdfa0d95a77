"""One browser for the whole run, one installation a module, and a window of their own for
whoever a test lets in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from engine.storage.tables import Account
from tests.browser import chromium
from tests.browser.live import Live, live

pytest.register_assert_rewrite("tests.browser.every_page")

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A frame that goes to and fro between two sites changes its process each time, and now and
    # then the driver waits for ever in one that is gone. Cookies do not depend on processes.
    "--disable-site-isolation-trials",
]
OPTIONS = {"locale": "fr", "viewport": {"width": 390, "height": 800}, "reduced_motion": "reduce"}
PATIENCE = 30_000
"""Milliseconds after which what should be on a page is missing; no test waits for less or
asserts on time."""


@pytest.fixture(scope="session")
def drive() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(drive: Playwright) -> Iterator[Browser]:
    opened = drive.chromium.launch(executable_path=chromium.path(), args=ARGS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("live")) as made:
        yield made


Windows = Callable[..., Page]
"""``window(account)``: a window where that person is signed in; ``window()``: a visitor's.
Options are Playwright's."""


@pytest.fixture
def window(browser: Browser, there: Live) -> Iterator[Windows]:
    opened: list[BrowserContext] = []

    def a_window(account: Account | None = None, **options: object) -> Page:
        context = browser.new_context(**{**OPTIONS, "base_url": there.origin, **options})
        context.set_default_timeout(PATIENCE)
        if account is not None:
            context.add_cookies([there.cookie(account)])
        opened.append(context)
        return context.new_page()

    yield a_window
    for context in opened:
        context.close()
