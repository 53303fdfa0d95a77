"""A round of co-development in three windows at once, on phones, by whoever came."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.courses.cohorts import create
from engine.journey import tables
from engine.packs.new import new_pack
from engine.storage.tables import CohortMember, Course, Placement
from tests.browser import checks
from tests.browser.conftest import Windows
from tests.browser.live import Live
from tests.browser.walking import main_button, tap

PHONE = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture(scope="module")
def section(there: Live) -> tuple[str, str]:
    """The course and the section where the round is placed."""
    return there.placed(new_pack("pairs", "codev"), "la-pause")


def writes(page: Page, field: str, words: str) -> None:
    page.locator(f"main [name={field}]").fill(words)
    tap(page, main_button(page))


def says(page: Page, button: str) -> None:
    tap(page, page.get_by_role("button", name=button))


def sound(page: Page) -> None:
    page.goto(page.url.partition("#")[0])
    assert checks.too_wide(page) == [] and checks.small_targets(page) == []
    assert checks.faults_by_axe(page) == ""


def test_three_who_came_hold_a_round_from_the_question_to_the_cards(
    there: Live, window: Windows, section: tuple[str, str]
) -> None:
    course, place = section
    accounts = [there.invite(name) for name in ("Ada", "Bea", "Cle")]
    with there.house.services.units.write(there.tenant) as work:
        found = work.session.get(Course, (there.tenant, course))
        cohort = create(work.session, found, "Pairs")
        for account in accounts:
            work.session.add(CohortMember(cohort=cohort.id, account=account.id))
        placed = work.session.scalars(
            select(Placement).where(Placement.section == place, Placement.course == course)
        ).one()
        table = tables.open_table(work, placed, "live", cohort.id)
        work.commit()
    ada, bea, cle = (window(account, **PHONE) for account in accounts)
    for page in (ada, bea, cle):
        page.goto(f"/courses/{course}/{place}/table")
        assert page.locator("main form:has([value=others])").count() == 0
        tap(page, page.locator(f"main form:has([value='{table}']) button"))
    says(cle, "Commencer avec celles et ceux qui sont là")
    expect(ada.locator("main [name=question]")).to_be_visible()
    expect(bea.locator("main")).to_contain_text("moins nombreux que prévu")
    sound(ada)
    writes(ada, "question", "Comment trouver des bénévoles ?")
    says(bea, "Étape suivante")
    expect(cle.locator("main [name=card]")).to_be_visible()
    expect(cle.locator("main .heard")).to_contain_text("Comment trouver des bénévoles ?")
    writes(cle, "card", "Un tableau de permanences")
    says(bea, "Étape suivante")
    expect(cle.locator("main [name=heard]")).to_be_visible()
    expect(ada.locator("main")).not_to_contain_text("Comment trouver des bénévoles ?")
    writes(bea, "heard", "Qui ferme le lundi ?")
    writes(cle, "heard", "Qui a le droit d’oublier les lumières ?")
    expect(ada.locator("main .heard li")).to_have_count(2)
    sound(ada)
    says(ada, "Le bout du banc")
    ada.locator("main [name=wording]").fill("Tout autre chose que ce qui était écrit là")
    main_button(ada).click()
    expect(ada.locator("main [aria-invalid=true]")).to_have_value(
        "Tout autre chose que ce qui était écrit là"
    )
    writes(ada, "wording", "Qui a le droit d’oublier la clé ?")
    says(bea, "Étape suivante")
    writes(ada, "act", "Lundi, je rentre chez moi")
    expect(cle.locator("main .heard")).to_contain_text("Un tableau de permanences")
    assert "permanences" not in bea.content()
    says(cle, "Ne tient plus.")
    says(ada, "C’était bien la question.")
    for page in (ada, bea, cle):
        expect(page.locator("main h1.done")).to_be_visible()
    expect(ada.locator("main")).to_contain_text("Qui a le droit d’oublier la clé ?")
    sound(ada)
    sound(cle)
    assert "permanences" not in bea.content() and "bénévoles ?" not in bea.content()


def test_alone_and_without_scripts_the_recorded_round_is_stopped_once(
    there: Live, window: Windows, section: tuple[str, str]
) -> None:
    page = window(there.invite("Solo"), java_script_enabled=False, **PHONE)
    page.goto("/courses/{}/{}/table".format(*section))
    tap(page, page.locator("main form:has([value=alone]) button"))
    writes(page, "question", "Comment trouver des bénévoles ?")
    says(page, "Là, je dirais quelque chose")
    writes(page, "card", "Un tableau")
    expect(page.locator("main")).to_contain_text("Si vous aviez parlé")
    says(page, "Écouter la suite")
    expect(page.locator("main")).to_contain_text("Vous apportiez : « Comment trouver des")
    writes(page, "wording", "Qui ferme le lundi ?")
    writes(page, "act", "Lundi, je rentre")
    says(page, "Ne tient plus.")
    expect(page.locator("main h1.done")).to_be_visible()
