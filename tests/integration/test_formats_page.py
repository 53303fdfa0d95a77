"""Which format? A form for who leads courses or designs packs, and examples to live at once."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from engine.packs.new import new_pack
from engine.packs.read import read_folder
from tests import builders
from tests.apps import House, Visitor, house
from tests.builders import MONDAY

PACK = Path(__file__).parents[2] / "content_packs" / "modeles-socio-economiques"
ASKED = "/formats?aim=co-construct&minutes=25&people=12&means=room&maturity=2"


@pytest.fixture
def there(tmp_path: Path) -> House:
    made = house(tmp_path)
    made.services.library.install(read_folder(PACK), MONDAY)
    return made


def enter(there: House, role: str) -> Visitor:
    there.account(email=f"{role}@example.org", role=role)
    client = there.client()
    client.sign_in(f"{role}@example.org")
    return client


def words(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page))


def test_only_the_form_is_there_before_anything_is_asked(there: House) -> None:
    page = enter(there, "administrator").get("/formats")
    assert page.status_code == 200 and 'name="maturity"' in page.text
    assert 'class="card"' not in page.text


def test_kinds_are_advised_with_reasons_and_one_of_each_is_lived_at_once(there: House) -> None:
    there.services.library.install(new_pack(builders.PACK), MONDAY)
    with there.services.db.write("town") as unit:
        builders.course(unit)
        unit.commit()
    leader = enter(there, "administrator")
    page = leader.get(ASKED)
    assert page.text.count('<section class="card"') == 3
    assert "Elle sert votre visée" in words(page.text) and "Jeu de bien commun" in words(page.text)
    links = re.findall(r'href="(/courses/course/try/[^"]+)"', page.text)
    assert f"/courses/course/try/{PACK.name}/le-tarif-de-la-navette" in links
    for link in links:
        assert leader.get(unescape(link)).status_code == 200


def test_what_was_asked_stays_in_the_form(there: House) -> None:
    page = enter(there, "administrator").get(ASKED).text
    assert 'value="25"' in page and 'value="12"' in page
    assert re.search(r'<option value="room" selected>', page)


def test_a_designer_without_a_course_reads_which_experience_shows_it(there: House) -> None:
    page = enter(there, "designer").get(ASKED)
    assert page.status_code == 200 and "/try/" not in page.text
    assert "Le tarif de la navette" in words(page.text)


def test_where_no_pack_is_installed_there_is_nothing_to_live_and_it_is_said(
    tmp_path: Path,
) -> None:
    page = enter(house(tmp_path), "administrator").get(ASKED)
    assert words(page.text).count("Aucun des packs installés n’en a encore") == 3


def test_what_cannot_be_is_read_as_the_nearest_that_can(there: House) -> None:
    page = enter(there, "administrator").get(
        "/formats?aim=peace&minutes=9999&people=many&means=&maturity=0"
    )
    assert page.status_code == 200
    assert 'value="600"' in page.text and 'value="12"' in page.text


def test_learners_do_not_find_it_and_visitors_are_asked_who_they_are(there: House) -> None:
    assert enter(there, "learner").get("/formats").status_code == 404
    assert there.client().get("/formats").status_code == 302


def test_the_courses_and_the_packs_lead_to_it(there: House) -> None:
    administrator = enter(there, "administrator")
    for page in ("/courses/", "/admin/packs"):
        assert 'href="/formats"' in administrator.get(page).text
