"""A grid of criteria in the player: many fields on one form, and what the form refuses."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from engine.packs.new import new_pack
from engine.storage.tables import Placement
from tests.builders import MONDAY
from tests.integration.learners import installed


def test_what_the_form_refuses_is_said_and_nothing_that_was_ticked_is_lost(tmp_path: Path) -> None:
    there = installed(tmp_path)
    services = there.house.services
    services.library.install(new_pack("grilles", "criteria"), MONDAY)
    with services.db.write("town") as unit:
        course = there.course(unit).id
        placed = unit.query(Placement).one()
        placed.pack, placed.module = "grilles", "le-parasol"
        unit.commit()
    ada = there.enrolled("ada@example.org")
    ada.get("/home")
    page = ada.post(f"/courses/{course}/s1/begin").location.partition("#")[0]

    def sends(**levels: int):
        shown = ada.get(page).text
        assert shown.count("<legend>") >= 4
        sent = dict(re.findall(r'type="hidden" name="(number|step)" value="([^"]*)"', shown))
        said = {f"scores.{name.replace('_', '.')}": str(level) for name, level in levels.items()}
        return ada.post(page, sent | said)

    missing = sends(miel_voisins=2, miel_retour=1)
    assert missing.status_code == 422 and 'name="scores.miel.voisins" value="2" checked' in (
        missing.text
    )
    first = {"miel_voisins": 2, "miel_retour": 0, "miel_pluie": 0}
    assert sends(**first).status_code == 303
    second = {"velos_voisins": 1, "velos_retour": 2, "velos_pluie": 2}
    assert sends(**second).status_code == 303
    far = sends(**first, **second | {"velos_retour": 0, "velos_pluie": 1})
    assert far.status_code == 422 and "3 crans ont bougé" in unescape(far.text)
    assert 'name="scores.velos.retour" value="0" checked' in far.text
    assert sends(**first, **second).status_code == 303
    assert 'name="reason"' in ada.get(page).text
