"""A facilitator at their desk: pins, leaves out, changes the minutes, reads conflicts in words,
looks at progress, invites."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.storage.tables import Account, Placement
from tests.browser.conftest import Windows
from tests.browser.live import Live
from web import worker

DESK = {"width": 1280, "height": 900}
COURSE = "/courses/modeles-socio-economiques"


@pytest.fixture(scope="module")
def dominique(there: Live) -> Account:
    return there.facilitator()


@pytest.fixture
def desk(window: Windows, dominique: Account) -> Page:
    page = window(dominique, viewport=DESK, java_script_enabled=False)
    page.goto("/")
    page.locator("main table th a").click()
    page.get_by_role("link", name="Plan du cours").click()
    expect(page.locator("main h1")).to_contain_text("modèles socio-économiques")
    page.wait_for_load_state()  # tests count the rows of the whole page
    return page


def placed(there: Live) -> dict[str, str]:
    """Where each module is."""
    return {row.module: row.section for row in there.rows(Placement)}


def rows(page: Page) -> Locator:
    """Rows of the outline that hold an experience."""
    return page.get_by_role("region", name="Plan du cours").locator(
        "tbody tr", has=page.locator("form")
    )


def slot_within(page: Page, minutes: str) -> None:
    page.fill("[name=weekly_minutes]", minutes)
    page.locator("form:has([name=weekly_minutes]) button").click()


def keep(page: Page) -> None:
    """What a change would do is shown; it is kept."""
    page.get_by_role("button", name="Garder ce plan").click()
    expect(page.get_by_role("region", name="Plan du cours")).to_be_visible()


def test_every_placement_says_why_it_is_there(desk: Page) -> None:
    expect(rows(desk)).to_have_count(5)
    for row in rows(desk).all():
        why = row.locator("[data-label=Pourquoi]")
        expect(why.locator("li").first).to_be_hidden()
        why.locator("summary").click()
        expect(why.locator("li").first).to_be_visible()


def test_a_pinned_experience_stays_through_slotting_anew(there: Live, desk: Page) -> None:
    before = placed(there)
    rows(desk).first.get_by_role("button", name="Épingler ici").click()
    expect(rows(desk).first).to_contain_text("épinglée")
    assert placed(there) == before
    rows(desk).first.get_by_role("button", name="Retirer l’épingle").click()
    expect(rows(desk).first).not_to_contain_text("épinglée")


def test_an_experience_left_out_moves_below_with_its_reason_and_may_come_back(
    there: Live, desk: Page
) -> None:
    before = placed(there)
    title = rows(desk).last.locator("td").nth(1).inner_text().splitlines()[0]
    rows(desk).last.get_by_role("button", name="Écarter").click()
    keep(desk)
    left_out = desk.get_by_role("region", name="Laissées de côté").locator(
        "tbody tr", has_text=title
    )
    expect(left_out).to_contain_text("Vous l’avez")
    assert len(placed(there)) == len(before) - 1
    left_out.get_by_role("button").click()
    keep(desk)
    expect(rows(desk)).to_have_count(5)
    assert placed(there) == before


def test_fewer_minutes_leave_something_out_which_can_be_pinned_to_a_section_of_ones_choice(
    there: Live, desk: Page
) -> None:
    before = placed(there)
    slot_within(desk, "7")
    keep(desk)
    out = desk.get_by_role("region", name="Laissées de côté").locator("tbody tr")
    expect(out.first.locator("[data-label=Pourquoi]")).to_contain_text("minutes")
    assert 0 < len(placed(there)) < 5
    slot_within(desk, "15")
    keep(desk)
    expect(rows(desk)).to_have_count(5)
    assert placed(there) == before


def test_wishes_that_cannot_all_hold_are_named_and_change_nothing(there: Live, desk: Page) -> None:
    rows(desk).first.get_by_role("button", name="Épingler ici").click()
    before = placed(there)
    slot_within(desk, "1")
    conflict = desk.get_by_role("alert")
    expect(conflict).to_contain_text("minute")
    assert not re.search(r"[a-z]+-[a-z]+-[a-z]+/", conflict.inner_text()), "titles, not ids"
    assert placed(there) == before
    rows(desk).first.get_by_role("button", name="Retirer l’épingle").click()
    expect(rows(desk).first).not_to_contain_text("épinglée")


def test_minutes_a_week_are_a_figure_with_its_numbers_in_a_table(desk: Page) -> None:
    expect(desk.locator("figure svg")).to_be_visible()
    expect(desk.locator("figure table tbody tr")).to_have_count(9)


def test_progress_is_filtered_and_sorted_by_link(there: Live, desk: Page) -> None:
    for name, joined in (("Zoé", False), ("Élise", True), ("Anne", True)):
        there.invite(name.replace("é", "e").replace("É", "E"), joined=joined)
    desk.goto(f"{COURSE}/people")
    names = desk.locator("main tbody th")
    expect(names).to_contain_text(["Anne", "Elise", "Zoe"])
    desk.get_by_role("link", name=re.compile("^contrat pas encore accepté")).click()
    expect(names).to_contain_text(["Zoe"])
    desk.get_by_role("link", name=re.compile("^tout le monde")).click()
    expect(names).to_have_count(3)
    desk.get_by_role("link", name="État").click()
    expect(names).to_contain_text(["Zoe", "Anne", "Elise"])


def test_people_are_invited_by_mail_and_come_in_by_its_button(
    there: Live, desk: Page, window: Windows
) -> None:
    desk.goto(f"{COURSE}/invite")
    desk.fill("[name=emails]", "une@example.org\npas une adresse")
    desk.get_by_role("button", name="Inviter").click()
    expect(desk.locator("main")).to_contain_text("pas une adresse")
    expect(desk.get_by_role("button", name="Inviter cette personne")).to_be_visible()
    desk.goto(f"{COURSE}/invite")
    desk.fill("[name=emails]", "une@example.org\ndeux@example.org")
    desk.get_by_role("button", name="Inviter").click()
    expect(desk.get_by_role("status")).to_contain_text("2")
    expect(desk.locator("main tbody")).to_contain_text("deux@example.org")

    worker.tick(there.house.services)
    newcomer = window()
    newcomer.goto(there.house.outbox.link())
    newcomer.locator("main .button").click()
    expect(newcomer).to_have_url(re.compile("/experience/"))


def test_on_a_phone_every_row_is_a_card_with_all_it_says_in_sight(there: Live, desk: Page) -> None:
    desk.set_viewport_size({"width": 320, "height": 640})
    for piece in rows(desk).locator("button, td:not(:empty)").all():
        box = piece.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 320
    there.invite("Fleur")
    desk.goto(f"{COURSE}/people")
    sorting = desk.get_by_role("link", name="État")
    sorting.scroll_into_view_if_needed()
    expect(sorting).to_be_in_viewport(ratio=1)


def test_a_learner_finds_no_desk(there: Live, window: Windows) -> None:
    page = window(there.invite("Curieuse"))
    response = page.goto(COURSE)
    assert response is not None and response.status == 404
