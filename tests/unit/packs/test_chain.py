"""The value chain: what is left off the paper, what is given a price, and what falls with it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.activities.base import Act, Acts, Screen
from engine.packs.activities.chain import Chain
from engine.packs.activities.together import sits
from engine.packs.read import read_folder, read_pack
from engine.packs.reasons import FlowState, GoesOn, StateOfFlow, WhatPasses
from engine.values.errors import Invalid
from tests.plays import PACKS
from tests.unit.packs.chains import (
    AT,
    CHAIN,
    FAVOURS,
    FLOWS,
    PLAN,
    changed,
    draws,
    flow,
    play,
    prices,
)


def seen(acts: Acts, kind: Chain = CHAIN) -> Screen:
    return kind.screen(acts, 1, AT)


def test_one_draws_then_reads_what_was_cut_then_gives_prices() -> None:
    acts = play(("coffee", "lessons", "heating"), ("lessons",))
    screens = [seen(acts[:n]) for n in range(3)]
    assert [screen.key for screen in screens] == ["draw", "price", "end"]
    assert screens[0].texts == ("situation", "ask")
    assert screens[1].texts == ("scene", "flow.gym.unseen", "ask.price")
    assert screens[2].texts == ("flow.lessons.priced", "ending.ledger")
    assert screens[2].finished and not screens[2].form.fields, "nobody steps out of no role"
    assert CHAIN.way((), 1).most == 2


def test_the_accounts_are_shown_first_and_need_no_arrow() -> None:
    screen = seen(())
    [booked] = screen.rows
    assert booked.rows[0] == (
        "flow.grant",
        10,
        "actor.town",
        "actor.house",
        WhatPasses(what="money"),
    )
    assert [option.id for option in screen.form.fields[0].options] == list(FAVOURS)


def test_the_paper_holds_who_gives_what_to_whom() -> None:
    paper = seen((draws("coffee", "gym"),)).rows[0]
    assert [row[0] for row in paper.rows] == ["flow.coffee", "flow.gym"]
    assert paper.rows[1][1:] == (9, "actor.school", "actor.house", WhatPasses(what="links"))


def test_more_arrows_than_fit_are_refused() -> None:
    form = seen(()).form
    with pytest.raises(Invalid, match="answer-too-many"):
        form.parse({"draw": list(FAVOURS)})
    with pytest.raises(Invalid, match="answer-empty"):
        form.parse({"draw": []})


def test_more_counting_than_there_are_hours_is_refused() -> None:
    form = seen((draws("coffee", "lessons"),)).form
    with pytest.raises(Invalid) as refused:
        form.parse({"price": {"coffee": "count", "lessons": "count"}})
    assert (refused.value.reason.hours, refused.value.reason.most) == (6, 5)


def test_what_nobody_draws_is_cut_and_what_needs_it_falls_all_the_way() -> None:
    acts = play(("lessons", "gym", "heating"))
    sums = CHAIN.sums(acts)
    assert sums["goes-coffee"] == sums["goes-lessons"] == sums["goes-fees"] == 0
    assert sums["cut"] == 1 and sums["stopped"] == 1 and sums["seen-lessons"] == 1
    assert seen(acts).texts == ("flow.fees.fallen", "flow.lessons.fallen", "ending.machine")


def test_some_things_go_on_because_nobody_saw_them() -> None:
    hidden, shown = play(("coffee", "lessons", "heating")), play(("coffee", "gym"), ("gym",))
    assert CHAIN.sums(hidden)["goes-gym"] == 1
    assert CHAIN.sums(shown)["goes-gym"] == 0 and CHAIN.sums(shown)["cut"] == 2


def test_the_line_is_paid_one_for_one_and_never_more_than_it_was() -> None:
    assert CHAIN.sums(play(("coffee", "lessons")))["paid"] == 0
    assert CHAIN.sums(play(("coffee", "lessons")))["goes-grant"] == 0
    assert CHAIN.sums(play(("coffee", "lessons"), ("lessons",)))["paid"] == 8
    both = CHAIN.sums(play(("coffee", "lessons", "gym"), ("lessons", "gym")))
    assert both["paid"] == 10 and both["spent"] == 5 and both["priced"] == 2
    assert both["money"] == 14 and both["worth"] == 14 + 1 + 8


def test_what_needs_the_line_falls_when_nothing_is_priced() -> None:
    kind = changed(**flow("heating", needs=["grant"]))
    assert kind.sums(play(("coffee", "lessons", "heating")))["goes-heating"] == 0


def test_a_year_later_all_is_told() -> None:
    whole = seen(play(("coffee", "lessons", "heating"), ("heating",))).rows[0]
    assert whole.head[3] == FlowState()
    by = {row[0]: row[1:] for row in whole.rows}
    going, stopped = GoesOn(goes="goes-on"), GoesOn(goes="stops")
    assert by["flow.grant"] == (going, 3, StateOfFlow(state="booked"))
    assert by["flow.coffee"] == (going, 1, StateOfFlow(state="favour"))
    assert by["flow.gym"] == (going, 9, StateOfFlow(state="unseen"))
    assert by["flow.heating"] == (stopped, 3, StateOfFlow(state="priced"))


def test_a_favour_may_stop_because_it_was_shown_and_then_that_is_told() -> None:
    kind = changed(**flow("gym", ends=["favour", "priced"]))
    acts = play(("coffee", "gym"))
    assert "flow.gym.favour" in kind.strings()
    assert "flow.gym.favour" in seen(acts, kind).texts
    assert kind.sums(acts)["goes-gym"] == 0 and kind.sums(acts)["stopped"] == 1


def test_the_first_of_each_sort_can_be_quoted() -> None:
    quotes = CHAIN.quotes(play(("lessons", "gym"), ("gym",)), 1)
    assert quotes == {
        "left": "flow.coffee.quote",
        "priced": "flow.gym.quote",
        "kept": "flow.lessons.quote",
        "stopped": "flow.gym.quote",
        "fallen": "flow.fees.quote",
        "drawn": 2,
        "cut": 2,
        "paid": 9,
        "money": 9,
        "worth": 9,
        "spent": 2,
        "ending": "ending.machine.trace",
    }
    assert CHAIN.quotes((draws("coffee"),), 1) == {}


def test_of_what_was_left_out_the_one_that_held_most_is_quoted() -> None:
    both = CHAIN.quotes(play(("lessons", "gym")), 1)
    assert both["left"] == "flow.coffee.quote", "worth 1, and it held the lessons and the fees"
    kept = CHAIN.quotes(play(("coffee", "lessons", "gym")), 1)
    assert kept["left"] == "flow.heating.quote"
    hidden = CHAIN.quotes(play(("coffee", "lessons", "heating")), 1)
    assert hidden["left"] == "flow.gym.quote", "it goes on, and nothing else was left out"


def test_whatever_is_quoted_has_a_name_of_its_own() -> None:
    quotes = CHAIN.quotes(play(("lessons", "gym"), ("gym",)), 1)
    named = {one for one in quotes.values() if isinstance(one, str)}
    assert {one.removesuffix(".quote") for one in named} <= set(CHAIN.strings())


# --- properties

papers = st.sets(st.sampled_from(FAVOURS), min_size=1, max_size=PLAN["draw"])


@st.composite
def plays(draw: st.DrawFn, *, whole: bool = False) -> Acts:
    """Legal acts, as far as somebody cared to go."""
    made: Acts = ()
    for _ in range(2 if whole else draw(st.integers(0, 2))):
        if not made:
            made = (draws(*draw(papers)),)
            continue
        drawn = made[0].said["draw"]
        wished = tuple(draw(st.sets(st.sampled_from(drawn))))
        acts = (*made, prices(made[0], *wished))
        form = seen(made).form
        try:
            form.parse(acts[-1].said)
        except Invalid:  # more hours than there are
            acts = (*made, Act(1, form.sample, AT))
        made = acts
    return made


@settings(deadline=None)
@given(acts=plays(whole=True))
def test_every_play_ends_and_quotes_what_is_sure(acts: Acts) -> None:
    assert seen(acts).finished
    quotes = CHAIN.quotes(acts, 1)
    sure = {name for name, certain in CHAIN.quotable().items() if certain}
    assert sure <= set(quotes) <= set(CHAIN.quotable())
    assert set(CHAIN.sums(acts)) == set(CHAIN.variables)


@settings(deadline=None)
@given(acts=plays())
def test_a_screen_shows_only_strings_that_the_pack_must_have(acts: Acts) -> None:
    screen = seen(acts)
    assert set(screen.strings()) <= {*CHAIN.strings(), *CHAIN.optional_strings()}
    for text in screen.texts:
        assert CHAIN.holes(text) <= set(screen.values)


@settings(deadline=None)
@given(acts=plays())
def test_replayed_a_play_shows_the_same_screens(acts: Acts) -> None:
    again = Chain.model_validate(PLAN)
    for n in range(len(acts) + 1):
        assert again.screen(acts[:n], 1, AT) == CHAIN.screen(acts[:n], 1, AT)


said = st.dictionaries(
    st.sampled_from(["draw", "price", "choice", "out"]),
    st.sampled_from([["x"], [], list(FAVOURS), {"coffee": "count"}, {"gym": "x"}, "coffee"]),
)


@settings(deadline=None)
@given(acts=plays(), said=said)
def test_an_act_that_is_not_on_the_form_is_refused(acts: Acts, said: dict[str, Any]) -> None:
    screen = seen(acts)
    if screen.key == "price" and acts[0].said == {"draw": ["coffee"]} and "price" in said:
        return  # it may be on the form
    with pytest.raises(Invalid, match="act-impossible"):
        seen((*acts, Act(1, said, AT)))
    assert seen(acts) == screen


@settings(deadline=None)
@given(acts=plays(whole=True), more=papers)
def test_to_draw_more_never_makes_a_cut_of_what_was_left_out_grow(
    acts: Acts, more: set[str]
) -> None:
    drawn = set(acts[0].said["draw"])
    wider = (draws(*drawn, *more),)
    assert CHAIN.sums(wider)["cut"] <= CHAIN.sums(acts[:1])["cut"]


slugs = ["a", "b", "c", "d"]
flows = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(slugs),
            "from": st.sampled_from(["x", "y"]),
            "to": st.sampled_from(["y", "z"]),
            "what": st.sampled_from(["money", "people", "links"]),
            "worth": st.integers(0, 9),
            "booked": st.booleans(),
            "hours": st.integers(0, 4),
            "ends": st.sets(st.sampled_from(["unseen", "favour", "priced"])).map(sorted),
            "needs": st.sets(st.sampled_from(slugs), max_size=2).map(sorted),
        }
    ),
    min_size=3,
    max_size=4,
    unique_by=lambda one: one["id"],
)


@settings(deadline=None, max_examples=300)
@given(flows=flows, draw=st.integers(1, 3), hours=st.integers(1, 6), data=st.data())
def test_any_chain_that_the_check_accepts_can_be_finished(
    flows: list[dict[str, Any]], draw: int, hours: int, data: st.DataObject
) -> None:
    ids = {one["id"] for one in flows}
    for i, one in enumerate(flows):
        one["needs"] = [need for need in one["needs"] if need in ids - {one["id"]}]
        one["booked"] = one["booked"] or not i
        one["hours"] = 0 if one["booked"] else one["hours"]
        one["to"] = one["to"] if one["from"] != one["to"] else "z"
    actors = sorted({one[end] for one in flows for end in ("from", "to")})
    endings = [{"id": "one", "when": ["cut >= 1"]}, {"id": "two"}]
    kind = changed(
        actors=actors, flows=flows, line=flows[0]["id"], draw=draw, hours=hours, endings=endings
    )
    if any(kind.check()):
        return
    made: Acts = ()
    while not (screen := kind.screen(made, 1, AT)).finished:
        assert len(made) < 2
        [field] = screen.form.fields
        wished: Any = screen.form.sample
        if field.id == "draw":
            offered = [option.id for option in field.options]
            wished = {"draw": data.draw(st.permutations(offered))[:draw]}
        made = (*made, Act(1, screen.form.parse(wished), AT))
    assert {"left", "ending"} <= set(kind.quotes(made, 1))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"actors": [*PLAN["actors"], "town"]}, "listed-twice"),
        ({"flows": [*FLOWS, FLOWS[-1]]}, "listed-twice"),
        ({"actors": [*PLAN["actors"], "mayor"]}, "actor-idle"),
        (flow("gym", **{"from": "x"}), "actor-unknown"),
        (flow("gym", to="x"), "actor-unknown"),
        (flow("gym", to="school"), "flow-to-itself"),
        (flow("gym", needs=["x"]), "flow-unknown"),
        (flow("gym", needs=["gym"]), "flow-needs-itself"),
        (flow("gym", ends=["unseen", "favour", "priced"]), "flow-doomed"),
        (flow("grant", hours=1), "flow-booked"),
        ({"line": "gym"}, "line-unbooked"),
        ({"line": "x"}, "line-unbooked"),
        ({"draw": 4}, "draw-all"),
        (
            {"flows": [one | {"hours": 0 if one.get("booked") else 6} for one in FLOWS]},
            "hours-none",
        ),
        ({"hours": 8}, "hours-all"),
        ({"endings": [{"id": "a", "when": ["x == 1"]}, {"id": "b"}]}, "variable-unknown"),
        ({"endings": [{"id": "a"}, {"id": "b", "when": ["cut == 1"]}]}, "ending-conditional"),
    ],
)
def test_what_cannot_be_played_is_said(change: Any, code: str) -> None:
    assert code in [one.code for one in changed(**change).check()]


SHIPPED = read_pack(read_folder(PACKS / "partenariats")).modules[
    "ce-que-vaut-la-maison-des-associations"
]


@pytest.mark.parametrize(
    ("drawn", "priced", "line", "worth", "people", "ending"),
    [
        (
            "cle devoirs gymnase courrier invendus moi",
            "cle devoirs gymnase",
            24,
            37,
            1,
            "distributeur",
        ),
        ("cle devoirs gymnase courrier invendus moi", "", 0, 34, 2, "rideau"),
        ("cle devoirs cafe courrier chaudiere invendus", "", 0, 74, 5, "deux-jours"),
        ("cle devoirs cafe courrier chaudiere invendus", "devoirs invendus", 18, 92, 5, "moitie"),
        ("cle devoirs cafe courrier moi invendus", "devoirs invendus moi", 24, 89, 4, "colonne"),
    ],
)
def test_in_the_house_neither_the_unseen_nor_the_priced_is_free(
    drawn: str, priced: str, line: int, worth: int, people: int, ending: str
) -> None:
    house = SHIPPED.spec.activity
    assert isinstance(house, Chain)
    paper = [one.id for one in house.flows if one.id in drawn.split()]
    counted = {one: "count" if one in priced.split() else "keep" for one in paper}
    acts = (Act(1, {"draw": paper}, AT), Act(1, {"price": counted}, AT))
    sums = house.sums(house.standing(acts, AT).done)
    assert (sums["paid"], sums["worth"], sums["people"]) == (line, worth, people)
    assert house.quotes(acts, 1)["ending"] == f"ending.{ending}.trace"


def test_a_chain_for_tests_has_no_fault_and_no_seats() -> None:
    assert not [*CHAIN.check()] and CHAIN.seats == ()
    with pytest.raises(Invalid, match="act-impossible"):
        seen((sits(1, AT), *play(("coffee",))))
