"""What a story says of its player: the check warns, at the line, where it may not be so."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.packs.activities.plays import ways_to_endings
from engine.packs.lint import check_pack
from engine.packs.read import read_folder
from tests.faults import what
from tests.unit.packs.samples import edited, pack_files, scenario
from tests.unit.packs.test_lint import found

PACK = Path(__file__).parents[3] / "content_packs" / "modeles-socio-economiques"


def test_a_quoted_choice_without_a_quote_is_a_warning_at_its_label() -> None:
    files = edited("halle/fr.md", "Ici prompt moment 1", "Vous avez choisi de {choice.soir}.")
    assert found(files) == []
    assert found(files, "warning") == [
        "halle/fr.md:10:4 quote-unwritten",
        "halle/fr.md:16:4 quote-unwritten",
    ]
    written = edited(
        "halle/fr.md",
        "Ici soir ines\n",
        "Ici soir ines\n\n## soir.ines.quote\nappeler Inès\n",
        files=files,
    )
    assert found(written, "warning") == ["halle/fr.md:19:4 quote-unwritten"]


@pytest.mark.parametrize(
    ("quotes", "warned"),
    [
        ("{first}", ["position.regie", "position.autre"]),
        ("{heard.1}", ["voice.maire", "voice.ines", "voice.voisin"]),
    ],
)
def test_positions_and_voices_of_a_dilemma_are_quoted_too(quotes: str, warned: list[str]) -> None:
    files = edited("vote/fr.md", "Ici prompt moment 1", f"Ce jour-là : {quotes}.")
    said = [one for one in check_pack(files) if one.code == "quote-unwritten"]
    assert [next(w for w in warned if f"“{w}”" in what(one)) for one in said] == warned


def test_a_choice_that_leads_back_to_its_own_moment_is_a_warning_at_the_choice() -> None:
    files = edited("halle/module.yaml", "{id: region, to: fin}", "{id: region, to: soir}")
    assert "halle/module.yaml:27:28 choice-loops" in found(files, "warning")


def test_an_ending_that_quotes_what_some_plays_did_not_do_is_a_warning_at_the_sentence() -> None:
    files = edited("halle/fr.md", "Ici soir region\n", "Demander une subvention à la région\n")
    files = edited(
        "halle/fr.md", "Ici fin\n", "Il pleut.\nLa subvention est arrivée.\n", files=files
    )
    [warned] = [one for one in check_pack(files) if one.code == "ending-claims"]
    assert (warned.file, warned.severity) == ("halle/fr.md", "warning")
    assert files["halle/fr.md"].decode().split("\n")[warned.line - 1].startswith("La subvention")
    assert "soir.region" in what(warned) and "subvention" in what(warned)


def test_an_ending_may_say_what_every_play_to_it_did() -> None:
    plays = scenario(
        {
            "soir": {"choices": [{"id": "ines", "to": "nuit"}]},
            "nuit": {"choices": [{"id": "a", "to": "fin"}, {"id": "b", "to": "fin"}]},
            "fin": {"ending": True},
        }
    )
    [ways] = ways_to_endings(plays).values()
    assert ways.always == {("soir", "ines")}
    assert ways.ever - ways.always == {("nuit", "a"), ("nuit", "b")}


def test_conditions_count_in_what_leads_to_an_ending() -> None:
    plays = scenario(
        {
            "soir": {
                "choices": [
                    {"id": "oui", "to": "nuit", "add": {"n": 1}},
                    {"id": "non", "to": "nuit"},
                ]
            },
            "nuit": {
                "choices": [
                    {"id": "fin", "to": [{"when": ["n >= 1"], "node": "belle"}, {"node": "autre"}]}
                ]
            },
            "belle": {"ending": True},
            "autre": {"ending": True},
        },
        variables={"n": 0},
    )
    assert ways_to_endings(plays)["belle"].always == {("soir", "oui"), ("nuit", "fin")}


def test_a_story_that_comes_back_to_itself_is_walked_to_its_end() -> None:
    plays = scenario(
        {
            "soir": {"choices": [{"id": "encore", "to": "soir"}, {"id": "fin", "to": "fin"}]},
            "fin": {"ending": True},
        }
    )
    assert ways_to_endings(plays)["fin"].ever == {("soir", "encore"), ("soir", "fin")}


def test_the_sound_pack_and_what_ships_claim_nothing() -> None:
    for files in (pack_files(), read_folder(PACK)):
        assert [one for one in check_pack(files) if one.severity == "warning"] == []


def test_the_check_finds_what_the_ending_of_three_lines_used_to_claim() -> None:
    files = read_folder(PACK)
    path = "trois-bras-pour-cinq-chantiers/fr.md"
    old = files[path].replace(b"Les deux autres attendent", b"Les deux autres sont au printemps")
    said = [what(one) for one in check_pack(files | {path: old}) if one.code == "ending-claims"]
    assert len(said) == 1 and "printemps" in said[0]
