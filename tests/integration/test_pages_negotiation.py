"""The pages of a negotiation: the sheet of clauses, one's own points, what the other never reads,
and what is laid open at the end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.packs.read import read_folder, read_pack
from engine.storage.tables import Placement, PlayTable
from tests.apps import Visitor
from tests.builders import MONDAY
from tests.integration.learners import There, installed
from tests.plays import PACKS

MODULE = "la-convention-a-signer-avant-midi"
CLAUSES = ("duree", "versement", "logo", "somme", "exclusivite")
TRADE = ("trois", "janvier", "camions", "quarante", "sans")
POLITE = ("un", "moities", "site", "quarante", "sans")
Hall = tuple[There, str, Visitor, Visitor]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    there = installed(tmp_path)
    services, files = there.house.services, read_folder(PACKS / "partenariats")
    services.library.install(files, MONDAY)
    with services.db.write("town") as unit:
        course = there.course(unit).id
        placed = unit.query(Placement).one()
        placed.pack, placed.module = "partenariats", MODULE
        placed.version = read_pack(files).version
        unit.commit()
    claire, youssef = (there.enrolled(f"{name}@example.org") for name in ("ada", "bea"))
    return there, f"/courses/{course}/s1/table", claire, youssef


def sit(visitor: Visitor, way: str, where: str) -> str:
    visitor.get(way)
    return visitor.post(way, {"where": where}).location


def say(visitor: Visitor, page: str, *package: str, **said: str) -> str:
    """Sends a package or an answer, and returns the page that comes of it."""
    html = visitor.get(page).text
    hidden = dict(re.findall(r'type="hidden" name="(number|step)" value="([^"]*)"', html))
    said |= dict(zip(CLAUSES, package, strict=False))
    visitor.post(page, {**hidden, **said})
    return visitor.get(page).text


def test_alone_one_writes_a_sheet_reads_the_answer_and_signs(hall: Hall) -> None:
    _, way, claire, _ = hall
    page = sit(claire, way, "alone")
    first = claire.get(page).text
    assert "Vous êtes Claire Sorel" in first and "Vous êtes Youssef Amara" not in first
    assert len(re.findall(r'type="radio"[^>]* required', first)) == 15
    assert "<legend>La durée</legend>" in first and "vos points" in first
    answer = say(claire, page, *POLITE)
    assert "Youssef Amara a écrit debout" in answer and "Reboucher son stylo" in answer
    assert "Les offres, la dernière d’abord" in answer
    say(claire, page, do="offer")
    end = say(claire, page, *TRADE)
    assert "Le deuxième hiver" in end and "Sans accord" in end
    assert "Sur les 243 feuilles possibles, 9 vous arrangeaient" in end
    assert "Quittez votre rôle" in end and "Ce que faisaient les voix" in end


def both(hall: Hall, pace: str) -> tuple[str, str]:
    """Two learners sit down at a table of that pace."""
    there, way, claire, youssef = hall
    hers = sit(claire, way, "others")
    with there.house.services.db.write("town") as unit:
        unit.query(PlayTable).one().pace = pace
        unit.commit()
    return hers, sit(youssef, way, "others")


def test_live_each_reads_their_own_brief_and_answers_what_the_other_wrote(hall: Hall) -> None:
    _, _, claire, youssef = hall
    hers, his = both(hall, "live")
    one, other = claire.get(hers).text, youssef.get(his).text
    assert "Vous êtes Claire Sorel" in one and "Vous êtes Claire Sorel" not in other
    assert "Vous êtes Youssef Amara" in other and "La table attend" in other
    waits = say(claire, hers, *TRADE)
    assert "La table attend" in waits and 'type="radio"' not in waits
    assert "Claire Sorel fait glisser la feuille" in youssef.get(his).text
    end = say(youssef, his, do="accept")
    assert "Ce qui a été signé" in end and "Ce qui a été signé" in claire.get(hers).text


def test_over_days_no_page_shows_the_sheet_that_the_other_sealed(hall: Hall) -> None:
    _, _, claire, youssef = hall
    hers, his = both(hall, "days")
    assert "colle l’enveloppe" in claire.get(hers).text
    assert "La table attend" in say(claire, hers, *TRADE)
    assert "Les offres, la dernière d’abord" not in youssef.get(his).text
    opened = say(youssef, his, *POLITE)
    assert "Les offres, la dernière d’abord" in opened and "La feuille de Claire Sorel" in opened
    assert "Bressan" in opened and "Bressan" not in claire.get(hers).text
    assert "Ce qui a été signé" in say(youssef, his, sign="sorel")
