"""A game in the preview: played alone with its voices, with its rounds and its debrief."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from engine.packs.new import STARTERS, new_pack
from engine.packs.read import read_pack
from tests.plays import PACKS
from web.pages.preview import ACT, create_app
from web.pages.rehearsal import as_far_as_possible, seen, written
from web.site.forms import as_written


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


@pytest.mark.parametrize("kind", sorted(STARTERS))
def test_the_starter_of_every_kind_can_be_played_to_its_end(tmp_path: Path, kind: str) -> None:
    client, acts = of(tmp_path, kind), list[tuple[str, str]]()
    module = read_pack(new_pack("mine", kind)).modules[STARTERS[kind]]
    page, screen = f"/modules/{module.id}", seen(module, ())
    while not screen.finished:
        said = as_written(screen.form.sample)
        shown = client.get(page, query_string=MultiDict([("lang", "fr"), *acts, *said.items()]))
        assert "L’histoire a changé" not in shown.text and "aria-invalid" not in shown.text
        acts.append((ACT, written(screen.form.sample)))
        screen = seen(module, as_far_as_possible(module, [act for _, act in acts]))
    assert "<form" in client.get(page, query_string=MultiDict(acts[:-1])).text
    assert "<form" not in client.get(page, query_string=MultiDict(acts)).text


def test_a_game_is_played_to_its_debrief(tmp_path: Path) -> None:
    client = of(tmp_path, "public-goods")
    put = "".join("&kept.act=put%3D5" for _round in range(3))
    page = client.get(f"/modules/la-salle?lang=fr{put}&put=5").text
    assert "Ce que faisaient les voix enregistrées" in page
    assert "Premier mois\u202f: 5 heures" in page, "a prompt quotes what was put in"
    wrong = client.get("/modules/la-salle?lang=fr&put=99").text
    assert "aria-invalid" in wrong


def test_days_pass_in_a_mission_that_is_previewed(tmp_path: Path) -> None:
    app = create_app(PACKS / "partenariats")
    app.testing = True
    client, page = app.test_client(), "/modules/cinq-minutes-pour-raconter?lang=fr"
    begun = "&kept.act=whom%3Dtable%26day%3D2000-01-02&kept.act=choice%3Dbeen"
    told = f"{begun}&kept.act=phrase%3DIl+pleuvait.&kept.act=avec%3D1&kept.act=pari%3DLa+clef."
    waited = client.get(page + told).text
    assert "Ici, des jours passent" in waited and "La clef" in waited
    assert 'value="been"' in waited, "and the form of that day is there at once"
    kept = f"{told}&kept.act=choice%3Dbeen&kept.act=garde%3DLa+clef."
    last = client.get(f"{page}{kept}&ecart=pari").text
    assert "votre pari tient" in last and "on pouvait venir à deux" in last
    assert "quelqu’un qui ne sait pas au juste ce que vous faites" in last
