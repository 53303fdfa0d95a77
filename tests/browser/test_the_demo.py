"""The demo in a browser: the two doors, the banner with its buttons, the mailbox with a mail
that can be answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from engine.delivery.channels.maildir import MaildirChannel
from engine.journey.addresses import MAIL
from engine.storage.tables import Account, Answer
from tests.browser import checks
from tests.browser.checks import Traffic
from tests.browser.conftest import Windows
from tests.browser.live import Live, live
from tests.browser.walking import live_through, main_button
from web.demo.people import FACILITATOR, LEARNER, address
from web.demo.seed import TENANT
from web.site.context import KEY


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("demo")
    with live(folder, tenant=TENANT, demo=True, maildir=str(folder / "mail")) as made:
        services = made.house.services
        box = MaildirChannel(
            services.settings.maildir, services.settings.mail_from, services.clock.now
        )
        made.house.app.extensions[KEY] = replace(services, channels={MAIL: box})
        for name in (LEARNER, FACILITATOR):
            person = made.invite(name, joined=False) if name == LEARNER else made.facilitator(name)
            _at(made, person, address(name))
        yield made


def _at(there: Live, person: Account, email: str) -> None:
    with there.house.services.db.write(TENANT) as unit:
        unit.merge(person).email = email
        unit.commit()


def sound(page: Page) -> None:
    page.wait_for_load_state()
    assert checks.faults_by_axe(page) == ""
    page.set_viewport_size({"width": 320, "height": 640})
    assert checks.too_wide(page) == []
    assert checks.small_targets(page) == []
    page.set_viewport_size({"width": 390, "height": 800})


def test_from_the_door_to_an_answer_given_from_the_mail(there: Live, window: Windows) -> None:
    page = window()
    traffic = Traffic(page, there.origin)
    page.goto("/")
    sound(page)
    page.locator("form[action='/demo/enter/learner'] button").click()
    expect(page).to_have_url(f"{there.origin}/contract")
    main_button(page).click()
    expect(page).to_have_url(re.compile("/experience/"))
    page.goto("/demo/mailbox")
    expect(page.locator("main")).to_contain_text("Rien")
    page.goto("/home")
    page.locator("main .knot.now .button").first.click()
    live_through(page)
    page.locator("form[action='/demo/next-question'] button").click()
    expect(page.locator("main h1.question")).to_be_visible()
    expect(page.get_by_role("complementary")).to_contain_text("arrêt")
    sound(page)

    page.goto("/demo/mailbox")
    sound(page)
    page.locator("main .stitch a").click()
    sound(page)
    page.frame_locator("main iframe").locator("a.button, a.option").first.click()
    expect(page.locator("main h1.question")).to_be_visible()
    page.fill("[name=text]", "Depuis la messagerie.")
    with page.expect_navigation():
        main_button(page).click()
    assert [row.content for row in there.rows(Answer)] == [{"text": "Depuis la messagerie."}]

    page.goto("/home")
    said = page.get_by_role("complementary").inner_text()
    page.locator("form[action='/demo/next-day'] button").click()
    expect(page.get_by_role("complementary")).not_to_have_text(said, use_inner_text=True)
    assert (traffic.strangers, traffic.complaints) == ([], [])


def test_the_other_door_leads_to_the_desk(there: Live, window: Windows) -> None:
    page = window(locale="en")
    page.goto("/")
    sound(page)
    page.locator("form[action='/demo/enter/facilitator'] button").click()
    expect(page).to_have_url(f"{there.origin}/courses/")
    sound(page)
    page.get_by_role("button", name="To the learner’s side").click()
    expect(page).to_have_url(re.compile("/(contract|home)$"))
    page.get_by_role("button", name="To the facilitator’s side").click()
    expect(page).to_have_url(f"{there.origin}/courses/")
