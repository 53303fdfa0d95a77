"""A map in the player: the list is the form, and what it refuses is said where it is."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from engine.packs.new import new_pack
from engine.storage.tables import Placement
from tests.builders import MONDAY
from tests.integration.learners import installed

NAMES = ("maire", "boulangere", "ecole", "fernand", "bois", "voisine")


def test_a_list_of_numbers_is_the_map_and_nothing_that_was_written_is_lost(tmp_path: Path) -> None:
    there = installed(tmp_path)
    services = there.house.services
    services.library.install(new_pack("cartes", "map"), MONDAY)
    with services.db.write("town") as unit:
        course = there.course(unit).id
        placed = unit.query(Placement).one()
        placed.pack, placed.module = "cartes", "le-four"
        unit.commit()
    ada = there.enrolled("ada@example.org")
    ada.get("/home")
    page = ada.post(f"/courses/{course}/s1/begin").location.partition("#")[0]

    def sends(more: dict[str, str] | None = None, **places: tuple[int | str, int | str]):
        shown = ada.get(page).text
        sent = dict(re.findall(r'type="hidden" name="(number|step)" value="([^"]*)"', shown))
        said = {
            f"map.{n}.{axis}": str(its[i])
            for n, its in places.items()
            for i, axis in enumerate("xy")
        }
        return ada.post(page, sent | said | (more or {}))

    assert "plane.js" in ada.get(page).text
    first = {name: (9 - n, 9 - n) for n, name in enumerate(NAMES)}
    off = sends({"added": "<b>le curé</b>"}, **first | {"voisine": (11, 2)})
    assert off.status_code == 422 and 'id="map.voisine.x-fault"' in off.text
    assert 'name="map.maire.x" value="9"' in off.text
    assert "&lt;b&gt;le curé" in off.text
    added = {"added": "<b>le curé</b>", "map._added.x": "10", "map._added.y": "10"}
    assert sends(added, **first).status_code == 303

    shown = unescape(ada.get(page).text)
    assert "<b>le curé" not in ada.get(page).text and "<b>le curé</b>" in shown
    assert shown.count("un tabouret") == 3 and "plane.js" not in shown
    assert sends({"call": "maire"}).status_code == 422, "who sits is not called"
    assert sends({"call": "voisine"}).status_code == 303

    stands = {**first, "_added": (10, 10)}
    assert "C’est gentil de prévenir" in unescape(ada.get(page).text)
    far = sends(**stands | dict.fromkeys(NAMES[:3], (0, 0)))
    assert far.status_code == 422 and "3 ont bougé" in unescape(far.text)
    assert 'name="map.ecole.y" value="0"' in far.text
    assert sends(**stands | {"voisine": (10, 10)}).status_code == 303
    end = unescape(ada.get(page).text)
    assert "Oui\u202f: 1" in end and "pas de oui" in end
