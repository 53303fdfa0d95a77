"""Who runs a course tries it, changes its plan and undoes that, ends and reopens it; a learner
shares a sentence and takes it back. Each page at 320 px, by keyboard, light and dark, in French and
in English."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from engine.storage.tables import Account, Course, Placement, Shared
from tests.browser.checks import faults_by_axe, out_of_reach, small_targets, too_wide
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import begin, live_through, tap

SLUG = "modeles-socio-economiques"
COURSE = f"/courses/{SLUG}"
TRY = f"{COURSE}/try/{SLUG}/l-epicerie-du-bourg"
PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def dominique(there: Live) -> Account:
    return there.facilitator()


@pytest.fixture
def desk(window: Windows, dominique: Account) -> Page:
    page = window(dominique, viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page.goto(COURSE)
    return page


def placed(there: Live) -> dict[str, str]:
    return {row.module: row.section for row in there.rows(Placement)}


def is_open_to_all(page: Page) -> None:
    """Nobody is kept from the page that is shown."""
    assert faults_by_axe(page) == ""
    assert too_wide(page) == [] and small_targets(page) == []
    assert out_of_reach(page) == []


def reads_in(there: Live, language: str) -> None:
    with there.house.services.db.write(there.tenant) as unit:
        unit.execute(update(Account).values(language=language))
        unit.commit()


def to_the_first_question(page: Page) -> None:
    page.goto(TRY)
    while page.locator("main .choices button").count():
        tap(page, page.locator("main .choices button").first)
    tap(page, page.locator("main .actions .button").first)


def test_a_pin_shows_what_it_changes_is_kept_and_undone(there: Live, desk: Page) -> None:
    before = placed(there)
    row = desk.locator("tr", has=desk.locator("[name=ban]")).first
    row.locator("summary", has_text="Déplacer").click()
    row.locator("select").select_option(index=4)
    row.get_by_role("button", name="Épingler là").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Ce que cela change")
    assert placed(there) == before
    desk.get_by_role("button", name="Garder ce plan").click()
    expect(desk.get_by_role("status")).to_contain_text("Placement refait")
    assert placed(there) != before
    desk.get_by_role("button", name="Annuler le dernier changement").click()
    expect(desk.get_by_role("status")).to_contain_text("Annulé")
    assert placed(there) == before


def test_a_course_is_ended_and_reopened(there: Live, desk: Page) -> None:
    desk.goto(f"{COURSE}/life")
    form = desk.locator("form[action$='/life/end']")
    form.get_by_label("Elles s’arrêtent").check()
    form.get_by_role("button").click()
    expect(desk.locator("main .lead")).to_contain_text("s’est terminé")
    assert [course.ended_at is None for course in there.rows(Course)] == [False]
    desk.get_by_role("button", name="Le rouvrir").click()
    expect(desk.locator("main .lead")).to_contain_text("en route")
    assert [course.ended_at is None for course in there.rows(Course)] == [True]


def test_an_experience_is_tried_with_the_mail_of_its_first_question(desk: Page) -> None:
    to_the_first_question(desk)
    question = desk.locator("#question").inner_text()
    desk.get_by_role("button", name="Voir son courriel").click()
    mail = desk.frame_locator("iframe.mail").locator("main")
    expect(mail).to_contain_text(question[-30:])
    assert mail.evaluate("e => getComputedStyle(e).maxWidth") != "none", "its styles are there"
    desk.get_by_role("button", name="Revenir à la question").click()
    expect(desk.locator("#question")).to_have_text(question)


def shared_by(there: Live, page: Page, account: Account, words: str) -> None:
    """Somebody lives an experience and shares their first answer in their own words."""
    begin(page)
    live_through(page)
    for _touch in range(4):
        page.goto(f"/touch/{there.next_touch(account)}")
        while page.locator("#question").count():
            if page.locator("textarea[name=text]").count():
                page.fill("textarea[name=text]", words)
                page.locator("input[name=share]").check()
                tap(page, page.locator("main form .button").first)
                return
            tap(page, page.locator("main .choices button, main .scale button").first)
            if "reveal" in page.url:
                tap(page, page.locator("main .actions .button").first)
    raise AssertionError("nothing was asked in one's own words")


def test_a_sentence_is_shared_by_a_tick_and_taken_back(there: Live, window: Windows) -> None:
    lea = there.invite("Lea")
    page = window(lea, java_script_enabled=False)
    shared_by(there, page, lea, "Nadia, d’abord")
    assert len(there.rows(Shared)) == 1
    page.goto("/shared")
    expect(page.locator("main")).to_contain_text("Nadia, d’abord")
    page.get_by_role("button", name="Ne plus la partager").click()
    expect(page.get_by_role("status")).to_contain_text("plus partagée")
    assert there.rows(Shared) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_it_is_open_to_all(
    there: Live, window: Windows, dominique: Account, language: str
) -> None:
    noe = there.invite(f"Noe-{language}")
    shared_by(there, window(noe, java_script_enabled=False), noe, "Rien que mes mots")
    reads_in(there, language)
    learner = window(noe, viewport=PHONE)
    learner.goto("/shared")
    is_open_to_all(learner)
    page = window(dominique, viewport=PHONE)
    with there.house.services.db.read(there.tenant) as unit:
        free = unit.scalars(select(Course)).one().outline["sections"][-1]["id"]
    for address in (COURSE, f"{COURSE}/life", f"{COURSE}/words", TRY, "/courses/?archived=1"):
        page.goto(address)
        is_open_to_all(page)
    page.goto(COURSE)
    form = page.locator("form:has(select[name=section])").first
    form.evaluate("(form, id) => { form.elements.section.value = id; form.submit() }", free)
    page.wait_for_url(re.compile("/slot$"))
    expect(page.locator("main table")).to_be_visible()
    is_open_to_all(page)
    to_the_first_question(page)
    is_open_to_all(page)
    page.locator("main form:has([name='kept.go'][value=mail]) button").click()
    expect(page.locator("iframe.mail")).to_be_visible()
    assert too_wide(page) == [] and small_targets(page) == []
    reads_in(there, "fr")
