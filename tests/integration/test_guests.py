"""Somebody whom a learner met, without an account: one question by a signed link, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from engine.journey.forgetting import erase
from engine.journey.joining import learner_of
from engine.packs.read import read_folder
from engine.storage.tables import Act, Learner, Placement
from tests.apps import Visitor
from tests.builders import MODULE, MONDAY
from tests.integration.learners import TENANT, There, installed
from tests.plays import PACKS
from web.site.links import Links

pytestmark = pytest.mark.both_databases
WORDS = "Par la bouilloire, *évidemment*."


@dataclass
class Met:
    """Léa, who told somebody something, and the link that she shows them."""

    there: There
    lea: Visitor
    page: str

    @property
    def guest(self) -> Visitor:
        """A browser in which nobody ever signed in."""
        return self.there.house.client()

    def does(self, **said: str) -> None:
        shown = self.lea.get(self.page).text
        sent = dict(re.findall(r'type="hidden" name="(number|step)" value="([^"]*)"', shown))
        assert self.lea.post(self.page, sent | said).status_code == 303

    def link(self) -> str:
        found = re.search(r'value="https?://[^/"]+(/w/[^"]+)"', self.sees())
        assert found, "the link stands on the page"
        return found[1]

    def sees(self) -> str:
        return unescape(self.lea.get(self.page).text)

    def kept(self) -> list[str]:
        return [act.said["met"] for act in self.there.rows(Act) if "met" in act.said]


@pytest.fixture
def met(tmp_path: Path) -> Iterator[Met]:
    there = installed(tmp_path)
    services = there.house.services
    pack = services.library.install(read_folder(PACKS / "partenariats"), MONDAY)
    with services.db.write(TENANT) as unit:
        course = there.course(unit).id
        placed = unit.query(Placement).one()
        placed.pack, placed.version = pack.id, pack.version
        placed.module = "cinq-minutes-pour-raconter"
        unit.commit()
    lea = there.enrolled()
    lea.get("/home")
    page = lea.post(f"/courses/{course}/s1/begin").location.partition("#")[0]
    here = Met(there, lea, page)
    today = services.clock.now().date()
    here.does(whom="porte", day=(today + timedelta(days=2)).isoformat())
    yield here
    services.close()


def answers(guest: Visitor, link: str, words: str = WORDS) -> int:
    guest.get(link)
    return guest.post(link, {"met": words}).status_code


def test_opening_the_link_asks_and_changes_nothing(met: Met) -> None:
    link, before = met.link(), len(met.there.rows(Act))
    page = unescape(met.guest.get(link).text)
    assert "par quoi commenceriez-vous" in page and "Aucun compte" in page
    assert "lea@example.org" not in page and met.guest.get(link).status_code == 200
    assert len(met.there.rows(Act)) == before


def test_what_they_answer_is_kept_once_and_shown_to_nobody_who_has_the_link(met: Met) -> None:
    link = met.link()
    assert answers(met.guest, link) == 303 and met.kept() == [WORDS]
    again = met.guest
    assert answers(again, link, "Autre chose.") == 303 and met.kept() == [WORDS]
    page = unescape(again.get(link).text)
    assert "Merci" in page and "évidemment" not in page and 'name="met"' not in page
    assert "/w/" not in met.sees(), "it is offered no more"


def test_what_is_empty_or_too_long_is_said_on_the_page(met: Met) -> None:
    link, guest = met.link(), met.guest
    guest.get(link)
    long = guest.post(link, {"met": "x" * 301})
    assert long.status_code == 422 and "x" * 301 in long.text
    assert guest.post(link, {"met": " "}).status_code == 422 and met.kept() == []


def test_another_site_cannot_answer_in_their_place(met: Met) -> None:
    link = met.link()
    guest = met.there.house.app.test_client()
    assert guest.post(link, data={"met": WORDS}).status_code == 400 and met.kept() == []


def test_the_learner_reads_it_at_the_next_return_and_goes_on_undisturbed(met: Met) -> None:
    link = met.link()
    page = met.lea.get(met.page).text
    sent = dict(re.findall(r'type="hidden" name="(number|step)" value="([^"]*)"', page))
    assert answers(met.guest, link) == 303
    assert met.lea.post(met.page, sent | {"choice": "been"}).status_code == 303
    assert "évidemment" not in met.sees()
    for name, value in (("phrase", "Il pleuvait."), ("avec", "1"), ("pari", "La clef.")):
        met.does(**{name: value})
    assert "Revenez à partir du" in met.sees() and "évidemment" not in met.sees()
    met.there.house.clock.later(days=7)
    met.lea.sign_in()
    assert "Par la bouilloire, *évidemment*." in met.sees()


def test_a_link_that_is_not_ours_or_for_another_kind_opens_nothing(met: Met) -> None:
    link = met.link()
    assert met.guest.get(f"{link[:-2]}AA").status_code == 404
    services = met.there.house.services
    links, wall = Links.of(services.settings), services.clock.wall()
    [learner] = met.there.rows(Learner)
    for wrong in ("f" * 32, MODULE):
        address = links.guest(TENANT, learner.id, wrong, wall).partition("/w/")[2]
        assert met.guest.get(f"/w/{address}").status_code == 404
    old = links.guest(TENANT, learner.id, met.page.rpartition("/")[2], wall - timedelta(days=61))
    assert met.guest.get(f"/w/{old.partition('/w/')[2]}").status_code == 410


def test_the_learner_takes_it_along(met: Met) -> None:
    answers(met.guest, met.link())
    assert "videmment" in met.lea.get("/path.json").text


def test_it_is_erased_with_the_learner_and_the_link_ends(met: Met) -> None:
    link = met.link()
    answers(met.guest, link)
    services = met.there.house.services
    [learner] = met.there.rows(Learner)
    with services.db.write(TENANT) as unit:
        erase(unit, learner_of(unit, learner.id))
        unit.commit()
    assert met.there.rows(Act) == [] and met.guest.get(link).status_code == 404
