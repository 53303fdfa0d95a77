"""Which kind of experience serves an aim, with the minutes, people and means that there are."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from engine.packs.base import Aim
from engine.packs.formats import FACTS, MEANS, Means, Suggestion, Wanted, example, suggest
from engine.packs.model import AnyActivity
from engine.packs.read import read_folder, read_pack
from engine.packs.reasons import (
    ForOtherMaturity,
    LeavesTime,
    LivedSo,
    NeedsPeople,
    NotSo,
    ServesAim,
    TakesLonger,
    TakesMinutes,
    TooManyPeople,
)
from tests.plays import PACKS
from web.words.sentences_formats import FORMAT_TERMS

SHIPPED = [read_pack(read_folder(one.parent)) for one in sorted(PACKS.glob("*/pack.yaml"))]
wishes = st.builds(
    Wanted,
    aim=st.sampled_from(get_args(Aim)),
    minutes=st.integers(1, 600),
    people=st.integers(1, 2_000),
    means=st.sampled_from(MEANS),
    maturity=st.integers(1, 4),
)


def wanted(
    aim: Aim = "balance",
    minutes: int = 25,
    people: int = 12,
    means: Means = "room",
    maturity: int = 2,
) -> Wanted:
    return Wanted(aim, minutes, people, means, maturity)


def kinds(found: tuple[Suggestion, ...]) -> list[str]:
    return [one.kind for one in found]


def test_every_kind_that_exists_has_its_facts() -> None:
    union = get_args(AnyActivity)[0]
    assert {get_args(one.model_fields["kind"].annotation)[0] for one in get_args(union)} == set(
        FACTS
    )


def test_every_kind_has_words_for_what_it_makes_true_and_for_each_way_to_live_it() -> None:
    assert set(FORMAT_TERMS["makes"]) == set(FACTS)
    assert set(FORMAT_TERMS["lived"]) == {
        f"{kind}-{means}" for kind, its in FACTS.items() for means in its.lived
    }


@given(wishes)
def test_two_or_three_kinds_are_named_each_once_and_each_with_a_reason(wish: Wanted) -> None:
    found = suggest(wish)
    assert 2 <= len(found) <= 3 and len(set(kinds(found))) == len(found)
    assert all(one.why for one in found)


@given(wishes)
def test_what_does_not_fit_comes_after_what_does_and_only_where_too_little_fits(
    wish: Wanted,
) -> None:
    against = [len(one.but) for one in suggest(wish)]
    assert against == sorted(against)
    assert len(against) == 2 or not any(against)


def test_a_room_and_twenty_five_minutes_ask_for_a_vote_or_a_story() -> None:
    found = suggest(wanted())
    assert set(kinds(found)) == {"scenario", "dilemma"} and not any(one.but for one in found)


def test_a_game_of_giving_serves_those_who_share_something() -> None:
    found = suggest(wanted("hybridise", people=18))
    assert "public-goods" in kinds(found)
    [game] = [one for one in found if one.kind == "public-goods"]
    assert {ServesAim(aim="hybridise"), LivedSo(lived="public-goods-room")} <= set(game.why)


def test_who_has_paper_and_forty_minutes_may_negotiate() -> None:
    found = suggest(wanted(minutes=40, people=16, means="nothing"))
    assert "negotiation" in kinds(found)


def test_minutes_too_few_are_said_and_minutes_to_spare_as_well() -> None:
    everything = {kind: FACTS[kind] for kind in ("dilemma", "criteria")}
    vote, grid = suggest(wanted(minutes=20), everything)
    assert TakesMinutes(least=15, most=30) in vote.why
    assert TakesLonger(least=30, minutes=20) in grid.but
    assert LeavesTime(most=45, left=15) in suggest(wanted(minutes=60), everything)[0].why


def test_a_kind_says_which_people_and_means_it_misses() -> None:
    only = {"public-goods": FACTS["public-goods"], "negotiation": FACTS["negotiation"]}
    game, talk = sorted(
        suggest(wanted(people=100, maturity=4), only), key=lambda one: one.kind, reverse=True
    )
    assert TooManyPeople(most=60) in game.but and ForOtherMaturity(least=1, most=3) in game.but
    assert NotSo(means="room") in talk.but
    [game] = [one for one in suggest(wanted(people=2), only) if one.kind == "public-goods"]
    assert NeedsPeople(fewest=3) in game.but


def test_alone_on_a_screen_each_kind_can_be_lived() -> None:
    assert all(its.lived["screens"].people[0] == 1 for its in FACTS.values())


def test_the_example_serves_the_aim_where_one_does() -> None:
    for aim in get_args(Aim):
        found = example("scenario", wanted(aim), SHIPPED)
        assert found is not None
        served = any(
            aim in one.spec.aims
            for pack in SHIPPED
            for one in pack.modules.values()
            if one.spec.activity.kind == "scenario"
        )
        assert (aim in found[1].spec.aims) is served
    assert example("scenario", wanted(), ()) is None
