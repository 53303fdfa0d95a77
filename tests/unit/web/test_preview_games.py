"""A game in the preview: played alone with its voices, with its rounds and its debrief."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from engine.packs.new import STARTERS, new_pack
from tests.plays import PACKS
from web.pages.preview import create_app


def of(folder: Path, kind: str) -> FlaskClient:
    for name, data in new_pack("mine", kind).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    app = create_app(folder)
    app.testing = True
    return app.test_client()


@pytest.mark.parametrize("kind", sorted(STARTERS))
def test_the_starter_of_every_kind_opens_in_the_preview(tmp_path: Path, kind: str) -> None:
    page = of(tmp_path, kind).get(f"/modules/{STARTERS[kind]}?lang=fr")
    assert page.status_code == 200 and "<form" in page.text


def test_a_game_is_played_to_its_debrief(tmp_path: Path) -> None:
    client = of(tmp_path, "public-goods")
    put = "".join("&act=put%3D5" for _round in range(3))
    page = client.get(f"/modules/la-salle?lang=fr{put}&put=5").text
    assert "Ce que faisaient les voix enregistrées" in page
    assert "Premier mois\u202f: 5 heures" in page, "a prompt quotes what was put in"
    wrong = client.get("/modules/la-salle?lang=fr&put=99").text
    assert "aria-invalid" in wrong


def test_days_pass_in_a_mission_that_is_previewed(tmp_path: Path) -> None:
    app = create_app(PACKS / "partenariats")
    app.testing = True
    client, page = app.test_client(), "/modules/cinq-minutes-pour-raconter?lang=fr"
    begun = "&act=whom%3Dtable%26day%3D2000-01-02&act=choice%3Dbeen"
    told = f"{begun}&act=phrase%3DIl+pleuvait.&act=avec%3D1&act=pari%3DLa+clef."
    waited = client.get(page + told).text
    assert "Ici, des jours passent" in waited and "La clef" in waited
    assert 'value="been"' in waited, "and the form of that day is there at once"
    last = client.get(f"{page}{told}&act=choice%3Dbeen&act=garde%3DLa+clef.&ecart=pari").text
    assert "votre pari tient" in last and "on pouvait venir à deux" in last
    assert "quelqu’un qui ne sait pas au juste ce que vous faites" in last
