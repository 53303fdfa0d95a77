"""The meshing table: who says what of whom, what several and nobody do, what mends it, and what no
seat sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.activities.base import Act, Acts, Screen
from engine.packs.activities.mesh import Mesh
from engine.packs.activities.together import OUT, leaves
from engine.packs.reasons import (
    AsTheySaid,
    MonthSpan,
    Nobody,
    NothingDone,
    OneMonth,
    Themselves,
    ThreeLevels,
)
from engine.values.errors import Invalid
from tests.unit.packs.meshes import (
    AT,
    COULD,
    MESH,
    NO,
    PLAN,
    TASKS,
    YES,
    changed,
    gives,
    mends,
    says,
    table,
)


def seen(acts: Acts, kind: Mesh = MESH, seat: int = 1) -> Screen:
    return kind.screen(acts, seat, AT)


def sums(*acts: Act, kind: Mesh = MESH, seat: int = 1) -> dict[str, int]:
    return kind.sums(kind.standing(acts, AT).done, seat)


def test_each_says_their_line_then_hands_over_then_mends_what_nobody_does() -> None:
    acts = (says(), gives(), mends())
    screens = [seen(acts[:n]) for n in range(4)]
    assert [screen.key for screen in screens] == ["lines", "give", "mend", "end"]
    assert screens[0].texts == ("situation", "brief.clerk", "ask")
    assert screens[1].texts == ("scene", "give") and screens[2].texts == ("mend",)
    assert screens[3].texts == ("ending.unguarded", OUT) and screens[3].finished
    assert MESH.way((), 1).most == 3


def test_a_task_is_ones_own_by_three_times_yes_alone() -> None:
    for said in ((1, 2, 2), (2, 1, 2), (2, 2, 1), NO):
        assert sums(says(posters=said))["doubles"] == 0
    assert sums(says(posters=YES))["doubles"] == 1


def test_what_two_do_and_what_nobody_does_is_counted_in_the_same_hours() -> None:
    hours = seen((says(),)).rows[-1]
    assert [row[1:] for row in hours.rows[:3]] == [
        (10, 0, ("seat.clerk", "seat.trader")),
        (0, 10, Nobody(why="nobody-wants")),
        (0, 6, Nobody(why="nobody-can")),
    ]
    assert hours.rows[3][1:3] == (10, 16)
    assert seen((says(),)).values["twice"] == "10"


def test_each_line_tells_who_said_it() -> None:
    lines = seen((says(),)).rows[0]
    by, _posters, _night, frame = lines.rows
    assert lines.head[1:] == ("seat.clerk", "seat.trader", "seat.warden", "other.absalon")
    assert by[1:] == (Themselves(), Themselves(), Themselves(), "seat.warden")
    assert frame[-1] == ThreeLevels(knows=2, able=0, wants=0)


def test_whoever_is_asked_speaks_for_themselves_from_then_on() -> None:
    end = seen((says(), gives(), mends(frame="ask")))
    lines = end.rows[-1]
    assert lines.rows[0][-1] == Themselves()
    assert lines.rows[-1][-1] == ThreeLevels(knows=2, able=2, wants=2)
    assert "remedy.ask.after" in end.texts
    unasked = seen((says(), gives(), mends()))
    assert len(unasked.rows) == 2, "what nobody asked is not told"


def test_one_who_is_asked_may_refuse_and_the_hour_is_gone() -> None:
    acts = (says(), gives(), mends(night="ask-night"))
    assert sums(*acts)["done-night"] == 0 and sums(*acts)["spent"] == 1
    assert sums(*acts)["asked-absalon"] == 1


def test_who_is_paid_comes() -> None:
    acts = (says(), gives("posters"), mends(night="guards"))
    assert sums(*acts)["done-night"] == 1 and sums(*acts)["does-night"] == 0
    assert seen(acts).rows[0].rows[-1][2:] == ("other.guards", ("seat.clerk",), "remedy.guards")


def test_the_hours_of_what_one_keeps_are_not_there_to_mend() -> None:
    kept, given = seen((says(), gives())).form, seen((says(), gives("posters"))).form
    night = {"mend": {"night": "watch", "frame": "ask"}}
    with pytest.raises(Invalid) as refused:
        kept.parse(night)
    assert refused.value.reason.hours == 11 and refused.value.reason.most == 4
    assert given.parse(night) == night


def test_nobody_takes_up_again_what_they_handed_over() -> None:
    alone = changed(voices=PLAN["voices"] | {"trader": {"lines": dict.fromkeys(TASKS, NO)}})
    screen = seen((says(), gives("posters")), alone)
    assert "posters" not in screen.form.fields[0].rows
    other = MESH.screen(
        table(
            *(says(), says(2), says(3)),
            *(gives("posters"), gives("posters", 2)),
        ),
        3,
        AT,
    )
    assert [one.id for one in other.form.fields[0].rows["posters"].offers] == ["-", "print"]


def test_whoever_does_nothing_is_not_asked_to_hand_over() -> None:
    screen = seen((says(posters=NO),))
    assert screen.key == "mend" and screen.texts == ("scene", "mend")
    waiting = seen(table(says(), says(2), says(3)), seat=3)
    assert waiting.key == "give" and waiting.texts == ("scene",) and waiting.awaited == (1, 2)


def test_where_nothing_is_open_nobody_is_asked_to_mend() -> None:
    acts = (says(night=YES, frame=YES), gives())
    assert seen(acts).texts == ("ending.alone", OUT)
    assert sums(*acts)["over"] == 26 - 14 and sums(*acts)["mine"] == 26


def test_who_does_what_is_told_as_the_months_come() -> None:
    acts = (says(), gives("posters"), mends(frame="ask", night="watch"))
    assert seen(acts).rows[0].rows == (
        ("task.frame", MonthSpan("11", "01"), "other.absalon", ("seat.clerk",), "remedy.ask"),
        ("task.posters", MonthSpan("12", "01"), "seat.trader", NothingDone(), AsTheySaid()),
        ("task.night", OneMonth("02"), "seat.clerk", NothingDone(), "remedy.watch"),
    )


def test_two_who_do_the_same_are_told_with_whom() -> None:
    plan = seen((says(), gives(), mends())).rows[0].rows
    doers = [row[2:4] for row in plan if row[0] == "task.posters"]
    assert doers == [("seat.clerk", ("seat.trader",)), ("seat.trader", ("seat.clerk",))]


def test_what_was_kept_handed_over_left_and_mended_can_be_quoted() -> None:
    kept = MESH.quotes((says(), gives(), mends(frame="ask")), 1)
    assert kept == {
        "role": "seat.clerk",
        "kept": "task.posters.quote",
        "kept.with": "seat.trader",
        "gap": "task.night.quote",
        "remedy": "remedy.ask.quote",
        "twice": 10,
        "missing": 10,
        "mine": 11,
        "first.twice": 10,
        "first.missing": 16,
        "ending": "ending.unguarded.trace",
    }
    given = MESH.quotes((says(), gives("posters"), mends(frame="ask", night="watch")), 1)
    assert given["gave"] == "task.posters.quote" and not {"kept", "gap"} & set(given)
    assert MESH.quotes((says(),), 1) == {"role": "seat.clerk"}


def test_two_who_mend_the_same_do_it_twice() -> None:
    acts = table(
        *(says(), says(2), says(3)),
        *(gives("posters"), gives("posters", 2)),
        *(mends(1, night="watch"), mends(2, night="watch")),
        Act(3, {"mend": {"posters": "print", "night": "-", "frame": "-"}}, AT),
    )
    assert sums(*acts)["done-night"] == 2 and sums(*acts)["twice"] == 10
    assert sums(*acts, seat=3)["does-posters"] == 1


def test_a_voice_takes_only_what_its_hours_allow() -> None:
    voice = PLAN["voices"]["trader"] | {"takes": {"night": "watch", "frame": "ask"}}
    kind = changed(voices=PLAN["voices"] | {"trader": voice})
    done = kind.standing((says(), gives(), mends()), AT).done
    assert [one.id for one in kind.taken(done, 2)] == ["ask"], "ten of its fourteen hours are kept"


def test_a_voice_hands_over_only_what_it_does() -> None:
    voice = PLAN["voices"]["trader"] | {"gives": "posters"}
    kind = changed(voices=PLAN["voices"] | {"trader": voice})
    acts = table(says(), says(2, posters=NO, night=YES), says(3), leaves(2, AT), gives())
    done = kind.standing(acts, AT).done
    assert kind.gave(done, 2) is None
    assert kind.gave(kind.standing((says(), gives()), AT).done, 2) == "posters"


# --- properties

level = st.tuples(*(st.integers(0, 2) for _ in range(3)))
lines = st.fixed_dictionaries(dict.fromkeys(TASKS, st.sampled_from([YES, YES, NO, COULD]) | level))


@st.composite
def acts(draw: st.DrawFn, *, several: bool = True) -> Acts:
    """Legal acts in any order, as far as somebody cared to go."""
    seats = (1, 2, 3) if several else (1,)
    made: Acts = table() if several else ()
    for _ in range(draw(st.integers(0, 3 * len(seats)))):
        seat = draw(st.sampled_from(seats))
        screen = MESH.screen(made, seat, AT)
        if not screen.form.fields or screen.finished:
            continue
        [field] = screen.form.fields
        if field.id == "lines":
            made = (*made, says(seat, **draw(lines)))
        elif field.id == "give":
            made = (*made, gives(draw(st.sampled_from([o.id for o in field.options])), seat))
        else:
            wished = {
                name: draw(st.sampled_from([one.id for one in row.offers]))
                for name, row in field.rows.items()
            }
            try:
                said = screen.form.parse({"mend": wished})
            except Invalid:  # more hours than there are
                said = screen.form.sample
            made = (*made, Act(seat, said, AT))
    return made


@settings(deadline=None)
@given(acts=acts())
def test_every_table_ends_and_shows_only_strings_that_the_pack_must_have(acts: Acts) -> None:
    known = {*MESH.strings(), *MESH.optional_strings()}
    for seat in (1, 2, 3):
        screen = MESH.screen(acts, seat, AT)
        assert set(screen.strings()) <= known
        for text in screen.texts:
            assert MESH.holes(text) <= set(screen.values)
        assert set(MESH.quotes(acts, seat)) <= set(MESH.quotable())
    assert MESH.screen(acts, 1, AT + timedelta(days=9)).finished
    sure = {name for name, certain in MESH.quotable().items() if certain}
    assert sure <= set(MESH.quotes(acts, 1)), "quotes are those of the end, whoever has left"


@settings(deadline=None)
@given(acts=acts(several=False))
def test_replayed_a_play_shows_the_same_screens(acts: Acts) -> None:
    again = Mesh.model_validate(PLAN)
    for n in range(len(acts) + 1):
        assert again.screen(acts[:n], 1, AT) == MESH.screen(acts[:n], 1, AT)


@settings(deadline=None)
@given(acts=acts(), other=lines)
def test_no_seat_sees_what_another_does_before_all_have_nor_its_brief(
    acts: Acts, other: dict[str, Any]
) -> None:
    for seat in (1, 2, 3):
        briefs = {s for s in seen(acts, MESH, seat).strings() if s.startswith("brief.")}
        assert briefs <= {f"brief.{MESH.roles[seat - 1]}"}
    standing = MESH.standing(acts, AT)
    last = standing.done[-1] if standing.done else None
    if last is None or standing.step.key not in last.said:
        return
    other_act = {
        "lines": lambda: says(last.seat, **other),
        "give": lambda: gives("-", last.seat),
        "mend": lambda: Act(last.seat, {"mend": dict.fromkeys(last.said["mend"], "-")}, AT),
    }[standing.step.key]()
    changed = tuple(other_act if act is last else act for act in acts)
    if MESH.standing(changed, AT).step.key != standing.step.key:
        return  # now nobody is left to be asked in that step, and all of it is shown
    for seat in {1, 2, 3} - {last.seat}:
        assert seen(changed, MESH, seat) == seen(acts, MESH, seat)


@settings(deadline=None)
@given(
    acts=acts(),
    seat=st.sampled_from([1, 2, 3]),
    said=st.dictionaries(
        st.sampled_from(["lines", "give", "mend", "choice", "out"]),
        st.sampled_from(["posters", "x", {"night": "watch", "frame": "x"}, {}]),
    ),
)
def test_an_act_that_is_not_on_the_form_is_refused(
    acts: Acts, seat: int, said: dict[str, Any]
) -> None:
    screen = MESH.screen(acts, seat, AT)
    if screen.finished and said.keys() == {"out"}:
        return
    if screen.form.fields and said == {"give": "posters"}:
        return
    with pytest.raises(Invalid, match="act-impossible"):
        MESH.screen((*acts, Act(seat, said, AT)), seat, AT)
    assert MESH.screen(acts, seat, AT) == screen


slugs = st.sampled_from(["a", "b", "c"])
tasks = st.lists(
    st.fixed_dictionaries(
        {
            "id": slugs,
            "hours": st.integers(1, 9),
            "from": st.integers(1, 12),
            "to": st.integers(1, 12),
        }
    ),
    min_size=2,
    max_size=3,
    unique_by=lambda task: task["id"],
)
remedies = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["p", "q", "r", "s"]),
            "task": slugs,
            "hours": st.integers(0, 9),
            "by": st.sampled_from([None, "who"]),
        }
    ),
    max_size=4,
    unique_by=lambda remedy: remedy["id"],
)


@settings(deadline=None, max_examples=300)
@given(
    tasks=tasks,
    remedies=remedies,
    starts=st.integers(1, 12),
    said=st.lists(st.fixed_dictionaries(dict.fromkeys("abc", level)), min_size=4, max_size=4),
    gives=st.none() | slugs,
    data=st.data(),
)
def test_any_mesh_that_the_check_accepts_can_be_finished(
    tasks: list[Any], remedies: list[Any], starts: int, said: Any, gives: Any, data: st.DataObject
) -> None:
    ids = {task["id"] for task in tasks}
    of = [{task: its for task, its in one.items() if task in ids} for one in said]
    for task in tasks:
        task["from"], task["to"] = sorted(
            (task["from"], task["to"]), key=lambda month: (month - starts) % 12
        )
    kind = Mesh.model_validate(
        PLAN
        | {
            "roles": ["x", "y"],
            "tasks": tasks,
            "starts": starts,
            "remedies": [one for one in remedies if one["task"] in ids],
            "voices": {"x": {"lines": of[0]}, "y": {"lines": of[1], "gives": gives}},
            "others": {"who": {"said_by": "y", "guessed": of[2], "lines": of[3]}}
            if any(one["by"] and one["task"] in ids for one in remedies)
            else {},
            "endings": [{"id": "one", "when": ["gaps >= 1"]}, {"id": "two"}],
        }
    )
    if any(kind.check()):
        return
    made: Acts = ()
    for _ in range(3):
        screen = kind.screen(made, 1, AT)
        if screen.finished:
            break
        form = screen.form
        said_now = form.sample
        if form.fields[0].id == "lines":
            said_now = {"lines": {name: data.draw(st.integers(0, 2)) for name in said_now["lines"]}}
        made = (*made, Act(1, form.parse(said_now), AT))
    assert kind.screen(made, 1, AT).finished


def voices(**lines: Any) -> dict[str, Any]:
    """The voices, the trader's with these parts."""
    return PLAN["voices"] | {"trader": PLAN["voices"]["trader"] | lines}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"roles": ["clerk", "clerk"]}, "listed-twice"),
        ({"tasks": [PLAN["tasks"][0]] * 2}, "listed-twice"),
        ({"remedies": [*PLAN["remedies"], PLAN["remedies"][0]]}, "listed-twice"),
        ({"starts": 1}, "months-backwards"),
        ({"remedies": [{"id": "a", "task": "x", "hours": 1}]}, "task-unknown"),
        ({"remedies": [{"id": "a", "task": "night", "hours": 1, "by": "x"}]}, "other-unknown"),
        ({"remedies": []}, "task-helpless"),
        ({"remedies": []}, "other-unasked"),
        ({"others": PLAN["others"] | {"guards": {"lines": {"night": YES}}}}, "other-unspoken"),
        (
            {"others": PLAN["others"] | {"absalon": {"said_by": "x", "lines": {"x": YES}}}},
            "role-unknown",
        ),
        (
            {"others": PLAN["others"] | {"absalon": {"said_by": "clerk", "lines": {"x": YES}}}},
            "task-unknown",
        ),
        ({"voices": {k: v for k, v in PLAN["voices"].items() if k != "clerk"}}, "voice-missing"),
        ({"voices": PLAN["voices"] | {"x": PLAN["voices"]["clerk"]}}, "role-unknown"),
        ({"voices": voices(lines={"posters": YES, "night": NO})}, "line-missing"),
        ({"voices": voices(gives="night")}, "voice-gives"),
        ({"voices": voices(takes={"night": "ask"})}, "remedy-unknown"),
        ({"endings": [{"id": "a", "when": ["x == 1"]}, {"id": "b"}]}, "variable-unknown"),
        ({"endings": [{"id": "a"}, {"id": "b", "when": ["gaps == 1"]}]}, "ending-conditional"),
    ],
)
def test_what_cannot_be_played_is_said(change: Any, code: str) -> None:
    assert code in [one.code for one in changed(**change).check()]


def test_a_mesh_for_tests_has_no_fault() -> None:
    assert not [*MESH.check()]
