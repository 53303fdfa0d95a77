"""Inside an LMS on another site, in a real browser: with partitioned cookies, without any, and in a window of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, Playwright, expect

from lti import invites
from lti.platform.campus import Campus
from lti.registration import Registrar
from tests.browser import chromium
from tests.browser.conftest import ARGS, OPTIONS, PATIENCE
from tests.browser.live import PACK, TENANT, Live, live
from tests.integration.lti.platforms import served
from web.lms import doors
from web.lms.mount import COOKIE

MODULE = "l-epicerie-du-bourg"
DESKTOP = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Plugged:
    """The installation on 127.0.0.1, plugged into a platform on localhost: to a browser, two sites."""

    live: Live
    campus: Campus

    def page(self, user: str, *, storage: bool = True) -> str:
        """Where that member opens the placed experience."""
        link = next(iter(self.campus.links))
        return f"{self.campus.base}/links/{link}/open?user={user}" + ("" if storage else "&storage=off")


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plugged]:
    with served(30) as campus, live(tmp_path_factory.mktemp("lms"), lti_allow_nets="127.0.0.0/8, ::1") as made:
        campus.base = campus.base.replace("127.0.0.1", "localhost")
        the = made.house.services
        registrar = Registrar(the.db, the.lti.http, doors.tool(made.origin))
        invite = invites.invite(the.db, TENANT, the.clock.wall())
        registrar.complete(invite, f"{campus.base}/.well-known/openid-configuration", campus.invite(), the.clock.wall())
        campus.place(campus.clients["client-1"], [{
            "url": f"{made.origin}/lti/to/experience?module={quote(f'{PACK.name}/{MODULE}', safe='')}", "title": "Semaine 3"}])
        yield Plugged(made, campus)


Profile = Callable[[dict[str, Any]], Page]
"""``profile(preferences)``: a window of a browser of its own, with these preferences."""


@pytest.fixture
def profile(drive: Playwright, tmp_path: Path) -> Iterator[Profile]:
    opened: list[BrowserContext] = []

    def begin(preferences: dict[str, Any]) -> Page:
        (tmp_path / "Default").mkdir()
        (tmp_path / "Default" / "Preferences").write_text(json.dumps({"profile": preferences}), encoding="utf-8")
        context = drive.chromium.launch_persistent_context(
            str(tmp_path), executable_path=chromium.path(), args=ARGS, **{**OPTIONS, "viewport": DESKTOP})
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context.new_page()

    yield begin
    for context in opened:
        context.close()


def begins(inside: FrameLocator | Page) -> None:
    """Take the wager, keep the rhythm proposed, and take the first step of the experience."""
    inside.get_by_role("button", name="Je prends le pari").click()
    inside.locator("main .button").last.click()
    inside.get_by_role("button", name="Commencer").click()
    choices = inside.locator("main .choices .choice")
    expect(choices.first).to_be_visible()
    choices.first.click()
    expect(inside.locator("main .after, main .choices .choice").first).to_be_visible()


def test_third_party_cookies_are_blocked_and_a_partitioned_one_carries_the_visit(there: Plugged, profile: Profile) -> None:
    page = profile({"block_third_party_cookies": True, "cookie_controls_mode": 1})
    page.goto(there.page("student-1", storage=False))
    begins(page.frame_locator("#tool"))
    assert [cookie["name"] for cookie in page.context.cookies() if cookie.get("partitionKey")] == [COOKIE]


def test_all_cookies_are_blocked_and_what_the_platform_keeps_carries_the_visit(there: Plugged, profile: Profile) -> None:
    page = profile({"default_content_setting_values": {"cookies": 2}})
    page.goto(there.page("student-2"))
    begins(page.frame_locator("#tool"))
    assert page.context.cookies() == []


def test_with_neither_a_window_of_its_own_is_offered(there: Plugged, profile: Profile) -> None:
    framed = f"{there.live.origin},{there.campus.base}"
    page = profile({"content_settings": {"exceptions": {"cookies": {framed: {"setting": 2}}}}})
    page.goto(there.page("student-3", storage=False))
    offered = page.frame_locator("#tool").get_by_role("link", name="Ouvrir dans une nouvelle fenêtre")
    with page.context.expect_page() as opened:
        offered.click()
    begins(opened.value)


def test_where_every_cookie_is_blocked_the_new_window_says_what_to_do(there: Plugged, profile: Profile) -> None:
    page = profile({"default_content_setting_values": {"cookies": 2}})
    page.goto(there.page("student-4", storage=False))
    with page.context.expect_page() as opened:
        page.frame_locator("#tool").get_by_role("link", name="Ouvrir dans une nouvelle fenêtre").click()
    expect(opened.value.locator("main")).to_contain_text("state-other-browser")


def test_the_frame_is_as_high_as_the_page(there: Plugged, profile: Profile) -> None:
    page = profile({})
    page.goto(there.page("student-5"))
    expect(page.frame_locator("#tool").get_by_role("button", name="Je prends le pari")).to_be_visible()
    page.wait_for_function("document.querySelector('#tool').style.height")
    height = page.locator("#tool").evaluate("frame => frame.getBoundingClientRect().height")
    inside = page.frame_locator("#tool").locator(".page").evaluate("whole => whole.getBoundingClientRect().height")
    assert abs(height - inside) < 20
