"""What a module is in figures: chances that were worked out by hand, and games played by script."""

from __future__ import annotations

from random import Random

import pytest
from pytest import approx

from engine.forms.form import Form
from engine.forms.number import Number
from engine.forms.text import Text
from engine.packs.activities.dilemma import Dilemma
from engine.packs.read import read_pack
from engine.packs.scripts import Way, at_share, scripts
from engine.packs.stats import Ended, by_script, chances, stats
from tests.unit.packs.bargains import RIVER
from tests.unit.packs.errands import MISSION
from tests.unit.packs.games import BUS
from tests.unit.packs.grids import ALONE, JURY
from tests.unit.packs.samples import pack_files, scenario

CROSSING = scenario(
    {
        "soir": {
            "choices": [{"id": "ines", "to": "nuit", "add": {"n": 1}}, {"id": "x", "to": "nuit"}]
        },
        "nuit": {
            "asides": [{"id": "pluie", "when": ["n > 5"]}],
            "choices": [
                {"id": "ouvrir", "to": [{"when": ["n >= 1"], "node": "fete"}, {"node": "rien"}]},
                {"id": "fermer", "to": "rien"},
                {"id": "crier", "to": "bruit", "when": ["n >= 2"]},
            ],
        },
        "fete": {"ending": True},
        "rien": {"ending": True},
        "bruit": {"ending": True},
    },
    variables={"n": 0},
)


def test_each_ending_of_a_small_story_has_its_exact_chance() -> None:
    found = chances(CROSSING, Random)
    assert found.endings == {"fete": 0.25, "rien": 0.75, "bruit": 0}
    assert (found.exact, found.plays) == (True, 4)


def test_what_no_play_comes_to_is_named_once() -> None:
    found = chances(CROSSING, Random)
    assert found.choices == ("nuit.crier",) and found.texts == ("nuit.pluie",)


def test_days_pass_in_a_play_that_waits_for_them() -> None:
    found = chances(MISSION, Random)
    assert sum(found.endings.values()) == approx(1) and found.endings["ending.warm"] > 0
    assert found.texts == ("met", "met.left"), "what was waited for has been read, and the waiting"


def test_a_choice_may_be_called_as_an_ending_is_told() -> None:
    story = scenario({"soir": {"choices": [{"id": "trace", "to": "fin"}]}, "fin": {"ending": True}})
    assert chances(story, Random).endings == {"fin": 1} and chances(story, Random).choices == ()


def test_a_story_that_may_turn_in_circles_is_drawn_and_the_same_each_time() -> None:
    story = scenario(
        {
            "soir": {"choices": [{"id": "rester", "to": "soir"}, {"id": "partir", "to": "fin"}]},
            "fin": {"ending": True},
        }
    )
    found = chances(story, Random)
    assert (
        not found.exact and found.endings == {"fin": approx(1)} and found == chances(story, Random)
    )


def test_a_dilemma_ends_as_often_in_each_position_and_nothing_of_it_goes_unread() -> None:
    vote = Dilemma.model_validate(
        {"kind": "dilemma", "positions": ["a", "b"], "voices": ["x", "y", "z"], "hear": 2}
    )
    found = chances(vote, Random)
    assert found.endings == {"position.a": approx(0.5), "position.b": approx(0.5)}
    assert (found.plays, found.choices, found.texts) == (2 * 3 * 2 * 2, (), ())


def test_a_game_is_played_by_each_voice_the_extremes_and_by_chance() -> None:
    told = [(one.way, one.of) for one in scripts(BUS, 2)]
    assert told == [
        ("voice", "orbes"),
        ("voice", "lans"),
        *((way, "") for way in ("lowest", "middle", "highest", "early", "late")),
        ("random", "1"),
        ("random", "2"),
    ]


def played(way: Way, of: str = "") -> Ended:
    [found] = [
        one for one in by_script(BUS, Random) if (one.script.way, one.script.of) == (way, of)
    ]
    return found


def test_who_gives_everything_ends_with_what_the_rule_says() -> None:
    """15 × 2, 23 × 2, then 27 × 1.5 twice, shared by three; Orbes keeps 12 and Lans 16."""
    found = played("highest")
    gained = (30 + 46 + 40.5 + 40.5) / 3
    assert found.ending == "ending.roule"
    assert found.numbers == approx(
        {
            "ran": 4,
            "fontreuil": gained,
            "orbes": 12 + gained,
            "lans": 16 + gained,
            "all": 28 + 3 * gained,
        }
    )


def test_who_gives_nothing_keeps_all_and_has_their_aim() -> None:
    found = played("lowest")
    assert found.ending == "ending.reste"
    assert found.numbers == {"ran": 0, "fontreuil": 65, "orbes": 35, "lans": 40, "all": 140}


def test_the_first_seat_can_be_played_as_a_voice_would() -> None:
    """Lans never begins, so nobody does: only what Orbes puts in first is spent."""
    assert played("voice", "lans").numbers == played("lowest").numbers


def test_a_negotiation_says_the_points_of_each_and_what_was_left() -> None:
    found = [one.numbers for one in by_script(RIVER, Random)]
    assert all(set(one) == {"deal", *RIVER.roles, "left"} for one in found)
    for one in found:
        if not one["deal"]:
            assert {role: one[role] for role in RIVER.roles} == RIVER.no_deal


def test_a_grid_says_what_all_gave_each_case() -> None:
    """The chair gives 3 and twice 2 at most; what the two others give is the same each time."""
    found = {one.script.way: one.numbers for one in by_script(JURY, Random)}
    most, least = found["highest"], found["lowest"]
    assert set(most) == {"all-last-honey", "all-last-bikes", "moved"}
    assert {name: most[name] - least[name] for name in most} == {
        "all-last-honey": 7,
        "all-last-bikes": 7,
        "moved": 0,
    }


def test_a_grid_without_seats_is_played_too() -> None:
    assert {one.script.way for one in by_script(ALONE, Random)} == {
        "lowest",
        "middle",
        "highest",
        "random",
    }


@pytest.mark.parametrize(("share", "said"), [(0, 2), (0.5, 6), (1, 10)])
def test_a_share_of_a_number_lies_between_its_bounds(share: float, said: int) -> None:
    form = Form((Number("put", 2, 10), Text("why", lines=False)))
    assert at_share(form, share) == {"put": said, "why": Text("why", lines=False).sample}


def test_a_module_is_told_in_words_a_screen_and_prompts_by_stage() -> None:
    halle, vote = (stats(one, Random) for one in read_pack(pack_files()).modules.values())
    assert (halle.kind, halle.played, vote.played) == ("scenario", (), ())
    assert set(halle.words) == {"fr", "en"} and halle.words["fr"].key == "soir"
    assert halle.words["fr"].most > 600 > halle.words["fr"].mean
    assert [(one.id, one.day) for one in halle.prompts] == [
        ("moment", 1),
        ("regard", 4),
        ("plan", 10),
        ("rappel", 10),
        ("suite", 21),
        ("demain", 60),
    ]
    assert halle.chances.endings == {"fin": 1}
