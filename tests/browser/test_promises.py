"""Promises that pages make, kept in a browser: what was tapped, what was being written, what was
chosen by mistake, how far a story is, and where somebody lives."""

from __future__ import annotations

import re
from zlib import crc32

import pytest
from playwright.sync_api import Page, expect

from engine.storage.tables import Account, Act, Answer
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.test_from_the_mail import _live as lived
from tests.browser.test_from_the_mail import mail_asking
from tests.browser.walking import ANSWERS, begin, is_asked, live_through, main_button, tap

SMALL = {"viewport": {"width": 320, "height": 640}}
OFFLINE = "Le réseau est coupé"


@pytest.fixture
def account(there: Live, request: pytest.FixtureRequest) -> Account:
    return there.invite(f"Lia-{crc32(request.node.name.encode()):x}")


def sound(page: Page) -> None:
    """What every page holds to: no sideways scrolling, targets for thumbs, every control by Tab,
    nothing for axe."""
    assert checks.too_wide(page) == []
    assert checks.small_targets(page) == []
    assert checks.out_of_reach(page) == []
    assert checks.faults_by_axe(page) == ""


def asked_in_words(there: Live, account: Account, page: Page) -> None:
    """On to the first question of theirs that is answered in words."""
    for _touch in range(6):
        number = there.next_touch(account)
        page.goto(f"/touch/{number}")
        while is_asked(page):
            if page.locator("main textarea[name=text]").count():
                return
            tap(page, page.locator("main .choice").nth(1))
    raise AssertionError("nothing asks for words")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_tapped_option_is_said_not_to_be_kept_and_one_button_keeps_it(
    there: Live, window: Windows, account: Account, scripts: bool
) -> None:
    lived(there, account)
    mail = mail_asking(there, account, "recall")
    address = re.search(r'href="([^"]+grade=3)"', mail.html)[1].replace("&amp;", "&")
    page = window(java_script_enabled=scripts, **SMALL)
    page.goto(address)
    expect(page.get_by_text("Ce n’est pas encore gardé.")).to_be_visible()
    expect(page.locator("main .choice[aria-pressed=true]")).to_have_count(1)
    if scripts:
        sound(page)
    page.goto("/sign-in")
    page.goto(address.partition("?")[0])
    button = page.get_by_role("button", name="Garder “en cherchant”")
    expect(button).to_be_visible()
    before = len(there.rows(Answer))
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_count(0)
    expect(page.locator("main h1")).to_be_visible()
    assert len(there.rows(Answer)) == before + 1


def test_words_outlive_a_network_that_drops_while_they_are_sent(
    there: Live, window: Windows, account: Account
) -> None:
    lived(there, account)
    page = window(account, **SMALL)
    asked_in_words(there, account, page)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    before = len(there.rows(Answer))
    page.fill("main [name=text]", ANSWERS["text"])
    page.context.set_offline(True)
    main_button(page).click()
    expect(page.locator("h1")).to_have_text(OFFLINE)
    page.context.set_offline(False)
    page.get_by_role("link", name="Réessayer").click()
    expect(page.locator("main [name=text]")).to_have_value(ANSWERS["text"])
    expect(page.locator("main .notice")).to_contain_text("Ce n’est pas encore gardé")
    sound(page)
    main_button(page).click()
    expect(page.locator("main [name=text]")).to_have_count(0)
    assert len(there.rows(Answer)) == before + 1
    assert drafts(page) == [], "what is kept is no draft any more"


def drafts(page: Page) -> list[str]:
    return page.evaluate("() => Object.keys(localStorage).filter(n => n.includes('draft'))")


def test_nothing_private_is_kept_for_when_the_network_is_gone(
    there: Live, window: Windows, account: Account
) -> None:
    page = window(account)
    page.goto("/home")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.goto("/path")
    kept = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) {
            for (const one of await (await caches.open(name)).keys()) found.push(one.url);
          }
          return found;
        }"""
    )
    paths = sorted(address.removeprefix(there.origin).partition("?")[0] for address in kept)
    assert paths == ["/offline", "/static/style.css"]
    page.context.set_offline(True)
    page.goto("/home", wait_until="load")
    expect(page.locator("h1")).to_have_text(OFFLINE)
    expect(page.locator("body")).not_to_contain_text(account.name)
    page.context.set_offline(False)


def test_a_draft_is_never_put_before_somebody_else_at_the_same_computer(
    there: Live, window: Windows, account: Account
) -> None:
    lived(there, account)
    page = window(account)
    asked_in_words(there, account, page)
    page.fill("main [name=text]", ANSWERS["text"])
    address = page.url
    page.reload()
    expect(page.locator("main [name=text]")).to_have_value(ANSWERS["text"])
    assert len(drafts(page)) == 1
    page.context.clear_cookies()
    page.context.add_cookies([there.cookie(there.invite("Somebody-else"))])
    page.goto("/home")
    assert drafts(page) == []
    page.context.clear_cookies()
    page.context.add_cookies([there.cookie(account)])
    page.goto(address)
    page.fill("main [name=text]", ANSWERS["text"])
    page.get_by_role("button", name="Me déconnecter").or_(
        page.locator("form[action$='/sign-out'] button")
    ).first.click()
    expect(page).to_have_url(f"{there.origin}/")
    assert drafts(page) == [], "signing out leaves none behind"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_words_outlive_a_session_that_ends_while_they_are_written(
    there: Live, window: Windows, account: Account, scripts: bool
) -> None:
    lived(there, account)
    page = window(account, java_script_enabled=scripts, **SMALL)
    asked_in_words(there, account, page)
    page.fill("main [name=text]", ANSWERS["text"])
    page.context.clear_cookies(name="relecture")
    main_button(page).click()
    expect(page.locator("h1")).to_have_text("Vous n’êtes plus connecté")
    expect(page.locator("blockquote.own")).to_have_text(ANSWERS["text"])
    if scripts:
        sound(page)
    main_button(page).click()
    page.fill("[name=email]", account.email or "")
    page.fill("[name=password]", "trois mots simples")
    main_button(page).click()
    expect(page.locator("main [name=text]")).to_have_value(ANSWERS["text"])


def filled(page: Page) -> list[bool]:
    """Of each knot on the way, whether it looks tied: another colour inside than the page has."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main .knots i")].map((knot) => {
            const { backgroundColor } = getComputedStyle(knot);
            const page = getComputedStyle(document.body).backgroundColor;
            return backgroundColor !== page && !/^rgba.*, 0\\)$/.test(backgroundColor);
        })"""
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_choice_is_taken_back_and_the_story_shows_how_far_it_is(
    there: Live, window: Windows, account: Account, scripts: bool
) -> None:
    page = window(account, java_script_enabled=scripts, **SMALL)
    begin(page)
    first = re.search(r"1 sur (\d+)", page.locator("main .way").inner_text())
    assert first
    expect(page.locator("main .knots .here")).to_have_count(1)
    before = len(there.rows(Act))
    page.locator("main .choice").first.click()
    expect(page.locator("main .knots .tied")).to_have_count(1)
    assert filled(page) == [True] + [False] * (int(first[1]) - 1)
    page.emulate_media(forced_colors="active")
    assert filled(page)[:2] == [True, False], "also in a contrast theme"
    page.emulate_media(forced_colors="none")
    expect(page.locator("main .way")).to_contain_text(f"2 sur {first[1]}")
    if scripts:
        sound(page)
    page.get_by_role("button", name="Reprendre ce choix").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main .knots .tied")).to_have_count(0)
    assert len(there.rows(Act)) == before + 2, "the log keeps that it was"
    live_through(page)
    expect(page.locator("main .knots .here")).to_have_count(0)
    if scripts:
        sound(page)


def test_who_joins_in_martinique_is_offered_its_hours(there: Live, window: Windows) -> None:
    newcomer = there.invite("Fort-de-France", joined=False)
    page = window(newcomer, timezone_id="America/Martinique", **SMALL)
    page.goto("/contract")
    expect(page.locator("[name=zone]")).to_have_value("America/Martinique")
    sound(page)
    main_button(page).click()
    expect(page.locator("[name=zone]")).to_have_count(0)
    learner = there.learner(newcomer)
    assert (learner.zone, learner.country) == ("America/Martinique", "MQ")


def test_a_browser_that_names_no_place_moves_nobody(there: Live, window: Windows) -> None:
    newcomer = there.invite("Nowhere", joined=False)
    page = window(newcomer, timezone_id="UTC")
    page.goto("/contract")
    expect(page.locator("[name=zone]")).to_have_value("Europe/Paris")
    main_button(page).click()
    page.goto("/home")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("Vous êtes à")).to_have_count(0)
    assert there.learner(newcomer).zone == "Europe/Paris"


def test_a_browser_that_has_moved_asks_once(there: Live, window: Windows, account: Account) -> None:
    page = window(account, timezone_id="America/Martinique", **SMALL)
    page.goto("/home")
    question = page.get_by_text("Vous êtes à Fort-de-France")
    expect(question).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Non, les laisser").click()
    expect(page.locator("main h1")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(question).to_have_count(0)
    assert there.learner(account).zone == "Europe/Paris"
    elsewhere = window(account, timezone_id="Pacific/Tahiti", **SMALL)
    elsewhere.goto("/home")
    elsewhere.get_by_role("button", name="Oui").click()
    expect(elsewhere.locator(".notice.done")).to_contain_text("Papeete")
    assert there.learner(account).country == "PF"
