"""How far a play is: what is said of the way on is true of every play."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.packs.activities.base import ALONE, CHOICE, Act
from engine.packs.activities.dilemma import Dilemma
from engine.packs.activities.way import Way, lengths
from engine.packs.read import read_folder, read_pack

AT = datetime(2027, 1, 4, tzinfo=UTC)
PACK = read_pack(
    read_folder(Path(__file__).parents[3] / "content_packs" / "modeles-socio-economiques")
)
STORIES = [one for one in PACK.modules.values() if not one.spec.activity.seats]
"""What is lived by choices alone; tables have tests of their own."""


def test_a_dilemma_is_as_long_for_everybody() -> None:
    one = Dilemma(kind="dilemma", positions=("a", "b"), voices=("v", "w"), hear=2)
    assert one.way((), ALONE) == Way(0, 4, 4)
    assert one.way((Act(ALONE, {CHOICE: "a"}, AT),), ALONE) == Way(1, 3, 3)


def test_branches_of_different_length_give_at_least_and_at_most() -> None:
    moves = {"start": {"long", "end"}, "long": {"longer"}, "longer": {"end"}, "end": ()}
    assert lengths(moves)["start"] == (1, 3)


def test_a_story_that_comes_back_to_itself_has_no_longest_way() -> None:
    found = lengths({"start": {"start", "end"}, "end": ()})
    assert found == {"start": (1, None), "end": (0, 0)}


def test_a_node_from_which_nothing_ends_is_left_out() -> None:
    assert lengths({"start": {"end", "trap"}, "trap": {"trap"}, "end": ()})["start"] == (1, None)


@pytest.mark.parametrize("module", STORIES, ids=lambda one: one.id)
@given(data=st.data())
def test_every_play_of_what_ships_is_as_long_as_was_said(module, data: st.DataObject) -> None:
    activity, acts, said = module.spec.activity, (), []
    while not (screen := activity.screen(acts, ALONE, AT)).finished:
        said.append(activity.way(acts, ALONE))
        [field] = screen.form.fields
        option = data.draw(st.sampled_from([one.id for one in field.taps()]))
        acts = (*acts, Act(ALONE, {CHOICE: option}, AT))
    for way in said:
        left = len(acts) - way.done
        assert way.least <= left and (way.most is None or left <= way.most)
        assert way.step == way.done + 1
    assert activity.way(acts, ALONE).most == 0


@pytest.mark.parametrize(
    ("way", "left"), [(Way(0, 6, 6), 8), (Way(3, 3, 3), 4), (Way(5, 1, 1), 2), (Way(6, 0, 0), None)]
)
def test_minutes_left_shrink_to_the_end(way: Way, left: int | None) -> None:
    assert way.minutes_left(8) == left
