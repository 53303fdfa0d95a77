"""What people do without thinking: press twice, go back, open two tabs, change devices. Nothing
is lost, nothing counts twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from engine.storage.tables import Account, Act, Answer, Enrolment
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import ANSWERS, answer_one, begin, live_through, main_button, step

DESK = {"width": 1280, "height": 900}
ALREADY = re.compile("déjà fait")


@pytest.fixture
def account(there: Live, request: pytest.FixtureRequest) -> Account:
    return there.invite(re.sub(r"\W", "-", request.node.name)[-60:])


def asked(there: Live, page: Page, account: Account) -> str:
    """Live an experience, then wait for its first question; the address of that question."""
    begin(page)
    live_through(page)
    return f"/touch/{there.next_touch(account)}"


def steps(there: Live, account: Account) -> list[str]:
    """What they chose, in order."""
    mine = {row.table for row in there.rows(Enrolment) if row.learner == account.id}
    return [
        row.said["choice"]
        for row in sorted(there.rows(Act), key=lambda row: row.number)
        if row.table in mine
    ]


def answers(there: Live, account: Account) -> list[dict[str, str]]:
    """What they answered."""
    mine = {row.id for row in there.rows(Enrolment) if row.learner == account.id}
    return [row.content for row in there.rows(Answer) if row.enrolment in mine]


def test_an_experience_goes_on_where_it_was_on_another_device(
    there: Live, window: Windows, account: Account
) -> None:
    phone = window(account)
    begin(phone)
    phone.locator("main .choice").nth(1).click()
    expect(step(phone, 2)).to_be_attached()
    phone.locator("main .choice").nth(0).click()
    expect(step(phone, 3)).to_be_attached()
    story = phone.locator("main .story").inner_text()

    desk = window(account, viewport=DESK)
    desk.goto("/home")
    main_button(desk).click()
    expect(desk.locator("main .story")).to_have_text(story, use_inner_text=True)
    desk.locator("main .choice").first.click()
    expect(step(desk, 4)).to_be_attached()

    phone.reload()
    expect(phone.locator("main .story")).to_have_text(
        desk.locator("main .story").inner_text(), use_inner_text=True
    )
    assert len(steps(there, account)) == 3


def test_a_choice_pressed_twice_counts_once(there: Live, window: Windows, account: Account) -> None:
    page = window(account)
    begin(page)
    page.locator("main .choice").first.dblclick(no_wait_after=True)
    expect(page.locator("main .story .after")).to_be_visible()
    page.reload()
    expect(page.locator("main .choice").first).to_be_visible()
    assert len(steps(there, account)) == 1


def test_going_back_finds_the_choice_standing_and_the_story_where_it_is(
    there: Live, window: Windows, account: Account
) -> None:
    page = window(account)
    begin(page)
    page.locator("main .choice").first.click()
    expect(step(page, 2)).to_be_attached()
    story, chosen = page.locator("main .story").inner_text(), steps(there, account)
    page.go_back()
    expect(page.locator("main .story")).to_have_text(story, use_inner_text=True)
    assert steps(there, account) == chosen


def test_of_two_tabs_the_first_to_choose_decides_and_the_other_says_so(
    there: Live, window: Windows, account: Account
) -> None:
    one = window(account)
    begin(one)
    other = one.context.new_page()
    other.goto(one.url)
    other.locator("main .choice").nth(1).click()
    expect(step(other, 2)).to_be_attached()
    one.locator("main .choice").first.click()
    expect(one.get_by_role("status")).to_have_text(ALREADY)
    expect(one.locator("main .story")).to_have_text(
        other.locator("main .story").inner_text(), use_inner_text=True
    )
    assert len(steps(there, account)) == 1
    live_through(one)
    other.locator("main .choice").first.click()
    expect(other.locator("main")).to_contain_text("C’est tout pour l’instant")


def test_a_question_answered_in_another_tab_is_not_answered_again(
    there: Live, window: Windows, account: Account
) -> None:
    one = window(account)
    question = asked(there, one, account)
    other = one.context.new_page()
    for tab in (one, other):
        tab.goto(question)
    answer_one(one)
    expect(one.locator("main .button, main h1.question").first).to_be_visible()
    kept = answers(there, account)
    other.fill("[name=text]", "Tout autre chose.")
    main_button(other).click()
    expect(other.locator("main .button").first).to_be_visible()
    expect(other.locator("main")).to_contain_text("déjà")
    assert answers(there, account) == kept == [{"text": ANSWERS["text"]}]


def test_an_answer_sent_twice_is_kept_once(there: Live, window: Windows, account: Account) -> None:
    page = window(account)
    page_of_question = asked(there, page, account)
    page.goto(page_of_question)
    page.fill("[name=text]", ANSWERS["text"])
    main_button(page).dblclick(no_wait_after=True)
    expect(page.locator("main")).to_contain_text("Dernière réponse gardée")
    assert answers(there, account) == [{"text": ANSWERS["text"]}]


def test_a_slip_of_the_thumb_is_taken_back(there: Live, window: Windows, account: Account) -> None:
    page = window(account)
    page.goto(asked(there, page, account))
    answer_one(page)
    page.locator("main form[action$='/undo'] button").click()
    expect(page.locator("main h1.question")).to_be_visible()
    assert answers(there, account) == []


def test_what_was_written_and_refused_is_still_in_the_form(
    there: Live, window: Windows, account: Account
) -> None:
    page = window(account)
    page.goto(asked(there, page, account))
    page.locator("[name=text]").evaluate("e => { e.value = 'long '.repeat(500) }")
    main_button(page).click()
    expect(page.locator("main .fault")).to_be_visible()
    assert page.input_value("[name=text]").startswith("long long")
    assert answers(there, account) == []


def test_far_too_much_is_refused_in_words_and_nothing_is_kept(
    there: Live, window: Windows, account: Account
) -> None:
    page = window(account)
    page.goto(asked(there, page, account))
    page.locator("[name=text]").evaluate(
        "e => { e.hidden = true; e.value = 'x'.repeat(10_000_000) }"
    )
    main_button(page).click()
    expect(page.locator("main h1")).to_have_text("Ce que vous avez écrit est trop long")
    assert answers(there, account) == []
