"""``relecture pack formats``: two or three kinds on a terminal, with one to live at once."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from engine.packs.new import new_pack
from web.cli import main

ASKED = ("--aim", "co-construct", "--minutes", "25", "--people", "12", "--means", "room")


def run(*arguments: str, lang: str = "C") -> Result:
    return CliRunner().invoke(main, ["pack", "formats", *arguments], env={"LC_ALL": lang})


def test_kinds_are_told_with_reasons_costs_and_one_to_live_at_once() -> None:
    said = run(*ASKED)
    assert said.exit_code == 0
    assert "It serves your aim: co-construct local solutions." in said.output
    assert "To prepare: 5 min. To write your own: 3 days." in said.output
    assert "--module le-tarif-de-la-navette" in said.output


def test_it_is_told_in_french() -> None:
    said = run(*ASKED, lang="fr_FR.UTF-8").output
    assert "Elle sert votre visée" in said and "co-construire" in said
    assert "aim" not in said and "To " not in said


def test_packs_of_ones_own_give_the_examples(tmp_path: Path) -> None:
    for name, data in new_pack("mon-pack").items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    said = run(*ASKED, str(tmp_path)).output
    assert f"relecture pack preview {tmp_path} --module la-vitrine" in said
    assert "To start from one: relecture pack new my-pack --kind public-goods" in said


def test_an_aim_must_be_one_of_the_four() -> None:
    wrong = run("--aim", "peace", "--minutes", "20")
    assert wrong.exit_code == 2 and "co-construct" in wrong.output
