"""The pages of a value chain: six arrows and no seventh, what was cut, hours to count, a year
later."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from engine.packs.read import read_folder, read_pack
from engine.storage.tables import Placement
from tests.apps import Visitor
from tests.builders import MONDAY
from tests.integration.learners import installed
from tests.plays import PACKS

PACK, MODULE = "partenariats", "ce-que-vaut-la-maison-des-associations"
PAPER = ("cle", "devoirs", "cafe", "courrier", "invendus", "chaudiere")
Begun = tuple[Visitor, str]


@pytest.fixture
def begun(tmp_path: Path) -> Begun:
    there = installed(tmp_path)
    services, files = there.house.services, read_folder(PACKS / PACK)
    services.library.install(files, MONDAY)
    with services.db.write("town") as unit:
        course = there.course(unit).id
        placed = unit.query(Placement).one()
        placed.pack, placed.module, placed.version = PACK, MODULE, read_pack(files).version
        unit.commit()
    ada = there.enrolled("ada@example.org")
    ada.get("/home")
    return ada, ada.post(f"/courses/{course}/s1/begin").location.partition("#")[0]


def send(begun: Begun, said: dict[str, str | list[str]]) -> TestResponse:
    ada, page = begun
    shown = ada.get(page).text
    hidden = dict(re.findall(r'type="hidden" name="(number|step)" value="([^"]*)"', shown))
    return ada.post(page, hidden | said)


def read(begun: Begun) -> str:
    ada, page = begun
    return unescape(ada.get(page).text)


def price(*counted: str) -> dict[str, str | list[str]]:
    return {f"price.{one}": "count" if one in counted else "keep" for one in PAPER}


def test_a_house_is_drawn_read_priced_and_told_a_year_later(begun: Begun) -> None:
    first = read(begun)
    assert "La ligne de la ville" in first and "Mme Da Silva remplit la cafetière" in first
    assert first.count('type="checkbox"') == 10 and "Jusqu’à 6" in first

    seventh = send(begun, {"draw": [*PAPER, "moi"]})
    assert seventh.status_code == 422
    assert unescape(seventh.text).count(" checked") == 7, "no tick is lost"
    assert send(begun, {"draw": []}).status_code == 422

    assert send(begun, {"draw": list(PAPER)}).status_code == 303
    cut = read(begun)
    assert "Lundi, il manque deux selles" in cut, "the bicycles were not drawn"
    assert "serrure à badge" not in cut, "the key was"
    assert "Sur votre feuille, et dans aucun compte" in cut

    too_much = send(begun, price("devoirs", "cafe", "courrier"))
    assert too_much.status_code == 422 and "11 heures" in unescape(too_much.text)
    assert 'name="price.courrier" value="count" checked' in too_much.text

    assert send(begun, price("devoirs", "cle", "invendus")).status_code == 303
    end = read(begun)
    assert "Je ne savais pas que j’étais en retard" in end
    assert "24 k€" in end and "Nadège fait trois pas de danse" in end
    assert "dessiné, chiffré" in end and "pas dessiné" in end and "arrêté" in end


def test_without_the_coffee_what_it_held_falls_whatever_has_a_price(begun: Begun) -> None:
    paper = ("cle", "devoirs", "gymnase", "courrier", "invendus", "moi")
    assert send(begun, {"draw": list(paper)}).status_code == 303
    assert "son paquet de filtres à la main" in read(begun)
    counted = {f"price.{one}": "count" if one == "devoirs" else "keep" for one in paper}
    assert send(begun, counted).status_code == 303
    end = read(begun)
    assert "La fiche des devoirs a douze lignes" in end
    assert "qu’autour de la cafetière" in end and "ses 10" in end
    assert "et le café" in end
