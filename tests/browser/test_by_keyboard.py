"""The learner's road by keyboard alone: Tab until it is there, see where one is, press."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from engine.storage.tables import Account, Answer, Enrolment
from tests.browser.checks import NUMBER_THE_CONTROLS, WHERE
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import ANSWERS, answer_one, begin, is_asked, live_through, main_button
from web.site.links import AnswerLink, Links


def reach(page: Page, control: Locator) -> None:
    """Tab to a control; every stop on the way shows where one is."""
    expect(control).to_be_visible()
    page.evaluate(NUMBER_THE_CONTROLS)
    for _press in range(80):
        page.keyboard.press("Tab")
        number, visible = page.evaluate(f"({WHERE})(document.activeElement)")
        assert number is None or visible, "one always sees where one is"
        if control.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError("Tab never gets there")


def press(page: Page, control: Locator) -> None:
    reach(page, control)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, name: str) -> None:
    reach(page, page.locator(f"main [name={name}]"))
    page.keyboard.type(ANSWERS[name])


def answer(page: Page) -> None:
    for name in ("text", "if", "then", "note"):
        if page.locator(f"main [name={name}]").count():
            write(page, name)
    choices = page.locator("main form .choice")
    press(page, choices.nth(1) if choices.count() else main_button(page))


def test_from_the_wager_to_the_reveal(there: Live, window: Windows) -> None:
    account: Account = there.invite("Clavier", joined=False)
    page = window(account)
    page.goto("/")
    press(page, main_button(page))
    expect(page).to_have_url(re.compile("/experience/"))
    for _choice in range(30):
        choices = page.locator("main .choices .choice")
        if not choices.count():
            break
        press(page, choices.last)
    expect(page.locator("main .stitch.ahead")).to_be_visible()
    for _touch in range(8):
        number = there.next_touch(account)
        page.goto("/inbox")
        press(page, page.locator(f"main a[href='/touch/{number}']"))
        while is_asked(page):
            answer(page)
        if "/reveal" in page.url:
            break
    expect(page.locator("main .reveal")).to_be_visible()
    press(page, page.locator("main a[href='/path']"))
    reach(page, page.locator("main summary").first)
    page.keyboard.press("Enter")
    expect(page.locator("main details ol").first).to_be_visible()


def test_enter_in_the_note_answers_nothing(there: Live, window: Windows) -> None:
    account = there.invite("Enter")
    page = window(account)
    begin(page)
    live_through(page)
    for _touch in range(12):
        number = there.next_touch(account)
        page.goto(f"/touch/{number}")
        while is_asked(page) and not page.locator("main [name=note]").count():
            answer_one(page)
        if is_asked(page):
            break
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    services = there.house.services
    for address in (
        page.url,
        Links(services.settings.secret_key, "").answer(
            AnswerLink(account.tenant, account.id, number), services.clock.wall()
        ),
    ):
        page.goto(address)
        note = page.locator("main [name=note]")
        note.fill("Presque.")
        note.press("Enter")
        page.wait_for_load_state("networkidle")
        expect(note).to_have_value("Presque.")
        assert "POST" not in sent
    reach(page, page.locator("main [name=happened][value=partly]"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    theirs = [
        enrolment.id for enrolment in there.rows(Enrolment) if enrolment.learner == account.id
    ]
    kept = [
        a.content["happened"]
        for a in there.rows(Answer)
        if a.enrolment in theirs and "happened" in a.content
    ]
    assert kept == ["partly"]


def test_the_first_tab_skips_to_the_content(there: Live, window: Windows) -> None:
    page = window(there.invite("Presse"))
    page.goto("/home")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
