"""Co-development: the six steps by the clock, what leaves the screen, who keeps what; and alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.activities.base import Act, Acts, Heard, Screen, Typed
from engine.packs.activities.codev import Codev
from engine.packs.activities.together import begins, leaves, sits
from engine.values.errors import Invalid

AT = datetime(2027, 1, 12, 14, 0, tzinfo=UTC)
PLAN: dict[str, Any] = {
    "kind": "codev",
    "roles": ["client", "clock", "door", "window", "back"],
    "recorded": ["keys", "buttons", "cards"],
    "few": {"expose": 4, "clarification": 6, "contract": 6, "exploration": 8, "plan": 3},
    "endings": [
        {"id": "other", "when": ["client == 1", "other == 1"]},
        {"id": "client", "when": ["client == 1", "together == 1"]},
        {"id": "around", "when": ["together == 1"]},
        {"id": "stopped", "when": ["stopped >= 1"]},
        {"id": "heard"},
    ],
}
GROUP = Codev.model_validate(PLAN)
ALONE = Codev.model_validate({**PLAN, "roles": []})


def at(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def says(seat: int, minutes: float, **said: str) -> Act:
    return Act(seat, said, at(minutes))


def group(*acts: Act, seats: tuple[int, ...] = (1, 2, 3, 4, 5)) -> Acts:
    """A live round that has begun with those seats, and what they did."""
    return (*(sits(seat, AT) for seat in seats), begins(seats[0], AT, "live"), *acts)


def seen(acts: Acts, seat: int, minutes: float, kind: Codev = GROUP) -> Screen:
    return kind.screen(acts, seat, at(minutes))


def heard(screen: Screen) -> list[tuple[int, Any]]:
    return [(one.seat, getattr(one.said, "text", one.said)) for one in screen.heard]


WHOLE = (
    says(1, 1, question="How do I get them to come?"),
    says(2, 5, go="on"),
    says(3, 7, card="Ask them by mail"),
    says(2, 12, go="on"),
    says(3, 13, heard="Who gets the keys?"),
    says(4, 13, heard="What is left for others to do?"),
    says(5, 14, heard="How does one stop?"),
    says(1, 15, pick="3"),
    says(1, 16, wording="Who gets a spare key?"),
    says(2, 26, go="on"),
    says(1, 30, act="Saturday: two spare keys"),
    says(3, 31, holds="gone"),
    says(1, 32, asked="same"),
)


def test_the_six_steps_come_in_turn() -> None:
    keys = [seen(group(*WHOLE[:n]), 1, 0).key for n in range(len(WHOLE) + 1)]
    assert list(dict.fromkeys(keys)) == [
        "question",
        "expose",
        "clarification",
        "contract",
        "pick",
        "wording",
        "exploration",
        "plan",
        "learning",
        "end",
    ]
    assert seen(group(*WHOLE), 1, 33).finished


def test_a_step_is_over_when_its_time_is_and_nobody_is_late() -> None:
    acts = group(WHOLE[0])
    assert seen(acts, 2, 5.9).key == "expose" and seen(acts, 2, 6.1).key == "clarification"
    here = seen(acts, 2, 6.1)
    assert here.present == {1, 2, 3, 4, 5} and here.lasts and here.until == at(14)
    assert seen(acts, 1, 200).finished


def test_a_round_of_which_nobody_is_left_waits_for_the_clock_not_for_voices() -> None:
    acts = group(WHOLE[0], leaves(2, at(2)))
    assert seen(acts, 1, 3).key == "expose" and seen(acts, 1, 7).key == "clarification"


def test_three_who_come_have_thirty_minutes_and_the_clock_words_the_question_too() -> None:
    acts = group(*WHOLE[:2], says(2, 10, go="on"), seats=(1, 2, 3))
    assert "few" in seen(group(seats=(1, 2, 3)), 1, 0).texts
    assert "few" not in seen(group(), 1, 0).texts
    assert seen(group(WHOLE[0], seats=(1, 2, 3)), 1, 2).until == at(5)
    assert seen(acts, 2, 11).awaited == (2, 3) and seen(acts, 2, 11).form.fields


def test_two_are_enough_and_one_hears_the_recorded_round() -> None:
    acts = group(*WHOLE[:2], says(2, 10, go="on"), seats=(1, 2))
    assert seen(acts, 2, 11).awaited == (2,)
    for seat in (1, 4):
        alone = group(seats=(seat,))
        assert seen(alone, seat, 1).texts == ("situation", "ask")
        assert seen((*alone, says(seat, 2, question="Why?")), seat, 3).key == "round-keys"


def test_who_came_alone_may_take_their_time_and_the_round_still_ends() -> None:
    acts = group(seats=(2,))
    assert seen(acts, 2, 40).key == "question" and seen(acts, 2, 40).form.fields
    late = (*acts, says(2, 40, question="How do I get them to come?"))
    assert seen(late, 2, 90).key == "round-keys" and seen(late, 2, 3000).finished


def test_advice_goes_onto_a_card_that_nobody_else_reads() -> None:
    acts = group(*WHOLE[:3])
    assert [field.id for field in seen(acts, 4, 8).form.fields] == ["card"]
    assert seen(acts, 3, 8).form.fields == () and seen(acts, 4, 8).awaited == (2,)
    with pytest.raises(Invalid, match="act-impossible"):
        seen(group(*WHOLE[:2], says(1, 7, card="I know")), 1, 8)
    own, others = seen(group(*WHOLE[:11]), 3, 30.5), seen(group(*WHOLE[:11]), 4, 30.5)
    assert (3, "Ask them by mail") in heard(own) and len(heard(others)) == len(heard(own)) - 1


def test_the_question_leaves_the_screen_and_the_wordings_appear_at_once() -> None:
    assert heard(seen(group(*WHOLE[:2]), 4, 6)) == [(1, "How do I get them to come?")]
    assert heard(seen(group(*WHOLE[:6]), 1, 13.5)) == []
    appear = heard(seen(group(*WHOLE[:7]), 2, 14.5))
    assert [seat for seat, _words in appear] == [3, 4, 5]
    assert heard(seen(group(*WHOLE[:9]), 2, 17)) == [(1, "Who gets a spare key?")]


def test_a_wording_is_taken_within_three_words() -> None:
    form = seen(group(*WHOLE[:8]), 1, 15.5).form
    assert form.parse({"wording": "Who gets a spare key?"}) == {"wording": "Who gets a spare key?"}
    with pytest.raises(Invalid, match="reworded-too-far"):
        form.parse({"wording": "How do I get them to come?"})


def test_a_picked_wording_that_was_erased_is_written_anew() -> None:
    acts = group(*WHOLE[:4], says(3, 13, heard=""), *WHOLE[5:8])
    form = seen(acts, 1, 15.5).form
    own = {"wording": "How do I let somebody else keep a key?"}
    assert form.parse(own) == own
    assert seen((*acts, says(1, 16, **own)), 3, 17).key == "exploration"


def test_where_nobody_worded_it_the_client_does() -> None:
    acts = group(*WHOLE[:2], says(2, 12, go="on"))
    screen = seen(acts, 1, 14.5)
    assert screen.key == "wording" and [field.kind for field in screen.form.fields] == ["text"]


def test_the_client_alone_keeps_what_was_written() -> None:
    acts = group(*WHOLE)
    assert GROUP.quotes(acts, 1) == {
        "role": "seat.client",
        "question": Typed("How do I get them to come?"),
        "wording": Typed("Who gets a spare key?"),
        "act": Typed("Saturday: two spare keys"),
        "ending": "ending.client.trace",
    }
    assert GROUP.quotes(acts, 3) == {"role": "seat.door", "ending": "ending.around.trace"}
    end = seen(acts, 3, 33)
    assert end.heard == (Heard(3, "holds.gone"),) and set(end.values.values()) == {"…"}


def test_the_round_stands_when_the_words_of_others_are_gone() -> None:
    gone = tuple(
        Act(one.seat, dict.fromkeys(one.said, ""), one.at)
        if {"card", "heard"} & one.said.keys()
        else one
        for one in WHOLE
    )
    assert GROUP.volatile == {"card", "heard"}
    assert GROUP.quotes(group(*gone), 1) == GROUP.quotes(group(*WHOLE), 1)
    assert seen(group(*gone), 3, 33) == seen(group(*WHOLE), 3, 33)


def test_who_says_that_it_was_not_the_question_has_an_ending_for_it() -> None:
    acts = group(*WHOLE[:-1], says(1, 32, asked="other"))
    assert GROUP.quotes(acts, 1)["ending"] == "ending.other.trace"


STOPS = (
    says(1, 0, question="How do I get them to come?"),
    says(1, 1, listen="stop"),
    says(1, 2, card="A poll"),
    says(1, 3, listen="on"),
    says(1, 4, wording="What is left for others to do?"),
    says(1, 5, act="Two keys"),
    says(1, 6, holds="gone"),
)


def test_alone_one_stops_the_recording_once_and_reads_what_one_would_have_covered() -> None:
    screens = [seen(STOPS[:n], 1, 9, ALONE) for n in range(len(STOPS) + 1)]
    assert [screen.key for screen in screens] == [
        "question",
        "round-keys",
        "card",
        "round-buttons",
        "wording",
        "act",
        "holds",
        "end",
    ]
    assert screens[3].texts == ("alone.covered", "round.buttons")
    assert [option.id for _field, option in screens[3].form.taps()] == ["on"]
    assert screens[4].texts == ("round.cards", "alone.wording")
    assert screens[4].values["question"] == "How do I get them to come\\?"
    assert screens[-1].texts == ("ending.stopped",) and screens[-1].finished


def test_alone_one_may_hear_it_to_the_end() -> None:
    acts = (STOPS[0], says(1, 1, listen="on"), says(1, 2, listen="on"), *STOPS[4:6])
    assert seen(acts, 1, 9, ALONE).texts == ("ending.heard",)
    assert ALONE.quotes(acts, 1) == {
        "question": Typed("How do I get them to come?"),
        "wording": Typed("What is left for others to do?"),
        "act": Typed("Two keys"),
        "ending": "ending.heard.trace",
    }
    assert all(ALONE.quotable().values()) and not GROUP.quotable()["question"]


said = st.sampled_from(["Why?", "Who gets the keys?", "a b c"])


@st.composite
def rounds(draw: st.DrawFn) -> tuple[Acts, datetime]:
    """A round of some seats, with whatever they may say, and the time of the last act."""
    seats = draw(st.sampled_from([(1, 2, 3, 4, 5), (1, 2, 3), (1, 2), (2, 4, 5), (3,)]))
    made, now = group(seats=seats), AT
    for _ in range(draw(st.integers(0, 16))):
        now += timedelta(minutes=draw(st.integers(0, 4)))
        seat = draw(st.sampled_from(seats))
        form = GROUP.screen(made, seat, now).form
        if form.fields and not GROUP.screen(made, seat, now).finished:
            [field] = form.fields
            taps = [option.id for option in field.taps()]
            words = draw(st.sampled_from(taps) if taps else said)
            value = field.sample if field.kind == "reword" else words
            made = (*made, Act(seat, form.parse({field.id: value}), now))
    return made, now


@settings(deadline=None)
@given(rounds())
def test_every_round_ends_and_no_seat_reads_the_card_of_another(
    made: tuple[Acts, datetime],
) -> None:
    acts, now = made
    known = set(GROUP.strings())
    for seat in (1, 2, 3, 4, 5):
        assert set(GROUP.screen(acts, seat, now).strings()) <= known
        assert set(GROUP.quotes(acts, seat)) <= set(GROUP.quotable())
    assert GROUP.screen(acts, 1, now + timedelta(days=3)).finished
    cards = [one for one in acts if "card" in one.said]
    for card in cards if len({one.seat for one in acts}) > 1 else ():
        changed = tuple(Act(a.seat, {"card": "x y z"}, a.at) if a is card else a for a in acts)
        for seat in {1, 2, 3, 4, 5} - {card.seat}:
            assert GROUP.screen(changed, seat, now) == GROUP.screen(acts, seat, now)


@settings(deadline=None)
@given(rounds(), st.dictionaries(st.sampled_from(["question", "go", "card", "x"]), st.just("on")))
def test_an_act_that_is_not_on_the_form_is_refused(
    made: tuple[Acts, datetime], said: dict[str, Any]
) -> None:
    acts, now = made
    screen = GROUP.screen(acts, 2, now)
    if said.keys() == {field.id for field in screen.form.fields}:
        return
    with pytest.raises(Invalid, match="act-impossible"):
        GROUP.screen((*acts, Act(2, said, now)), 2, now)
    assert GROUP.screen(acts, 2, now) == screen


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"roles": ["a", "b"]}, "seats-out-of-range"),
        ({"roles": [f"r{n}" for n in range(9)]}, "seats-out-of-range"),
        ({"recorded": ["keys", "keys", "cards"]}, "listed-twice"),
        ({"endings": [{"id": "a", "when": ["x == 1"]}, {"id": "b"}]}, "variable-unknown"),
    ],
)
def test_what_cannot_be_lived_is_said(change: Any, code: str) -> None:
    assert code in [one.code for one in Codev.model_validate(PLAN | change).check()]


def test_a_round_for_tests_has_no_fault() -> None:
    assert not [*GROUP.check()] and not [*ALONE.check()]
