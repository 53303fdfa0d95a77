"""The way in, as one walks it on a narrow phone: an empty installation, its first administrator, an
example course, an invitation, and from the mail in two screens to the first line of a story."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from engine.courses.effort import effort_of
from engine.delivery.channels.maildir import MaildirChannel
from engine.journey.addresses import MAIL
from engine.storage.tables import Course
from tests.apps import House, house
from tests.browser import checks
from tests.browser.conftest import OPTIONS, PATIENCE
from tests.browser.live import live, serving
from tests.browser.walking import main_button
from web import worker
from web.cli.serve import first_steps
from web.demo.people import LEARNER, address
from web.site.context import KEY

NARROW = {"width": 320, "height": 640}
TENANT = "mairie-de-saint-aubry"


@dataclass(frozen=True)
class Reader:
    """Somebody in front of a window."""

    page: Page
    scripts: bool

    def holds(self) -> None:
        """What every page is asked: nothing found by axe, nothing too wide, small or out of
        reach."""
        assert checks.too_wide(self.page) == []
        assert checks.small_targets(self.page) == []
        if self.scripts:
            assert checks.faults_by_axe(self.page) == ""
            self.page.emulate_media(color_scheme="light")
            assert checks.out_of_reach(self.page) == []

    def write(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)

    def go_on(self) -> None:
        """Presses the one primary button, by keyboard."""
        button = main_button(self.page)
        button.focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@contextmanager
def empty_house(folder: Path) -> Iterator[tuple[House, str]]:
    """An installation that nobody administers, and its address."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{door.getsockname()[1]}"
    made = house(folder, "elsewhere", base_url=origin)
    with serving(made.app, door):
        yield made, origin
    made.services.close()


@pytest.mark.parametrize(
    ("locale", "scripts"), [("fr", True), ("en", True), ("fr", False)], ids=str
)
def test_from_an_empty_installation_to_the_first_line_of_a_story(
    browser: Browser, tmp_path: Path, locale: str, scripts: bool
) -> None:
    with empty_house(tmp_path) as (made, origin):

        def somebody() -> Reader:
            options = {**OPTIONS, "locale": locale, "viewport": NARROW, "base_url": origin}
            context = browser.new_context(**{**options, "java_script_enabled": scripts})
            context.set_default_timeout(PATIENCE)
            return Reader(context.new_page(), scripts)

        ada = somebody()
        _set_up(made, ada)
        _live_it(ada)
        _until_it_opens(made)
        mail = _invite(made, ada)
        _come_in(somebody(), mail)
        ada.page.context.close()


def _set_up(made: House, ada: Reader) -> None:
    *_, line = first_steps(made.services)
    ada.page.goto(line.rpartition("\n")[2])
    ada.holds()
    ada.write(
        name="Ada Martin",
        email="ada@example.org",
        password="une phrase assez longue",
        organisation="Mairie de Saint-Aubry",
    )
    for step in ("organisation", "mail", "packs", "course", "done"):
        ada.go_on()
        expect(ada.page).to_have_url(re.compile(f"/setup/{step}"))
        ada.holds()


def _live_it(ada: Reader) -> None:
    """The last page leads into an experience."""
    back = ada.page.url
    ada.go_on()
    expect(ada.page.locator("main .choice").first).to_be_visible()
    ada.holds()
    with ada.page.expect_navigation():
        ada.page.locator("main .choices .choice").first.click()
    expect(ada.page.locator("main .story .after")).to_be_visible()
    ada.page.goto(back)


def _until_it_opens(made: House) -> None:
    """Time goes on to the noon of the day on which the first experience opens."""
    with made.services.db.read(TENANT) as unit:
        opens = effort_of(unit, unit.scalars(select(Course)).one()).opens
    assert opens is not None
    while made.clock.now().date() < opens:
        made.clock.later(days=1)


def _invite(made: House, ada: Reader) -> str:
    """Ada pastes an address; the link in the mail that it gets."""
    ada.page.locator("main .ways a[href$='/invite']").click()
    invitations = ada.page.url
    ada.page.goto(invitations.replace("/invite", "/announcements"))
    ada.holds()
    ada.page.goto(invitations)
    ada.holds()
    ada.write(emails="noe@example.org")
    ada.go_on()
    worker.tick(made.services)
    mail = made.outbox.messages[-1]
    assert mail.to == "noe@example.org" and "Ada Martin" in mail.subject
    return made.outbox.link()


def _come_in(noe: Reader, link: str) -> None:
    """Two screens: the contract, then the story."""
    noe.page.goto(link)
    expect(noe.page.locator("main")).to_contain_text("Ada Martin (Mairie de Saint-Aubry)")
    noe.holds()
    noe.go_on()
    expect(noe.page).to_have_url(re.compile("/experience/"))
    expect(noe.page.locator("main .story p").first).to_be_visible()
    noe.holds()
    noe.page.goto("/home")
    expect(noe.page.locator("main .hosts")).to_contain_text("Ada Martin")
    noe.holds()
    noe.page.context.close()


def test_in_the_demo_what_waits_is_told_in_the_mailbox_as_time_passes(
    browser: Browser, tmp_path: Path
) -> None:
    with live(tmp_path, tenant="demo", demo=True, maildir=str(tmp_path / "mail")) as there:
        services = there.house.services
        box = MaildirChannel(
            services.settings.maildir, services.settings.mail_from, services.clock.now
        )
        there.house.app.extensions[KEY] = replace(services, channels={MAIL: box})
        visitor = there.invite(LEARNER, joined=False)
        with services.db.write("demo") as unit:
            unit.merge(visitor).email = address(LEARNER)
            unit.commit()
        context = browser.new_context(
            **{
                **OPTIONS,
                "viewport": NARROW,
                "base_url": there.origin,
                "java_script_enabled": False,
            }
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/")
        page.locator("form[action='/demo/enter/learner'] button").click()
        with page.expect_navigation():
            main_button(page).click()
        for _day in range(9):
            with page.expect_navigation():
                page.locator("form[action='/demo/next-day'] button").click()
        page.goto("/demo/mailbox")
        told = page.locator("main .stitch a")
        expect(told).to_have_count(1)
        told.click()
        mail = page.frame_locator("main iframe")
        expect(mail.locator("body")).to_contain_text("reste là pour vous")
        expect(mail.locator("body")).to_contain_text("Plus d’annonces")
        context.close()
