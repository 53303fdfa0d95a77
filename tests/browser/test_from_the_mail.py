"""A question answered from its mail, in a browser that is signed in nowhere: two taps, counting
the one in the mail."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.delivery.message import Message
from engine.journey import answering, joining, playing, showing
from engine.journey.answering import Asking
from engine.storage.tables import Account, Answer, Enrolment, Learner, Placement, Touch
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import ANSWERS, answer_one, is_asked, main_button
from tests.builders import work
from web.site.links import ANSWER_FOR


@pytest.fixture
def account(there: Live, request: pytest.FixtureRequest) -> Account:
    account = there.invite(re.sub(r"\W", "-", request.node.name)[-60:])
    _live(there, account)
    return account


def _live(there: Live, account: Account) -> None:
    services, now = there.house.services, there.house.clock.now()
    with services.db.write(there.tenant) as unit:
        learner = joining.learner_of(unit, account.id)
        placed = unit.scalars(
            select(Placement).where(Placement.module == "l-epicerie-du-bourg")
        ).one()
        enrolment = playing.begin(
            work(unit, library=services.library, now=now), learner, placed.course, placed.section
        )
        scene = playing.scene(work(unit, library=services.library), learner, enrolment.id)
        while not scene.screen.finished:
            scene = playing.act(
                work(unit, library=services.library, now=now, rng=services.rng),
                learner,
                enrolment.id,
                scene.number,
                scene.screen.form.sample,
            )
        unit.commit()


def mailed(there: Live, account: Account) -> Message:
    """The mail of their next question."""
    there.next_touch(account)
    return next(m for m in reversed(there.house.outbox.messages) if m.to == account.email)


def mail_asking(there: Live, account: Account, kind: str) -> Message:
    """On with the debrief, each touch answered, until a mail asks that kind of question first."""
    services = there.house.services
    for _touch in range(10):
        mail = mailed(there, account)
        with services.db.write(there.tenant) as unit:
            number = unit.scalars(
                select(Touch.number).where(Touch.learner == account.id, Touch.state == "open")
            ).one()
            left = showing.touch_view(
                work(unit, library=services.library), account.id, number, "fr"
            ).left
            if left[0].question.prompt.kind == kind:
                return mail
            for one in left:
                answering.answer(
                    work(
                        unit,
                        library=services.library,
                        now=there.house.clock.now(),
                        rng=services.rng,
                    ),
                    account.id,
                    Asking(number, one.enrolment, one.prompt, one.occurrence),
                    {**one.question.form.sample, **ANSWERS},
                )
            unit.commit()
    raise AssertionError(f"no mail asks a {kind}")


def opened(mail: Message, page: Page) -> Page:
    """The mail as its reader's program shows it."""
    page.set_content(mail.html)
    return page


def kept(there: Live, account: Account) -> list[dict[str, str]]:
    mine = {row.id for row in there.rows(Enrolment) if row.learner == account.id}
    return [row.content for row in there.rows(Answer) if row.enrolment in mine]


def test_a_one_tap_question_takes_two_taps_counting_the_one_in_the_mail(
    there: Live, window: Windows, account: Account
) -> None:
    page = opened(mail_asking(there, account, "recall"), window())
    before = kept(there, account)
    page.locator("a[href*='grade=3']").click()
    expect(page.locator("main .choice.preset")).to_be_visible()
    assert kept(there, account) == before, "the link alone changes nothing"
    page.locator("main .choice.preset").click()
    expect(page.locator("main .choice.preset")).to_have_count(0)
    expect(page.locator("main h1")).to_be_visible()
    assert len(kept(there, account)) == len(before) + 1


def test_a_written_answer_needs_no_sign_in_and_leads_to_what_was_named(
    there: Live, window: Windows, account: Account
) -> None:
    page = window()
    for _touch in range(6):
        mail = mailed(there, account)
        opened(mail, page).locator("a.button, a.option").first.click()
        while is_asked(page):
            answer_one(page)
        if "/reveal/" in page.url:
            break
        expect(page.locator("main h1")).to_contain_text("Merci")
    expect(page.locator("main .reveal")).to_be_visible()
    page.goto("/home")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_opening_every_link_of_a_mail_changes_nothing(
    there: Live, window: Windows, account: Account
) -> None:
    page = opened(mailed(there, account), window())
    addresses = page.locator("a").evaluate_all("links => links.map(link => link.href)")
    before = _state(there, account)
    for address in dict.fromkeys(addresses):
        page.goto(address)
        expect(page.locator("main h1")).to_be_visible()
    assert _state(there, account) == before


def _state(there: Live, account: Account) -> object:
    learner: Learner = there.learner(account)
    return (
        kept(there, account),
        learner.channel,
        learner.last_touch,
        sorted((t.number, t.state) for t in there.rows(Touch) if t.learner == account.id),
    )


def test_later_is_one_tap_away(there: Live, window: Windows, account: Account) -> None:
    page = opened(mailed(there, account), window())
    page.get_by_role("link", name="Plus tard").click()
    expect(page.locator("main h1.question")).to_be_visible()
    page.locator("details:has(#later)").evaluate("one => one.open = true")
    page.locator("#later button").first.click()
    expect(page.locator("main h1")).to_have_text(re.compile("Repouss"))
    assert [t.state for t in there.rows(Touch) if t.learner == account.id and t.number == 1] == [
        "snoozed"
    ]


def test_an_expired_link_says_so_and_what_to_do(
    there: Live, window: Windows, account: Account
) -> None:
    page = opened(mailed(there, account), window())
    there.house.clock.walled += 2 * ANSWER_FOR
    page.locator("a.button, a.option").first.click()
    expect(page.locator("main h1")).to_have_text("Ce lien est trop ancien")
    expect(main_button(page)).to_be_visible()


def test_stopping_the_mails_takes_one_button(
    there: Live, window: Windows, account: Account
) -> None:
    page = opened(mailed(there, account), window())
    page.locator("a[href*='/u/']").click()
    expect(page).to_have_url(re.compile("/u/"))
    assert there.learner(account).channel == "mail"
    main_button(page).click()
    expect(page.locator("main h1")).to_contain_text("Vous ne recevrez plus")
    assert there.learner(account).channel == "inbox"


@pytest.mark.parametrize("kind", ["text", "recall"])
def test_axe_finds_nothing_in_the_mail_itself(
    there: Live, window: Windows, account: Account, kind: str
) -> None:
    page = opened(mail_asking(there, account, kind), window())
    assert checks.faults_by_axe(page) == ""
