"""``relecture pack stats``: the figures of a pack on a terminal and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.packs.new import new_pack
from web.cli import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in new_pack("mon-pack", "public-goods").items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def run(*arguments: str | Path, lang: str = "C") -> Result:
    return CliRunner().invoke(main, ["pack", "stats", *map(str, arguments)], env={"LC_ALL": lang})


def test_a_game_is_told_with_who_ends_with_what(folder: Path) -> None:
    said = run(folder)
    assert said.exit_code == 0
    assert "la-salle (public-goods)" in said.output
    assert "endings, over 500 plays drawn at random" in said.output
    assert "the highest once, then the middle" in said.output
    [head] = [line for line in said.output.splitlines() if line.split()[:1] == ["ran"]]
    assert head.split()[-2:] == ["all", "ending"]


def test_it_is_told_in_french(folder: Path) -> None:
    said = run(folder, lang="fr_FR.UTF-8").output
    assert "par script" in said and "le plus haut une fois, puis le milieu" in said
    assert "endings" not in said and "drawn" not in said


def test_programs_read_the_same_figures(folder: Path) -> None:
    [told] = json.loads(run(folder, "--json").output).values()
    assert told["kind"] == "public-goods" and set(told["minutes"]) == {"fr", "en"}
    assert sum(told["chances"]["endings"].values()) == pytest.approx(1, abs=0.01)
    assert {one["script"]["way"] for one in told["played"]} >= {"voice", "lowest", "highest"}


def test_one_module_may_be_asked_for_and_an_unknown_one_is_refused(folder: Path) -> None:
    assert run(folder, "--module", "la-salle").output == run(folder).output
    wrong = run(folder, "--module", "la-cave")
    assert wrong.exit_code == 2 and "there is no module “la-cave”" in wrong.output


def test_a_pack_with_faults_has_no_figures(folder: Path) -> None:
    module = folder / "la-salle" / "module.yaml"
    module.write_text(module.read_text("utf-8").replace("rounds:", "round:"), "utf-8")
    faulty = run(folder)
    assert faulty.exit_code == 1 and "module.yaml:" in faulty.output


@pytest.mark.parametrize(("paper", "lang"), [("authoring.md", "C"), ("authoring.fr.md", "fr_FR")])
def test_the_paper_for_authors_shows_what_is_printed(folder: Path, paper: str, lang: str) -> None:
    shown = (ROOT / "docs" / paper).read_text(encoding="utf-8")
    assert f"```\n{run(folder, lang=lang).output}```\n" in shown
