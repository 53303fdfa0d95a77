"""The map: who has a chair, what moves, what a play tells, what no seat sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.forms.reasons import NothingMoved
from engine.packs.activities.base import Act, Acts, Screen, Typed
from engine.packs.activities.map import StakeholderMap
from engine.packs.activities.seating import Actor, ranked
from engine.packs.activities.together import FOREVER, OUT
from engine.values.errors import Invalid
from tests.unit.packs.maps import (
    ALONE,
    AT,
    FIRST,
    NAMES,
    PLAN,
    SHARED,
    at,
    calls,
    moves,
    places,
    play,
    table,
)


def seen(acts: Acts, kind: StakeholderMap = ALONE, seat: int = 1) -> Screen:
    return kind.screen(acts, seat, AT)


def seated(screen: Screen) -> list[object]:
    """Who has a chair, as the map tells it in words."""
    return [row[0] for row in screen.rows[0].rows if row[1] != "standing"]


# --- the rule of the chairs

grid = st.integers(0, 10)


@given(st.dictionaries(st.sampled_from(NAMES), st.tuples(grid, grid), min_size=5))
def test_the_nearest_to_the_corner_come_first_and_a_tie_goes_to_the_first_listed(
    where: dict[str, tuple[int, int]],
) -> None:
    far = {name: (10 - x) ** 2 + (10 - y) ** 2 for name, (x, y) in where.items()}
    order = ranked(at(**where), [Actor(id=name) for name in NAMES], 10)
    assert list(order) == sorted(NAMES, key=lambda name: (far[name], NAMES.index(name)))


def test_who_needs_somebody_counts_beside_them_and_who_avoids_somebody_does_not() -> None:
    both = play(dairy=(10, 10), ropers=(10, 10))
    assert seen(both).values["counted"] == "1" and seen(both).texts == ("ending.upstream",)
    beside = play("anglers", dairy=(10, 10))
    assert seen(beside).values["counted"] == "0" and seen(beside).texts == ("ending.paper",)


# --- a play


def test_all_are_placed_then_one_is_called_then_a_few_are_placed_again() -> None:
    acts = play(dairy=(10, 10))
    screens = [seen(acts[:n]) for n in range(4)]
    assert [screen.key for screen in screens] == ["place", "call", "again", "end"]
    assert screens[0].texts == ("situation", "place") and not screens[0].rows
    assert screens[1].texts == ("call",) and seated(screens[1]) == ["actor.mayor", "actor.cook"]
    assert screens[2].feedback == "told.ropers" and screens[2].texts == ("scene", "again")
    assert screens[3].finished and not screens[3].form.fields
    assert [ALONE.way(acts[:n], 1).done for n in range(4)] == [0, 1, 2, 3]


def test_only_who_has_no_chair_can_be_called() -> None:
    [call] = seen((places(),)).form.fields
    assert [option.id for option in call.taps()] == ["anglers", "dairy", "ropers"]


def test_what_changed_is_shown_and_can_be_quoted() -> None:
    acts = play(dairy=(10, 10))
    assert seen(acts).rows[0].rows == (
        ("actor.dairy", "standing", "counts.not"),
        ("actor.mayor", "chair", "counts.not"),
        ("actor.cook", "chair", "standing"),
        ("actor.anglers", "standing", "standing"),
        ("actor.ropers", "standing", "standing"),
    )
    assert ALONE.quotes(acts, 1) == {
        "farthest": "actor.ropers.quote",
        "called": "actor.ropers.quote",
        "moved": "actor.dairy.quote",
        "lost": "actor.cook.quote",
        "counted": 0,
        "came": 1,
        "ending": "ending.paper.trace",
    }


def test_in_the_end_the_chairs_of_each_group_are_counted() -> None:
    actors = [{"id": name, "group": "far" if name == "dairy" else "near"} for name in NAMES]
    endings = [{"id": "far", "when": ["group-far == 1"]}, {"id": "near"}]
    grouped = StakeholderMap.model_validate(
        PLAN | {"actors": actors, "groups": ["near", "far"], "endings": endings}
    )
    shown = seen(play(dairy=(10, 10)), grouped)
    assert not [*grouped.check()] and shown.texts == ("ending.far",)
    assert shown.rows[1].rows == (("group.near", 2, 1), ("group.far", 0, 1))


def test_what_ties_actors_is_laid_open_in_the_end_and_not_before() -> None:
    acts = play()
    assert [[table.title for table in seen(acts[:n]).rows] for n in (1, 2)] == [["chairs"]] * 2
    assert seen(acts).rows[1].rows == (
        ("actor.mayor", "unless", "actor.dairy"),
        ("actor.dairy", "needs", "actor.ropers"),
    )
    free = StakeholderMap.model_validate(PLAN | {"actors": [{"id": name} for name in NAMES]})
    assert "ties" not in free.strings() and len(seen(acts, free).rows) == 1


def test_whoever_moves_nobody_has_no_chair_to_quote() -> None:
    acts = play()
    assert seen(acts).texts == ("ending.called",)
    assert not {"moved", "lost"} & set(ALONE.quotes(acts, 1))


def test_more_moves_than_the_limit_are_refused_in_words() -> None:
    acts = (places(), calls("ropers"))
    form = seen(acts).form
    three = moves(ALONE, acts, mayor=(0, 0), cook=(0, 0), dairy=(0, 0))
    with pytest.raises(Invalid, match="actors-moved") as refused:
        form.parse(three.said)
    assert (refused.value.reason.moved, refused.value.reason.most) == (3, 2)


def test_somebody_added_stands_whatever_their_place_and_is_shown_as_typed() -> None:
    acts = (places(1, "*la gardienne*", added=(10, 10)), calls("ropers"))
    shown = seen(acts[:1])
    assert shown.rows[0].rows[-1] == (Typed("*la gardienne*"), "standing", 10, 10)
    whole = (*acts, moves(ALONE, acts, _added=(0, 0)))
    assert ALONE.quotes(whole, 1)["added"] == Typed("*la gardienne*")
    erased = (Act(1, {**acts[0].said, "added": ""}, AT), *whole[1:])
    assert seen(erased[:1]).rows[0].rows[-1][0] == "added.place"
    assert seen(erased).texts == seen(whole).texts and "added" not in ALONE.quotes(erased, 1)


def test_a_name_without_a_place_is_kept_off_the_map() -> None:
    acts = (places(1, "la gardienne"), calls("ropers"))
    assert seen(acts[:1]).rows[0].rows[-1] == (Typed("la gardienne"), "standing", None, None)
    whole = (*acts, moves(ALONE, acts))
    assert ALONE.quotes(whole, 1)["added"] == Typed("la gardienne")
    assert ALONE.sums(whole, 1)["added"] == 0


# --- at a table


def test_others_move_one_in_turn_and_the_first_seat_moves_last() -> None:
    acts = table(places())
    order = []
    while not (screen := seen(acts, SHARED)).finished:
        seat = screen.awaited[0]
        order.append((seat, screen.key))
        form = seen(acts, SHARED, seat).form
        acts = (*acts, Act(seat, form.parse(form.sample), AT))
    assert order == [
        (2, "place-bursar"),
        (3, "place-mayor"),
        (1, "call"),
        (2, "call"),
        (3, "call"),
        (2, "again-bursar"),
        (3, "again-mayor"),
        (1, "again"),
    ]


def test_another_seat_moves_one_and_no_more() -> None:
    acts = table(places())
    form = seen(acts, SHARED, 2).form
    assert form.parse(moves(SHARED, acts, 2, cook=(0, 0)).said)
    with pytest.raises(Invalid, match="actors-moved"):
        form.parse(moves(SHARED, acts, 2, cook=(0, 0), dairy=(0, 0)).said)


def test_alone_recorded_voices_are_heard_when_they_move_somebody() -> None:
    shown = seen((places(),), SHARED)
    assert [(one.seat, one.said) for one in shown.heard] == [(2, "voice.bursar")]
    assert shown.rows[1].rows[0] == ("seat.bursar", "actor.cook")
    again = seen((places(), calls("ropers")), SHARED)
    assert [one.said for one in again.heard] == ["voice.bursar.again"]
    assert again.rows[1].rows == (
        ("seat.bursar", "actor.anglers"),
        ("seat.mayor", NothingMoved()),
    )


def test_nobody_calls_themself_unless_no_other_is_left() -> None:
    away = dict.fromkeys(("mayor", "cook"), (0, 0))
    acts = table(
        places(1, "", **away), *(Act(seat, {"map": at(**FIRST | away)}, AT) for seat in (2, 3))
    )
    offered = [option.id for option in seen(acts, SHARED, 3).form.fields[0].taps()]
    assert "mayor" not in offered and "cook" in offered


def test_each_seat_hears_its_own_call_alone() -> None:
    acts = table(places(), *(moves(SHARED, (places(),), seat) for seat in (2, 3)))
    acts = (*acts, calls("dairy", 2))
    assert seen(acts, SHARED, 2).feedback == "told.dairy"
    assert all(seen(acts, SHARED, seat).feedback is None for seat in (1, 3))


# --- properties


@st.composite
def acts(draw: st.DrawFn, kind: StakeholderMap) -> Acts:
    """Legal acts in any order, as far as somebody cared to go."""
    seats = range(1, max(1, len(kind.roles)) + 1)
    made: Acts = table() if kind.roles else ()
    for _ in range(draw(st.integers(0, 4 * len(seats)))):
        seat = draw(st.sampled_from(seats))
        screen = kind.screen(made, seat, AT)
        if not screen.form.fields or screen.finished:
            continue
        if screen.key == "call":
            said = {"call": draw(st.sampled_from([o.id for o in screen.form.fields[0].taps()]))}
        elif screen.key == "place":
            said = dict(places(1, draw(st.sampled_from(["", "x"])), **draw(somewhere)).said)
        else:
            mover = draw(st.sampled_from(NAMES))
            said = dict(moves(kind, made, seat, **{mover: draw(spot)}).said)
        made = (*made, Act(seat, said, AT))
    return made


spot = st.tuples(grid, grid)
somewhere = st.dictionaries(st.sampled_from((*NAMES, "added")), spot)


@settings(deadline=None)
@given(acts=acts(SHARED))
def test_every_table_ends_and_shows_only_strings_that_the_pack_must_have(acts: Acts) -> None:
    known = set(SHARED.strings())
    for seat in (1, 2, 3):
        assert set(SHARED.screen(acts, seat, AT).strings()) <= known
        briefs = {s for s in seen(acts, SHARED, seat).strings() if s.startswith("brief.")}
        assert briefs <= {f"brief.{SHARED.roles[seat - 1]}"}
        assert set(SHARED.quotes(acts, seat)) <= set(SHARED.quotable())
    assert SHARED.screen(acts, 1, AT + timedelta(days=9)).finished


@settings(deadline=None)
@given(acts=acts(ALONE))
def test_replayed_a_play_shows_the_same_screens(acts: Acts) -> None:
    again = StakeholderMap.model_validate(PLAN)
    for n in range(len(acts) + 1):
        assert again.screen(acts[:n], 1, AT) == ALONE.screen(acts[:n], 1, AT)
        assert set(ALONE.screen(acts[:n], 1, AT).strings()) <= set(ALONE.strings())
    if len(acts) == 3:
        sure = {name for name, always in ALONE.quotable().items() if always}
        assert sure <= set(ALONE.quotes(acts, 1)) <= set(ALONE.quotable())


@settings(deadline=None)
@given(acts=acts(SHARED))
def test_whom_another_calls_changes_nothing_that_a_seat_sees_or_may_quote(acts: Acts) -> None:
    called = [act for act in acts if "call" in act.said]
    if not called:
        return
    last, done = called[-1], SHARED.standing(acts, AT).done
    other = [o.id for o in SHARED._call(done[:3], last.seat).options if o.id != last.said["call"]]
    changed = tuple(Act(a.seat, {"call": other[0]}, a.at) if a is last else a for a in acts)
    for seat in {1, 2, 3} - {last.seat}:
        assert seen(changed, SHARED, seat) == seen(acts, SHARED, seat)
        assert SHARED.quotes(changed, seat) == SHARED.quotes(acts, seat)


@settings(deadline=None)
@given(
    acts=acts(ALONE),
    said=st.dictionaries(
        st.sampled_from(["map", "call", "added", "choice", OUT]),
        st.sampled_from([1, "mayor", "", at(mayor=(1, 1)), at(**FIRST, nobody=(1, 1))]),
    ),
)
def test_an_act_that_is_not_on_the_form_is_refused(acts: Acts, said: dict[str, Any]) -> None:
    screen = ALONE.screen(acts, 1, AT)
    try:
        if screen.form.fields and screen.form.parse(said) == said:
            return
    except Invalid:
        pass
    with pytest.raises(Invalid, match="act-impossible"):
        ALONE.screen((*acts, Act(1, said, AT)), 1, AT)
    assert ALONE.screen(acts, 1, AT) == screen


slugs = st.sampled_from(["a", "b", "c", "d"])
few = st.lists(slugs, max_size=2)
actors = st.lists(
    st.fixed_dictionaries({"id": slugs, "counts": st.integers(0, 2), "needs": few, "unless": few}),
    min_size=3,
    max_size=4,
)
aims = st.dictionaries(slugs, st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=2)


@settings(deadline=None, max_examples=200)
@given(
    actors=actors,
    chairs=st.integers(1, 4),
    steps=st.integers(3, 6),
    moved=st.none() | st.integers(1, 4),
    added=st.integers(0, 1),
    voices=st.dictionaries(
        st.sampled_from(["x", "y"]), st.fixed_dictionaries({"first": aims, "again": aims})
    ),
    when=st.sampled_from(["counted >= 2", "seated-a == 1", "first-b == 0", "moved >= 1"]),
)
def test_any_map_that_the_check_accepts_can_be_finished(
    actors: Any, chairs: int, steps: int, moved: Any, added: int, voices: Any, when: str
) -> None:
    plan = {**PLAN, "actors": actors, "chairs": chairs, "steps": steps, "moves": moved}
    plan |= {"added": added, "roles": ["x", "y"], "voices": voices}
    plan["endings"] = [{"id": "one", "when": [when]}, {"id": "two"}]
    kind = StakeholderMap.model_validate(plan)
    if any(kind.check()):
        return
    assert kind.standing((), FOREVER, present=frozenset()).over
    made: Acts = ()
    for _ in range(3):
        form = kind.screen(made, 1, AT).form
        made = (*made, Act(1, form.parse(form.sample), AT))
    assert not kind.screen(made, 1, AT).awaited


# --- what the check says


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"actors": [*PLAN["actors"], {"id": "cook"}]}, ("actors", 5, "id"), "listed-twice"),
        ({"chairs": 5}, ("chairs",), "chairs-too-many"),
        (
            {"actors": [{"id": "a", "needs": ["z"]}, *PLAN["actors"]]},
            ("actors", 0, "needs", 0),
            "actor-unknown",
        ),
        (
            {"actors": [{"id": "a", "unless": ["z"]}, *PLAN["actors"]]},
            ("actors", 0, "unless", 0),
            "actor-unknown",
        ),
        (
            {"actors": [{"id": "a", "group": "z"}, *PLAN["actors"]]},
            ("actors", 0, "group"),
            "group-unknown",
        ),
        ({"groups": ["z"]}, ("groups", 0), "group-empty"),
        (
            {"actors": [{"id": "a", "group": "z"}, *PLAN["actors"]], "groups": ["z", "z"]},
            ("groups", 1),
            "listed-twice",
        ),
        ({"voices": {"who": {}}}, ("voices", "who"), "role-unknown"),
        (
            {"endings": [{"id": "a", "when": ["seated-z == 1"]}, {"id": "b"}]},
            ("endings", 0, "when", 0),
            "variable-unknown",
        ),
        (
            {"endings": [{"id": "a", "when": ["counted >= 9"]}, {"id": "b"}]},
            ("endings", 0),
            "ending-unreachable",
        ),
        (
            {
                "endings": [
                    {"id": "a", "when": ["counted >= 1"]},
                    {"id": "b", "when": ["counted >= 2"]},
                    {"id": "c"},
                ]
            },
            ("endings", 1),
            "ending-unreachable",
        ),
    ],
)
def test_what_cannot_be_played_is_said(change: Any, path: Any, code: str) -> None:
    problems = [*StakeholderMap.model_validate(PLAN | change).check()]
    assert [(one.path, one.code) for one in problems] == [(path, code)]


def test_an_ending_that_also_asks_for_what_is_not_known_hides_none() -> None:
    endings = [
        {"id": "a", "when": ["counted >= 1", "moved >= 1"]},
        {"id": "b", "when": ["counted >= 2"]},
        {"id": "c"},
    ]
    assert not [*StakeholderMap.model_validate(PLAN | {"endings": endings}).check()]


@pytest.mark.parametrize(
    ("role", "voice", "path", "code"),
    [
        ("y", {"first": {"nobody": [1, 1]}}, ("first", "nobody"), "actor-unknown"),
        ("y", {"again": {"cook": [11, 1]}}, ("again", "cook"), "place-off-map"),
        ("y", {"first": {"cook": [1, 1], "mayor": [1, 1]}}, ("first",), "voice-moves-too-many"),
        ("x", {"again": {key: [1, 1] for key in NAMES[:3]}}, ("again",), "voice-moves-too-many"),
    ],
)
def test_a_voice_that_no_form_would_take_is_said(
    role: str, voice: Any, path: Any, code: str
) -> None:
    kind = StakeholderMap.model_validate(PLAN | {"roles": ["x", "y"], "voices": {role: voice}})
    assert [(one.path, one.code) for one in kind.check()] == [(("voices", role, *path), code)]


def test_the_first_voice_may_place_all() -> None:
    voices = {"x": {"first": {key: [1, 1] for key in NAMES}}}
    assert not [
        *StakeholderMap.model_validate(PLAN | {"roles": ["x", "y"], "voices": voices}).check()
    ]


def test_a_map_for_tests_has_no_fault() -> None:
    assert not [*ALONE.check()] and not [*SHARED.check()]
