"""The pages of a meshing table: three levels a task, who said what of whom, what the hours allow,
and who does what in the end."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from engine.packs.read import read_folder, read_pack
from engine.storage.tables import Placement, PlayTable
from tests.apps import Visitor
from tests.builders import MONDAY
from tests.integration.learners import There, installed
from tests.plays import PACKS

PACK, MODULE = "pilotage-de-projet", "le-retroplanning-du-carnaval"
TASKS = ("dossier", "affiches", "parcours", "eau", "vaval", "nuit")
BRIEF = {"dossier": 222, "affiches": 222, "parcours": 0, "eau": 110, "vaval": 0, "nuit": 120}
"""What the first seat says of each task, as its brief tells it: knows, is able, wants to."""
Hall = tuple[There, str, Visitor, Visitor]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    there = installed(tmp_path)
    services, files = there.house.services, read_folder(PACKS / PACK)
    services.library.install(files, MONDAY)
    with services.db.write("town") as unit:
        course = there.course(unit).id
        placed = unit.query(Placement).one()
        placed.pack, placed.module, placed.version = PACK, MODULE, read_pack(files).version
        unit.commit()
    ada, bea = (there.enrolled(f"{name}@example.org") for name in ("ada", "bea"))
    return there, f"/courses/{course}/s1/table", ada, bea


def sit(visitor: Visitor, way: str, where: str) -> str:
    visitor.get(way)
    return visitor.post(way, {"where": where}).location


def send(visitor: Visitor, page: str, said: dict[str, str]) -> str:
    """Sends what is said, and returns the page that comes of it."""
    html = visitor.get(page).text
    hidden = dict(re.findall(r'type="hidden" name="(number|step)" value="([^"]*)"', html))
    answer = visitor.post(page.partition("#")[0], hidden | said)
    return unescape(answer.text if answer.status_code == 422 else visitor.get(page).text)


def line(**changed: int) -> dict[str, str]:
    """The levels of the brief, with these in their place."""
    return {
        f"lines.{task}.{question}": level
        for task, levels in (BRIEF | changed).items()
        for question, level in zip(("knows", "able", "wants"), f"{levels:03}", strict=True)
    }


def test_alone_one_keeps_the_posters_and_the_night_stays_empty(hall: Hall) -> None:
    _, way, ada, _ = hall
    page = sit(ada, way, "alone")
    first = unescape(ada.get(page).text)
    assert "Vous tenez le bureau des fêtes" in first and "Vous êtes Firmin" not in first
    assert len(re.findall(r'type="radio"[^>]* required', first)) == 6 * 3 * 3
    assert "octobre – décembre" in first and 'class="grid short"' in first
    incomplete = line()
    del incomplete["lines.nuit.wants"]
    refused = send(ada, page, incomplete)
    assert 'name="lines.affiches.knows" value="2" checked' in refused

    compared = send(ada, page, line())
    assert "20 heures faites deux fois, 20 heures qui manquent" in compared
    assert "le bureau, Rodrigue" in compared and "dit par" in compared
    assert "personne ne veut" in compared

    open_tasks = send(ada, page, {"give": "-"})
    assert "2 heures au plus, en tout" in open_tasks and "Ce que chacun lâche" in open_tasks
    both = {"mend.vaval": "absalon", "mend.nuit": "garder"}
    refused = send(ada, page, both)
    assert "cela prend 13 heures, et il en reste 2" in refused
    assert 'name="mend.nuit" value="garder" checked' in refused

    end = send(ada, page, both | {"mend.nuit": "-"})
    assert "clouée" not in end and "On décroche l’affiche à la plume" in end
    assert "Vingt ans que la mairie m’emprunte l’échelle" in end
    assert "Qui fait quoi, quand, comment et avec qui" in end and "comme dit au départ" in end


def test_at_a_table_nobody_reads_anothers_line_before_all_have_said_theirs(hall: Hall) -> None:
    there, way, ada, bea = hall
    hers = sit(ada, way, "others")
    with there.house.services.db.write("town") as unit:
        unit.query(PlayTable).one().pace = "live"
        unit.commit()
    theirs = sit(bea, way, "others")
    ada.get(hers)
    ada.post(f"{hers.partition('#')[0]}/table", {"do": "begin"})
    waiting = send(ada, hers, line())
    assert "La table attend" in waiting and "Sait · peut · veut" not in waiting
    second = unescape(bea.get(theirs).text)
    assert "Vous êtes Firmin" in second and "Vous tenez le bureau" not in second
    compared = send(bea, theirs, line(parcours=222, dossier=0, affiches=0, nuit=220))
    assert "Sait · peut · veut" in compared and "2\u00a0·\u00a02\u00a0·\u00a00" in compared
