"""The mission: whom and when, going, telling, waiting, and telling once more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.forms.typed import escape
from engine.packs.activities.base import ALONE, GUEST, Act, Acts, Appointment, Screen, Typed
from engine.packs.activities.mission import Mission
from engine.values.errors import Invalid
from tests.plays import anything
from tests.unit.packs.errands import (
    AT,
    DAY,
    FIRST,
    LATER,
    MISSION,
    PLAN,
    WHOLE,
    does,
    goes,
    tells,
)


def seen(acts: Acts, now: Any = AT + DAY, kind: Mission = MISSION) -> Screen:
    return kind.screen(acts, ALONE, now)


def changed(**fields: Any) -> Mission:
    return Mission.model_validate(PLAN | fields)


def faults(**fields: Any) -> list[str]:
    return [problem.code for problem in changed(**fields).check()]


def first_return(**fields: Any) -> list[dict[str, Any]]:
    return [PLAN["returns"][0] | fields, PLAN["returns"][1]]


def second_return(**fields: Any) -> list[dict[str, Any]]:
    return [PLAN["returns"][0], PLAN["returns"][1] | fields]


def test_a_mission_is_chosen_gone_to_told_and_told_once_more() -> None:
    keys = [seen(WHOLE[:n], LATER).key for n in range(len(WHOLE) + 1)]
    assert keys == [
        "choose",
        "go-told",
        "tell-words",
        "tell-count",
        "tell-mood",
        "go-kept",
        "tell-left",
        "tell-sure",
        "end",
    ]
    assert seen(()).texts == ("situation",)
    assert seen(WHOLE[:1]).texts == ("whom.baker.brief", "return.told", "safety")
    assert seen(WHOLE).finished and seen(WHOLE).texts == ("ending.warm",)
    assert not list(MISSION.check())


def test_a_day_is_chosen_from_today_on_within_so_many_days() -> None:
    form = seen((), AT).form
    assert form.parse({"whom": "clerk", "day": "2027-01-12"})
    for day in ("2027-01-11", "2027-01-20"):
        with pytest.raises(Invalid, match="answer-out-of-range"):
            form.parse({"whom": "clerk", "day": day})


def test_today_is_that_of_the_zone_in_which_the_learner_lives() -> None:
    evening = AT.replace(hour=23).astimezone(ZoneInfo("Indian/Reunion"))
    assert seen((), evening).form.parse({"whom": "clerk", "day": "2027-01-13"})
    with pytest.raises(Invalid):
        seen((), evening).form.parse({"whom": "clerk", "day": "2027-01-12"})


def test_another_day_is_taken_once_and_so_is_the_other_way() -> None:
    assert [o.id for o in seen((goes(),)).form.fields[0].options] == ["been", "day", "instead"]
    moved = (goes(), does("day"))
    assert seen(moved).key == "move" and seen(moved).texts == ("move",)
    again = (*moved, Act(ALONE, {"day": "2027-01-18"}, AT + DAY))
    assert [o.id for o in seen(again).form.fields[0].options] == ["been", "instead"]
    other = (*again, does("instead"))
    assert [o.id for o in seen(other).form.fields[0].options] == ["been"]
    assert seen(other).texts == ("whom.letter.brief", "return.told.instead")
    assert seen(other).appointment == Appointment(
        "told", date(2027, 1, 18), "whom.letter", date(2027, 1, 13)
    )
    with pytest.raises(Invalid, match="act-impossible"):
        seen((*again, does("day")))


def test_the_other_way_asks_as_much_and_comes_as_far() -> None:
    other = (goes("letter"), *WHOLE[1:])
    assert len(other) == len(WHOLE) and seen(other).finished
    assert seen(other).texts == ("ending.plain",)
    assert MISSION.way(other[:1], ALONE) == MISSION.way(WHOLE[:1], ALONE)
    assert MISSION.quotes(other, ALONE)["whom"] == "whom.letter.quote"


def test_the_second_return_waits_for_its_day_and_says_which() -> None:
    waits = seen(FIRST, AT + 2 * DAY)
    assert not waits.form.fields and not waits.finished
    assert waits.texts == ("return.kept.wait", "return.kept", "safety")
    assert waits.appointment == Appointment(
        "kept", date(2027, 1, 20), "whom.baker", date(2027, 1, 13)
    )
    with pytest.raises(Invalid, match="act-impossible"):
        seen((*FIRST, does("been", AT + 3 * DAY)))
    for zone in ("Pacific/Noumea", "UTC", "America/Martinique"):
        here = seen(FIRST, AT.astimezone(ZoneInfo(zone)))
        assert here.appointment
        midnight = AT.astimezone(ZoneInfo(zone)).replace(
            year=here.appointment.day.year,
            month=here.appointment.day.month,
            day=here.appointment.day.day,
            hour=0,
        )
        assert seen(FIRST, midnight).form.fields, "the whole of the day that was said"


def test_a_day_that_summer_time_shortens_is_a_whole_day_too() -> None:
    paris = ZoneInfo("Europe/Paris")
    late = datetime(2027, 3, 23, 23, 45, tzinfo=paris).astimezone(UTC)
    acts = (goes(), does("been", late), *tells(late, words="Bread.", count=3, mood="warm"))
    here = seen(acts, late.astimezone(paris)).appointment
    assert here and here.day == date(2027, 3, 30)
    assert not seen(acts, late + 5 * DAY).form.fields
    assert seen(acts, datetime(2027, 3, 30, tzinfo=paris)).form.fields


def test_who_met_somebody_first_may_take_the_other_way_the_second_time() -> None:
    acts = (*FIRST, does("instead", LATER))
    assert seen(acts, LATER).texts == ("return.kept.instead",)
    whole = (*acts, does("been", LATER), *tells(LATER, left="x", sure=1))
    assert MISSION.quotes(whole, ALONE)["whom"] == "whom.baker.quote"
    assert seen(whole).texts == ("ending.plain",)


def test_what_was_told_is_read_again_as_it_was_typed() -> None:
    assert seen(FIRST).values["words"] == escape("Bread, *first*.")
    assert seen(FIRST).values["count"] == "3" and seen(FIRST).values["left"] == "…"
    assert MISSION.quotes(WHOLE, ALONE) == {
        "whom": "whom.baker.quote",
        "told.words": Typed("Bread, *first*."),
        "told.count": 3,
        "told.mood": "tell.mood.warm.quote",
        "told.left": Typed("The bread."),
        "told.sure": 4,
        "ending": "ending.warm.trace",
    }


def test_words_that_were_erased_leave_a_mission_that_still_ends() -> None:
    bare = tuple(Act(ALONE, {"words": ""}, act.at) if "words" in act.said else act for act in WHOLE)
    assert seen(bare).finished and "told.words" not in MISSION.quotes(bare, ALONE)


def test_holes_are_what_was_told_before() -> None:
    assert MISSION.holes("return.told") == frozenset()
    assert MISSION.holes("tell.mood") == {"words", "count"}
    assert MISSION.holes("tell.sure.low") == {"words", "count", "left"}
    assert MISSION.holes("return.kept.wait") == {"words", "count"}
    assert MISSION.holes("ending.warm") == {"words", "count", "left", "sure"}
    assert MISSION.holes("ending.warm.trace") == MISSION.holes("situation") == frozenset()


def test_a_mission_costs_what_is_read_told_and_walked() -> None:
    cost = MISSION.reading(lambda _: 10)
    assert cost.decisions == 3 and cost.minutes == pytest.approx(5 + 0.3 + 0.7 + 0.3 + 0.2 + 0.45)


def test_quotes_of_what_only_some_are_asked_are_not_sure() -> None:
    asked = [{"id": "why", "kind": "text"}] * 3
    instead = [one | {"id": f"why-{n}"} for n, one in enumerate(asked)]
    kind = changed(returns=first_return(instead=instead))
    assert not kind.quotable()["told.words"] and not kind.quotable()["told.why-0"]
    assert kind.quotable()["told.left"] and MISSION.quotable()["told.words"]
    acts = (goes("letter"), does("been"))
    assert seen(acts, kind=kind).key == "tell-why-0"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"people": ["baker", "baker"]}, "listed-twice"),
        ({"alternative": "baker"}, "listed-twice"),
        ({"returns": second_return(id="told")}, "listed-twice"),
        ({"returns": second_return(fields=[{"id": "words", "kind": "text"}])}, "listed-twice"),
        ({"returns": second_return(fields=[{"id": "moved", "kind": "text"}])}, "field-reserved"),
        ({"returns": second_return(fields=[{"id": "number", "kind": "text"}])}, "field-reserved"),
        ({"returns": second_return(fields=[{"id": "table", "kind": "text"}])}, "field-reserved"),
        ({"returns": second_return(after=0)}, "return-at-once"),
        ({"returns": first_return(after=2)}, "return-waits"),
        ({"returns": first_return(instead=[{"id": "a", "kind": "text"}])}, "instead-unequal"),
        (
            {"returns": second_return(fields=[{"id": "n", "kind": "number", "most": 0}])},
            "number-range",
        ),
        (
            {
                "returns": second_return(
                    fields=[{"id": "n", "kind": "choice", "options": ["a", "a"]}]
                )
            },
            "listed-twice",
        ),
        ({"endings": [{"id": "a", "when": ["nobody == 1"]}, {"id": "b"}]}, "variable-unknown"),
        ({"endings": [{"id": "a", "when": ["count > 30"]}, {"id": "b"}]}, "ending-never"),
        (
            {"endings": [{"id": "a", "when": ["sure >= 1"]}, {"id": "b"}]},
            "ending-never",
        ),
        (
            {"endings": [{"id": "a", "when": ["met-clerk == 1", "met-baker == 1"]}, {"id": "b"}]},
            "ending-never",
        ),
    ],
)
def test_what_an_author_gets_wrong_is_found(fields: dict[str, Any], code: str) -> None:
    assert faults(**fields) == [code]


@pytest.mark.parametrize(
    "fields",
    [
        {"people": ["baker"]},
        {"within": 31},
        {"returns": second_return(after=31)},
        {"returns": first_return(fields=[])},
        {"returns": first_return(fields=[{"id": "photo", "kind": "file"}])},
        {"returns": first_return(fields=[{"id": "who", "kind": "person"}])},
        {"returns": [*PLAN["returns"], PLAN["returns"][1] | {"id": "third"}]},
    ],
)
def test_what_no_mission_may_have_cannot_be_written(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        changed(**fields)


def test_no_mission_goes_without_another_way() -> None:
    with pytest.raises(ValueError, match="alternative"):
        Mission.model_validate({k: v for k, v in PLAN.items() if k != "alternative"})


# --- who was met


def left(words: str = "It was *rye*.", at: Any = AT + DAY) -> Act:
    return Act(GUEST, {"met": words}, at)


def guest(acts: Acts) -> Screen:
    return MISSION.screen(acts, GUEST, AT + DAY)


def test_who_was_met_is_asked_one_thing_once_while_the_mission_goes_on() -> None:
    assert not guest(()).form.fields, "nobody is met yet"
    for n in range(1, len(WHOLE)):
        assert [field.id for field in guest(WHOLE[:n]).form.fields] == ["met"]
    assert not guest(WHOLE).form.fields and guest(WHOLE).finished
    answered = (*FIRST[:2], left())
    assert guest(answered).finished and guest(answered).texts == ("met",)
    with pytest.raises(Invalid, match="act-impossible"):
        seen((*answered, left()))
    with pytest.raises(Invalid, match="act-impossible"):
        seen((*WHOLE, left()))


def test_nobody_is_met_by_who_takes_the_other_way_or_where_no_pack_asks() -> None:
    other = (goes("letter"),)
    assert not guest(other).form.fields and seen(other).guest is None
    with pytest.raises(Invalid, match="act-impossible"):
        seen((*other, left()))
    quiet = changed(met=False)
    assert seen(FIRST[:1], kind=quiet).guest is None and "met" not in quiet.strings()
    assert "met" not in quiet.quotable()
    with pytest.raises(Invalid, match="act-impossible"):
        seen((*FIRST[:1], left()), kind=quiet)


def test_the_link_is_offered_until_it_has_been_used() -> None:
    assert seen(FIRST[:1]).guest == "met.invite" and seen(()).guest is None
    assert seen(FIRST, AT + 2 * DAY).guest == "met.invite"
    assert seen((*FIRST, left())).guest is None


def test_what_they_wrote_is_read_at_the_next_return_and_not_before() -> None:
    acts = (*FIRST[:2], left(), *FIRST[2:])
    assert not any("met.left" in seen(acts[:n]).texts for n in range(len(acts) + 1))
    later = seen(acts, LATER)
    assert later.texts[-1] == "met.left" and later.values["met"] == escape("It was *rye*.")
    assert seen((*acts, *WHOLE[len(FIRST) :])).texts == ("ending.warm", "met.left")
    assert MISSION.holes("met.left") == {"met"}
    assert MISSION.quotes(acts, ALONE)["met"] == Typed("It was *rye*.")
    assert "met" not in MISSION.quotes(FIRST, ALONE) and MISSION.quotable()["met"] is False
    assert MISSION.way(acts, ALONE) == MISSION.way(FIRST, ALONE)


# --- properties


@st.composite
def plays(draw: st.DrawFn) -> tuple[Acts, Any]:
    """Legal acts in any order, some of them days apart, as far as somebody cared to go; and when
    the last of them was done."""
    acts, now = (), AT
    for _ in range(draw(st.integers(0, 16))):
        now += timedelta(hours=draw(st.integers(0, 60)))
        form = seen(acts, now).form
        if form.fields:
            acts = (*acts, Act(ALONE, anything(form, draw(st.randoms(use_true_random=False))), now))
    return acts, now


@settings(deadline=None)
@given(plays())
def test_every_play_ends_and_shows_only_strings_that_the_pack_must_have(
    played: tuple[Acts, Any],
) -> None:
    acts, now = played
    known = {*MISSION.strings(), *MISSION.optional_strings()}
    for _ in range(20):
        screen = seen(acts, now)
        assert set(screen.strings()) <= known
        assert all(isinstance(said, str) for said in screen.values.values())
        assert bool(screen.form.fields) or screen.finished or screen.appointment
        if screen.finished:
            break
        now = now if screen.form.fields else now + 7 * DAY
        if screen.form.fields:
            acts = (*acts, Act(ALONE, screen.form.sample, now))
    assert seen(acts, now).finished
    sure = {name for name, is_sure in MISSION.quotable().items() if is_sure}
    assert sure <= set(MISSION.quotes(acts, ALONE)) <= set(MISSION.quotable())


@settings(deadline=None)
@given(plays())
def test_the_same_acts_lead_to_the_same_screens_whatever_the_zone(
    played: tuple[Acts, Any],
) -> None:
    acts, now = played
    ways = [MISSION.way(acts[:n], ALONE) for n in range(len(acts) + 1)]
    assert all(a.done <= b.done <= a.done + 1 for a, b in pairwise(ways))
    there = seen(acts, now.astimezone(ZoneInfo("Pacific/Noumea")))
    here = seen(acts, now)
    assert (here.key, here.texts, here.values) == (there.key, there.texts, there.values)
    for n, act in enumerate(acts):
        assert seen(acts[:n], act.at).form.fields


@settings(deadline=None)
@given(plays(), st.sampled_from(["been", "day", "instead", "bread", ""]))
def test_an_act_that_the_form_does_not_ask_for_is_refused(
    played: tuple[Acts, Any], choice: str
) -> None:
    acts, now = played
    screen = seen(acts, now)
    asked = [option.id for _, option in screen.form.taps()]
    if screen.key.startswith("go-") and choice in asked:
        assert seen((*acts, does(choice, now)), now).key != "choose"
        return
    with pytest.raises(Invalid, match="act-impossible"):
        seen((*acts, does(choice, now)), now)
