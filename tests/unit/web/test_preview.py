"""The preview: what an author sees in the browser of the folder they are writing in."""

from __future__ import annotations

import html
import random
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from engine.packs.new import new_pack
from engine.packs.scripts import anything
from tests import plays
from web.pages.preview import create_app
from web.pages.rehearsal import next_act, seen, written

PACKS = Path(__file__).parents[3] / "content_packs"
CHOICES = ("nadia", "neveu", "poser", "presenter")
PLAYED = "/modules/la-vitrine?lang=fr" + "".join(f"&kept.act=choice%3D{one}" for one in CHOICES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in new_pack("mon-pack").items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    return of(folder)


def of(folder: Path) -> FlaskClient:
    app = create_app(folder)
    app.testing = True
    return app.test_client()


def page(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return html.unescape(response.text)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_list_shows_every_module_with_its_minutes(client: FlaskClient) -> None:
    shown = page(client, "/?lang=en")
    assert (
        "A shop window lit in time for the fair" in shown
        and "stated: 5 minutes" in shown
        and "an average play:" in shown
    )


def test_a_choice_leads_to_the_next_screen_with_what_happened_and_the_gauges(
    client: FlaskClient,
) -> None:
    first = page(client, "/modules/la-vitrine?lang=fr")
    assert 'name="choice" value="nadia"' in first and "12" in first
    second = page(client, "/modules/la-vitrine?lang=fr&kept.act=choice%3Dnadia")
    assert (
        "Elle vient à pied" in second
        and "Le tableau électrique" in second
        and "repassée chez le bijoutier" in second
    )


def test_what_a_screen_brings_goes_into_the_address_of_the_next(client: FlaskClient) -> None:
    shown = page(client, "/modules/la-vitrine?lang=fr&kept.act=choice%3Dnadia&choice=neveu")
    assert re.findall(r'name="kept.act" value="([^"]+)"', shown) == ["choice=nadia", "choice=neveu"]
    wrong = page(client, "/modules/la-vitrine?lang=fr&kept.act=choice%3Dnadia&choice=marabout")
    assert re.findall(r'name="kept.act" value="([^"]+)"', wrong) == ["choice=nadia"]
    assert 'id="choice-fault"' in wrong and "L’histoire a changé" not in wrong


def test_the_end_shows_the_whole_debrief_in_order_filled_from_this_play(
    client: FlaskClient,
) -> None:
    shown = page(client, PLAYED)
    days = re.findall(r"Jour (\d+)", shown)
    assert days == ["1", "4", "10", "21", "60"]
    assert "Le lundi, vous avez choisi de rappeler Nadia" in shown
    assert shown.index("Jour 4") < shown.index("Puis le dévoilement") < shown.index("Jour 10")
    assert "Relier n’est pas tenir" in shown and "{" not in shown.partition("<details>")[0]
    assert "{choice.lundi}" in shown.partition("<details>")[2]


def test_the_language_changes_in_the_middle_of_a_play(client: FlaskClient) -> None:
    shown = page(client, "/modules/la-vitrine?lang=fr&kept.act=choice%3Dnadia")
    to_english = re.search(r'href="(/modules/[^"]+lang=en[^"]*)"', shown)
    assert to_english and "act=choice%3Dnadia" in to_english[1]
    assert "She comes on foot" in page(client, to_english[1])


def test_an_edit_is_seen_at_the_next_request(folder: Path, client: FlaskClient) -> None:
    edit(folder / "la-vitrine" / "fr.md", "Elle vient à pied", "Elle vient à vélo")
    after = "/modules/la-vitrine?lang=fr&kept.act=choice%3Dnadia"
    assert "Elle vient à vélo" in page(client, after)


def test_a_play_goes_as_far_as_a_changed_story_lets_it(client: FlaskClient) -> None:
    shown = page(
        client,
        "/modules/la-vitrine?lang=fr&kept.act=choice%3Dnadia&kept.act=choice%3Dmarabout&kept.act=choice%3Dposer",
    )
    assert "L’histoire a changé" in shown and "Le tableau électrique est à changer" in shown


def test_faults_stand_on_top_of_a_page_that_still_plays(folder: Path, client: FlaskClient) -> None:
    edit(folder / "la-vitrine" / "module.yaml", "minutes: 5 ", "minutes: 12 ")
    shown = page(client, "/modules/la-vitrine?lang=en")
    assert "la-vitrine/module.yaml:4:10" in shown and 'name="choice"' in shown


def test_a_broken_activity_is_not_played_and_its_fault_is_shown(
    folder: Path, client: FlaskClient
) -> None:
    edit(folder / "la-vitrine" / "module.yaml", "start: lundi", "start: lundy")
    shown = page(client, "/modules/la-vitrine?lang=en")
    assert (
        "did you mean “lundi”?" in shown
        and "It can be played once its activity is corrected" in shown
    )
    assert 'name="choice"' not in shown


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("arc: what-so-what-now-what", "arc: nowhere"),
        ("takeaway: relier-ou-tenir,", "takeaway: nothing,"),
        ("stage: transfer", "stage: never"),
        ("plan: plan", "plan: none"),
    ],
)
def test_a_faulty_debrief_leaves_the_experience_playable(
    folder: Path, client: FlaskClient, old: str, new: str
) -> None:
    edit(folder / "la-vitrine" / "module.yaml", old, new)
    shown = page(client, PLAYED.replace("=fr", "=en"))
    assert "la-vitrine/module.yaml:" in shown and "One step back" in shown


def test_a_pack_that_cannot_be_read_shows_its_faults_alone(
    folder: Path, client: FlaskClient
) -> None:
    edit(folder / "la-vitrine" / "module.yaml", "minutes: 5", "minutes: five")
    for path in ("/?lang=en", "/modules/la-vitrine?lang=en"):
        shown = page(client, path)
        assert "This pack cannot be read yet" in shown and "la-vitrine/module.yaml:4:10" in shown


def test_what_an_author_writes_never_becomes_markup(folder: Path, client: FlaskClient) -> None:
    edit(folder / "la-vitrine" / "fr.md", "Rouvrir une vitrine", "<script>alert(1)</script>")
    response = client.get("/modules/la-vitrine?lang=fr&kept.act=<script>")
    assert "<script" not in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_images_come_from_the_folder_and_nothing_else_does(
    folder: Path, client: FlaskClient
) -> None:
    (folder / "la-vitrine" / "rue.png").write_bytes(b"\x89PNG")
    edit(folder / "la-vitrine" / "fr.md", "Lundi, 8", "![La rue Haute](rue.png) Lundi, 8")
    assert 'src="/modules/la-vitrine/rue.png"' in page(client, "/modules/la-vitrine?lang=fr")
    assert client.get("/modules/la-vitrine/rue.png").mimetype == "image/png"
    for path in (
        "/modules/la-vitrine/fr.md",
        "/modules/la-vitrine/..%2Fpack.yaml",
        "/modules/nowhere",
    ):
        assert client.get(path).status_code == 404


def test_only_this_machine_by_its_own_name_is_answered(client: FlaskClient) -> None:
    assert client.get("/", base_url="http://elsewhere.example.org").status_code == 400


@pytest.mark.parametrize("module", sorted(p.parent.name for p in PACKS.glob("*/*/module.yaml")))
def test_every_module_that_ships_can_be_played_to_its_debrief(module: str) -> None:
    client, path = of(next(PACKS.glob(f"*/{module}")).parent), f"/modules/{module}?lang=fr"
    [played] = [one for one in plays.modules() if one.id == module]
    acts, rng = (), random.Random(1)
    while not (screen := seen(played, acts)).finished:
        acts = (*acts, next_act(played, acts, anything(screen.form, rng)))
        path += f"&kept.act={quote(written(acts[-1].said))}"
    assert "Puis le dévoilement" in page(client, path)
