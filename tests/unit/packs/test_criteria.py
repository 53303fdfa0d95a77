"""The grid of criteria: what it shows when, what moves, who has the place, what no seat sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.activities.base import Act, Acts, Screen, Typed
from engine.packs.activities.criteria import Criteria
from engine.packs.activities.together import OUT, leaves
from engine.values.errors import Invalid
from tests.unit.packs.grids import ALONE, AT, JURY, PLAN, gives, levels, play, signs, table

SAME = {"honey": (1, 0), "bikes": (1, 1)}
MOVED = {"honey": (1, 1), "bikes": (1, 1)}


def seen(acts: Acts, kind: Criteria = ALONE, seat: int = 1) -> Screen:
    return kind.screen(acts, seat, AT)


def test_each_case_is_scored_then_all_move_then_one_signs() -> None:
    acts = play((1, 0), (1, 1), SAME)
    screens = [seen(acts[:n]) for n in range(5)]
    assert [screen.key for screen in screens] == [
        "score-honey",
        "score-bikes",
        "again",
        "sign",
        "end",
    ]
    assert screens[0].texts == ("situation", "case.honey.text", "ask")
    assert screens[1].texts == ("case.bikes.text", "ask")
    assert screens[2].texts == ("scene", "again") and not screens[2].rows
    assert screens[-1].finished and not screens[-1].form.fields


def test_alone_nobody_is_asked_to_step_out_of_a_role() -> None:
    acts = play((1, 0), (1, 1), SAME)
    assert OUT not in ALONE.strings() and seen(acts).texts == ("ending.bikes",)
    with pytest.raises(Invalid, match="act-impossible"):
        seen((*acts, signs(1)))
    assert JURY.reading(len).words - JURY.cost(len).words == len(OUT)


def test_a_weight_counts_and_a_tie_goes_where_the_pack_says() -> None:
    acts = play((1, 0), (1, 1), {"honey": (3, 0), "bikes": (1, 1)})
    assert seen(acts).values["last-honey"] == seen(acts).values["last-bikes"] == "3"
    assert ALONE.quotes(acts, 1)["place"] == "case.bikes.quote"


def test_what_moved_is_shown_and_can_be_quoted() -> None:
    acts = play((1, 0), (1, 0), MOVED)
    honey, bikes = seen(acts).rows
    assert honey.title == "case.honey"
    assert [row[1:] for row in honey.rows] == [(1, 1), (0, 1), (1, 3)]
    assert [row[1:] for row in bikes.rows] == [(1, 1), (0, 1), (1, 3)]
    assert ALONE.quotes(acts, 1) == {
        "first.honey": 1,
        "first.bikes": 1,
        "last.honey": 3,
        "last.bikes": 3,
        "moved": 2,
        "notch": "row.rain.quote",
        "notch.case": "case.honey.quote",
        "place": "case.bikes.quote",
        "other": "case.honey.quote",
        "reason": Typed("Because."),
        "ending": "ending.bikes.trace",
    }


def test_whoever_moves_nothing_has_no_notch_to_quote() -> None:
    quotes = ALONE.quotes(play((1, 0), (1, 1), SAME), 1)
    assert quotes["moved"] == 0 and "notch" not in quotes


def test_the_place_may_change_hands() -> None:
    acts = play((1, 0), (0, 0), {"honey": (0, 0), "bikes": (1, 0)})
    assert seen(acts).texts == ("ending.turned",)


def test_the_line_that_was_signed_is_shown_as_typed() -> None:
    acts = (*play((1, 0), (1, 1), SAME)[:3], signs(1, "*Parce que*."))
    assert seen(acts).values["reason"] == "\\*Parce que\\*\\."
    erased = (*acts[:3], signs(1, ""))
    assert seen(erased).values["reason"] == "…" and "reason" not in ALONE.quotes(erased, 1)


@pytest.mark.parametrize("up", [3, -3])
def test_more_notches_than_the_limit_are_refused_in_words(up: int) -> None:
    start = (0, 0) if up > 0 else (3, 0)
    form = seen((gives(1, honey=start), gives(1, bikes=(1, 1)))).form
    with pytest.raises(Invalid) as refused:
        form.parse({"scores": levels(honey=(start[0] + up, 0), bikes=(1, 1))})
    assert refused.value.reason.moved == 3 and refused.value.reason.most == 2
    assert form.parse({"scores": levels(honey=start, bikes=(1, 2))})


def test_the_spread_is_shown_once_all_have_scored_every_case() -> None:
    mine = (gives(1, honey=(1, 0)), gives(2, honey=(3, 2)), gives(3, honey=(0, 0)))
    assert not seen(table(*mine), JURY).rows
    theirs = (gives(1, bikes=(1, 1)), gives(2, bikes=(1, 1)), gives(3, bikes=(2, 1)))
    honey, _bikes = seen(table(*mine, *theirs), JURY).rows
    assert honey.head[1:] == ("seat.chair", "seat.clerk", "seat.warden")
    assert [row[1:] for row in honey.rows] == [(1, 3, 0), (0, 2, 0), (1, 7, 0)]


def test_a_recorded_voice_moves_no_further_than_it_may() -> None:
    """Somebody gave other levels in its seat before they left."""
    acts = (
        *(gives(seat, honey=(0, 0)) for seat in (1, 2, 3)),
        *(gives(seat, bikes=(3, 2)) for seat in (1, 2, 3)),
        leaves(2, AT),
    )
    done = JURY.standing(table(*acts), AT).done
    assert JURY.last(done, 2) == levels(honey=(2, 0), bikes=(3, 2))


def test_at_the_end_all_read_what_each_signed_and_what_all_gave() -> None:
    acts = (
        gives(1, honey=(1, 0)),
        gives(1, bikes=(1, 1)),
        gives(1, honey=(1, 0), bikes=(1, 1)),
        signs(1, "Mine."),
    )
    end = seen(acts, JURY)
    assert [(one.seat, one.said, one.recorded) for one in end.heard] == [
        (1, Typed("Mine."), False),
        (2, "voice.clerk", True),
        (3, "voice.warden", True),
    ]
    assert end.rows[-1].rows[0] == ("seat.chair", 1, 3)
    assert end.rows[-1].rows[-1][1:] == (1 + 5 + 3, 3 + 3 + 3)


# --- properties

level = st.tuples(st.integers(0, 3), st.integers(0, 2))


@st.composite
def acts(draw: st.DrawFn, kind: Criteria) -> Acts:
    """Legal acts in any order, as far as somebody cared to go."""
    seats = range(1, max(1, len(kind.roles)) + 1)
    made: Acts = table() if kind.roles else ()
    for _ in range(draw(st.integers(0, 4 * len(seats)))):
        seat = draw(st.sampled_from(seats))
        screen = kind.screen(made, seat, AT)
        if not screen.form.fields or screen.finished:
            continue
        if screen.key == "sign":
            made = (*made, signs(seat, draw(st.sampled_from(["a", "b c"]))))
            continue
        cases = ["honey", "bikes"] if screen.key == "again" else [screen.key[6:]]
        wished = {case: draw(level) for case in cases}
        try:
            screen.form.parse({"scores": levels(**wished)})
        except Invalid:  # too many notches
            wished = {case: _stood(kind, made, seat, case) for case in cases}
        made = (*made, gives(seat, **wished))
    return made


def _stood(kind: Criteria, made: Acts, seat: int, case: str) -> tuple[int, int]:
    first = kind.first(kind.standing(made, AT).done, seat)
    return first[f"{case}.users"], first[f"{case}.rain"]


@settings(deadline=None)
@given(acts=acts(JURY))
def test_every_table_ends_and_shows_only_strings_that_the_pack_must_have(acts: Acts) -> None:
    known = {*JURY.strings(), *JURY.optional_strings()}
    for seat in (1, 2, 3):
        assert set(JURY.screen(acts, seat, AT).strings()) <= known
    assert JURY.screen(acts, 1, AT + timedelta(days=9)).finished


@settings(deadline=None)
@given(acts=acts(ALONE))
def test_replayed_a_play_shows_the_same_screens(acts: Acts) -> None:
    again = Criteria.model_validate(PLAN)
    for n in range(len(acts) + 1):
        assert again.screen(acts[:n], 1, AT) == ALONE.screen(acts[:n], 1, AT)
        assert set(ALONE.screen(acts[:n], 1, AT).strings()) <= set(ALONE.strings())
        assert set(ALONE.quotes(acts[:n], 1)) <= set(ALONE.quotable())


@settings(deadline=None)
@given(acts=acts(JURY), other=level)
def test_no_seat_sees_what_another_gave_before_all_have_nor_its_brief(
    acts: Acts, other: tuple[int, int]
) -> None:
    for seat in (1, 2, 3):
        briefs = {s for s in seen(acts, JURY, seat).strings() if s.startswith("brief.")}
        assert briefs <= {f"brief.{JURY.roles[seat - 1]}"}
    done = JURY.standing(acts, AT).done
    hidden = done[len(done) - len(done) % 3 :]
    if not hidden or "reason" in hidden[-1].said:
        return
    last = hidden[-1]
    value = {name: other[name.endswith("rain")] for name in last.said["scores"]}
    changed = tuple(Act(a.seat, {"scores": value}, a.at) if a is last else a for a in acts)
    try:
        seen(changed, JURY, last.seat)
    except Invalid:
        return  # more notches than may be moved: nobody could have given that
    for seat in {1, 2, 3} - {last.seat}:
        assert seen(changed, JURY, seat) == seen(acts, JURY, seat)


@settings(deadline=None)
@given(
    acts=acts(ALONE),
    said=st.dictionaries(st.sampled_from(["scores", "reason", "choice", "out"]), st.just(1)),
)
def test_an_act_that_is_not_on_the_form_is_refused(acts: Acts, said: dict[str, Any]) -> None:
    screen = ALONE.screen(acts, 1, AT)
    if said.keys() == {field.id for field in screen.form.fields}:
        return
    with pytest.raises(Invalid, match="act-impossible"):
        ALONE.screen((*acts, Act(1, said, AT)), 1, AT)
    assert ALONE.screen(acts, 1, AT) == screen


slugs = st.sampled_from(["a", "b", "c"])
rows = st.lists(
    st.fixed_dictionaries({"id": slugs, "levels": st.integers(2, 5), "weight": st.integers(1, 3)}),
    min_size=2,
    max_size=4,
)
given_by_a_voice = st.none() | st.lists(st.integers(0, 2), min_size=4, max_size=4)


@settings(deadline=None, max_examples=200)
@given(
    cases=st.lists(slugs, min_size=1, max_size=3),
    rows=rows,
    tie=slugs,
    notches=st.integers(1, 4),
    first=given_by_a_voice,
    again=given_by_a_voice,
)
def test_any_grid_that_the_check_accepts_can_be_finished(
    cases: list[str], rows: list[Any], tie: str, notches: int, first: Any, again: Any
) -> None:
    plan = {**PLAN, "cases": cases, "rows": rows, "tie": tie, "notches": notches}
    said = {
        name: dict.fromkeys(cases, its[: len(rows)])
        for name, its in (("first", first), ("again", again))
        if its
    }
    plan |= {"roles": ["x", "y"], "voices": {"y": said} if first else {}}
    plan["endings"] = [{"id": "one", "when": ["moved >= 2"]}, {"id": "two"}]
    kind = Criteria.model_validate(plan)
    if any(kind.check()):
        return
    made: Acts = ()
    for _ in range(len(cases) + 2):
        form = kind.screen(made, 1, AT).form
        made = (*made, Act(1, form.parse(form.sample), AT))
    assert kind.screen(made, 1, AT).finished


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"cases": ["honey", "honey"], "tie": "honey"}, ("cases", 1), "listed-twice"),
        ({"rows": [{"id": "a"}, {"id": "a"}]}, ("rows", 1), "listed-twice"),
        ({"tie": "nobody"}, ("tie",), "case-unknown"),
        ({"voices": {"who": {"first": {}}}}, ("voices", "who"), "role-unknown"),
        ({"endings": [{"id": "a", "when": ["x == 1"]}, {"id": "b"}]}, None, "variable-unknown"),
    ],
)
def test_what_cannot_be_played_is_said(change: Any, path: Any, code: str) -> None:
    problems = [*Criteria.model_validate(PLAN | change).check()]
    assert any(one.code == code and path in (None, one.path) for one in problems)


@pytest.mark.parametrize(
    ("voice", "code"),
    [
        ({"first": {"honey": [1, 1]}}, "levels-missing"),
        ({"first": {"honey": [1], "bikes": [1, 1]}}, "levels-count"),
        ({"first": {"honey": [1, 3], "bikes": [1, 1]}}, "level-unknown"),
        ({"first": {"honey": [1, 1], "bikes": [1, 1], "cakes": [1, 1]}}, "case-unknown"),
        (
            {"first": {"honey": [1, 1], "bikes": [1, 1]}, "again": {"honey": [3, 2]}},
            "voice-moves-too-far",
        ),
    ],
)
def test_a_voice_that_no_form_would_take_is_said(voice: Any, code: str) -> None:
    kind = Criteria.model_validate(PLAN | {"roles": ["x", "y"], "voices": {"y": voice}})
    assert [one.code for one in kind.check()] == [code]


def test_a_grid_for_tests_has_no_fault() -> None:
    assert not [*ALONE.check()] and not [*JURY.check()]
