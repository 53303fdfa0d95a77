"""Inside an LMS on another site, in a real browser: with partitioned cookies, without any, and
in a window of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Playwright, expect
from sqlalchemy import select

from engine.journey import answering, showing
from engine.journey.answering import Asking
from engine.storage.tables import Account, LtiRegistration, Touch
from lti.campus.campus import Campus
from lti.courses.people import find
from lti.platforms.dynamic import Registrar
from tests.browser import checks, chromium
from tests.browser.conftest import ARGS, OPTIONS, PATIENCE
from tests.browser.live import PACK, TENANT, Live, live
from tests.browser.walking import step
from tests.builders import work
from tests.integration.lti.lms import invited
from tests.integration.lti.platforms import served
from web import worker
from web.pages.lms import targets
from web.site.sessions import COOKIE

MODULE, OTHER, TITLE = "l-epicerie-du-bourg", "la-halle-en-six-semaines", "Semaine 3"
SECTIONS = "1;Le budget;subventions, marché, halle\n2;La gestion;association, régie, épicerie"
DESKTOP = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Plugged:
    """The installation on 127.0.0.1, plugged into a platform on localhost: to a browser, two
    sites."""

    live: Live
    campus: Campus

    def page(self, user: str, *, storage: bool = True) -> str:
        """Where that member opens the placed experience."""
        link = next(iter(self.campus.links))
        return f"{self.campus.base}/links/{link}/open?user={user}" + (
            "" if storage else "&storage=off"
        )


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plugged]:
    with (
        served(30) as campus,
        live(tmp_path_factory.mktemp("lms"), lti_allow_nets="127.0.0.0/8, ::1") as made,
    ):
        campus.base = campus.base.replace("127.0.0.1", "localhost")
        campus.wall = made.house.clock.wall
        once = replace(campus.profile.launching, single_use=True)  # as Moodle and Canvas
        campus.profile = replace(campus.profile, launching=once)
        services = made.house.services
        registrar = Registrar(services.units, services.lti.http, targets.tool(made.origin))
        registrar.complete(
            invited(services.units, TENANT),
            f"{campus.base}/.well-known/openid-configuration",
            campus.invite(),
        )
        campus.place(
            campus.clients["client-1"],
            [
                {
                    "url": f"{made.origin}/lti/to/experience"
                    f"?module={quote(f'{PACK.name}/{MODULE}', safe='')}",
                    "title": TITLE,
                }
            ],
        )
        yield Plugged(made, campus)


Profile = Callable[[dict[str, Any]], Page]
"""``profile(preferences)``: a window of a browser of its own, with these preferences."""
Opened = Callable[..., Page]
"""``opened(address)``: a window at that address. Options are Playwright's."""
VISITOR = {"fr-FR": "student-11", "en-GB": "student-12"}
WORDS = {
    "grade": "3",
    "text": "On s’est rappelés.",
    "if": "il pleut",
    "then": "je rappelle",
    "happened": "yes",
    "note": "",
    "point": "3",
    "choice": "1",
}


@pytest.fixture
def profile(drive: Playwright, tmp_path: Path) -> Iterator[Profile]:
    opened: list[BrowserContext] = []

    def begin(preferences: dict[str, Any]) -> Page:
        (tmp_path / "Default").mkdir()
        (tmp_path / "Default" / "Preferences").write_text(
            json.dumps({"profile": preferences}), encoding="utf-8"
        )
        context = drive.chromium.launch_persistent_context(
            str(tmp_path),
            executable_path=chromium.path(),
            args=ARGS,
            **{**OPTIONS, "viewport": DESKTOP},
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context.new_page()

    yield begin
    for context in opened:
        context.close()


def begins(inside: FrameLocator | Page) -> None:
    """Take the wager, and take the first step of the experience."""
    inside.get_by_role("button", name="Je prends le pari").click()
    inside.get_by_role("button", name="Commencer").click()
    inside.locator("main .choices .choice").first.click()
    expect(step(inside, 2)).to_be_attached()


def test_third_party_cookies_are_blocked_and_a_partitioned_one_carries_the_visit(
    there: Plugged, profile: Profile
) -> None:
    page = profile({"block_third_party_cookies": True, "cookie_controls_mode": 1})
    page.goto(there.page("student-1", storage=False))
    begins(page.frame_locator("#tool"))
    assert [cookie["name"] for cookie in page.context.cookies() if cookie.get("partitionKey")] == [
        COOKIE
    ]


def test_all_cookies_are_blocked_and_what_the_platform_keeps_carries_the_visit(
    there: Plugged, profile: Profile
) -> None:
    page = profile({"default_content_setting_values": {"cookies": 2}})
    page.goto(there.page("student-2"))
    begins(page.frame_locator("#tool"))
    assert page.context.cookies() == []


def test_with_neither_a_window_of_its_own_is_offered(there: Plugged, profile: Profile) -> None:
    framed = f"{there.live.origin},{there.campus.base}"
    page = profile({"content_settings": {"exceptions": {"cookies": {framed: {"setting": 2}}}}})
    page.goto(there.page("student-3", storage=False))
    offered = page.frame_locator("#tool").get_by_role(
        "link", name="Ouvrir dans une nouvelle fenêtre"
    )
    with page.context.expect_page() as opened:
        offered.click()
    begins(opened.value)


def test_where_every_cookie_is_blocked_the_new_window_says_what_to_do(
    there: Plugged, profile: Profile
) -> None:
    page = profile({"default_content_setting_values": {"cookies": 2}})
    page.goto(there.page("student-4", storage=False))
    with page.context.expect_page() as opened:
        page.frame_locator("#tool").get_by_role(
            "link", name="Ouvrir dans une nouvelle fenêtre"
        ).click()
    expect(opened.value.locator("main")).to_contain_text("cookies-refused")


def test_the_frame_is_as_high_as_the_page(there: Plugged, profile: Profile) -> None:
    page = profile({})
    page.goto(there.page("student-5"))
    expect(
        page.frame_locator("#tool").get_by_role("button", name="Je prends le pari")
    ).to_be_visible()
    page.wait_for_function("document.querySelector('#tool').style.height")
    height = page.locator("#tool").evaluate("frame => frame.getBoundingClientRect().height")
    inside = (
        page.frame_locator("#tool")
        .locator(".page")
        .evaluate("whole => whole.getBoundingClientRect().height")
    )
    assert abs(height - inside) < 20


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    contexts: list[BrowserContext] = []

    def begin(address: str, **options: Any) -> Page:
        contexts.append(browser.new_context(**{**OPTIONS, "viewport": DESKTOP, **options}))
        contexts[-1].set_default_timeout(PATIENCE)
        page = contexts[-1].new_page()
        page.goto(address)
        return page

    yield begin
    for context in contexts:
        context.close()


def debrief(live: Live, account: Account) -> None:
    """Weeks go by: every question of that person is answered as it comes, until nothing is
    planned any more."""
    services = live.house.services
    while [
        touch
        for touch in live.rows(Touch)
        if (touch.learner, touch.state) == (account.id, "planned")
    ]:
        number = live.next_touch(account)
        with services.db.write(TENANT) as unit:
            for asked in showing.touch_view(
                work(unit, library=services.library), account.id, number, "fr"
            ).left:
                answering.answer(
                    work(
                        unit, library=services.library, now=services.clock.now(), rng=services.rng
                    ),
                    account.id,
                    Asking(number, asked.enrolment, asked.prompt, asked.occurrence),
                    WORDS,
                )
            unit.commit()


def test_what_a_teacher_places_a_learner_lives_and_weeks_later_its_score_is_in_the_gradebook(
    there: Plugged, opened: Opened
) -> None:
    desk = opened(f"{there.campus.base}/tools/client-1/place?user=teacher-1")
    shelf = desk.frame_locator("#tool")
    shelf.locator(f"input[name=item][value='{PACK.name}/{OTHER}']").check()
    shelf.get_by_role("button", name="Placer dans le cours").click()
    expect(shelf.get_by_text("1 lien est dans votre cours.")).to_be_visible()
    placed = list(there.campus.links.values())[-1]
    assert placed.grade and placed.grade["tag"] == "both"

    mine = opened(f"{there.campus.base}/links/{placed.id}/open?user=student-9")
    inside = mine.frame_locator("#tool")
    begins(inside)
    choices, end = inside.locator("main .choices .choice"), inside.locator("main h1.done")
    for _choice in range(40):
        expect(choices.or_(end).first).to_be_visible()
        if end.count():
            break
        number = inside.locator("main [name=number]").input_value()
        choices.first.click()
        expect(step(inside, number)).to_have_count(0)
    expect(end).to_be_visible()
    with there.live.house.services.db.read(TENANT) as unit:
        account = find(unit, unit.scalars(select(LtiRegistration.id)).one(), "student-9")
    assert account is not None
    book = opened(f"{there.campus.base}/gradebook")
    worker.tick(there.live.house.services)
    book.reload()
    expect(book.get_by_role("row", name="student-9")).to_contain_text("50 / 100")
    debrief(there.live, account)
    worker.tick(there.live.house.services)
    book.reload()
    expect(book.get_by_role("row", name="student-9")).to_contain_text("100 / 100")


def alone(page: Page) -> Page:
    """The window of its own that the platform offers beside its frame: what is in it can be
    looked at whole. It goes by way of the platform."""
    page.goto(page.get_by_role("link", name="Open in a new window").get_attribute("href") or "")
    page.wait_for_url("**/in/**")
    return page


def holds(page: Page) -> None:
    """What every page must hold to, once it is there."""
    page.wait_for_load_state()
    page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert checks.faults_by_axe(page) == ""
    assert checks.too_wide(page) == [] and checks.small_targets(page) == []


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_pages_of_a_teacher_s_visit_hold_to_what_every_page_does(
    there: Plugged, opened: Opened, locale: str
) -> None:
    narrow = {"viewport": {"width": 320, "height": 640}}
    page = alone(
        opened(f"{there.campus.base}/tools/client-1/place?user=teacher-1&locale={locale}", **narrow)
    )
    assert page.locator("html").get_attribute("lang") == locale[:2]
    holds(page)
    assert checks.out_of_reach(page) == []
    page.locator("#sections").fill("3;\n700;Loin")
    page.locator("details form .button").click()
    holds(page)
    page.locator("#sections").fill(SECTIONS)
    page.locator("details form .button").click()
    holds(page)
    page.locator("button[formaction*='/plan']").click()
    holds(page)
    page = alone(opened(f"{there.page('teacher-1')}&locale={locale}", **narrow))
    holds(page)
    page.locator("main .ways a[href$='/platform']").click()
    holds(page)


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_pages_of_a_learner_s_visit_hold_to_what_every_page_does(
    there: Plugged, opened: Opened, locale: str
) -> None:
    page = alone(
        opened(
            f"{there.page(VISITOR[locale])}&locale={locale}", viewport={"width": 320, "height": 640}
        )
    )
    holds(page)
    page.locator("main .button").click()
    page.wait_for_url("**/lms/experience/**")
    holds(page)
    inside = page.url.partition("/lms/")[0]
    page.goto(f"{inside}/address")
    holds(page)
    page.goto(f"{inside}/leave")
    holds(page)
    page.goto(f"{inside.rpartition('/')[0]}/nobody/home")
    holds(page)


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_pages_of_who_only_looks_on_hold_to_what_every_page_does(
    there: Plugged, opened: Opened, locale: str
) -> None:
    narrow = {"viewport": {"width": 320, "height": 640}}
    alone(opened(f"{there.page('teacher-1')}&locale={locale}", **narrow))
    page = alone(opened(f"{there.page('teacher-1')}&switched=on&locale={locale}", **narrow))
    assert "/lms/preview" in page.url
    holds(page)
    page.get_by_role("link", name=re.compile("cours|course")).last.click()
    expect(page.locator("body.desk main h1")).to_be_visible()


def test_on_a_phone_each_page_in_the_frame_begins_at_its_top(
    there: Plugged, opened: Opened
) -> None:
    page = opened(there.page("student-13"), viewport={"width": 390, "height": 700})
    inside = page.frame_locator("#tool")
    inside.get_by_role("button", name="Je prends le pari").click()
    inside.get_by_role("button", name="Commencer").click()
    inside.locator("main .choices .choice").last.click()
    expect(step(inside, 2)).to_be_attached()
    expect(inside.locator("main .after, main .story").first).to_be_in_viewport()
