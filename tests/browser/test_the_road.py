"""The whole road of a learner in a browser: from the wager of trust to the path taken home, with
JavaScript and without."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.storage.tables import Account, Act
from tests.apps import PASSWORD
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import ANSWERS, answer_one, is_asked, live_through, main_button


def sign_in(page: Page, account: Account) -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", account.email or "")
    page.fill("[name=password]", PASSWORD)
    main_button(page).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_wager_to_the_path_taken_home(
    there: Live, window: Windows, tmp_path: Path, scripts: bool
) -> None:
    account = there.invite(f"Ada-{scripts}", joined=False)
    page = window(java_script_enabled=scripts, accept_downloads=True)
    sign_in(page, account)
    expect(page).to_have_url(f"{there.origin}/contract")
    main_button(page).click()
    expect(page).to_have_url(re.compile("/experience/"))
    before = len(there.rows(Act))
    page.locator("main .choice").first.click()
    expect(page.locator("main .story .after")).to_be_visible()
    assert len(there.rows(Act)) == before + 1, "each step is kept as it is taken"
    page.goto("/home")
    page.locator("main .knot.now .button").first.click()
    expect(page.locator("main .story .after")).to_be_visible()
    taken = live_through(page)
    assert len(there.rows(Act)) == before + 1 + taken
    expect(page.locator("main .stitch.ahead")).to_contain_text("minute")

    named = answer_until_named(there, page, account)
    expect(named).to_be_visible()
    reveal = named.inner_text()

    page.goto("/path")
    expect(page.locator("main")).to_contain_text(ANSWERS["text"])
    expect(page.locator("main .reveal")).to_have_text(reveal, use_inner_text=True)
    with page.expect_download() as kept:
        page.locator("a[href='/path.html']").click()
    kept.value.save_as(tmp_path / "path.html")
    alone = window(java_script_enabled=scripts, offline=True)
    alone.goto((tmp_path / "path.html").as_uri())
    expect(alone.locator("body")).to_contain_text(ANSWERS["text"])
    with page.expect_download() as kept:
        page.locator("a[href='/path.json']").click()
    assert ANSWERS["text"] in json.dumps(
        json.loads(Path(kept.value.path()).read_text()), ensure_ascii=False
    )


def answer_until_named(there: Live, page: Page, account: Account) -> object:
    """Time goes on; each question is found in the inbox and answered, until the reveal is there."""
    for _touch in range(10):
        number = there.next_touch(account)
        page.goto("/inbox")
        page.locator(f"main a[href='/touch/{number}']").click()
        while is_asked(page):
            answer_one(page)
        if "/reveal" in page.url:
            return page.locator("main .reveal")
        expect(page.locator("main h1")).to_contain_text("Merci")
    raise AssertionError("nothing was ever named")
