"""A table: who is waited for, who speaks in an absent seat, and what a seat never sees."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.packs.activities.base import Act, Acts, Screen
from engine.packs.activities.together import GATHERING, OUT, begins, leaves, sits
from engine.values.errors import Invalid
from tests.unit.packs.games import AT, BUS, MINUTE, alone, puts, table

LATER = AT + timedelta(days=30)


def seen(acts: Acts, seat: int = 1, now: datetime = AT) -> Screen:
    return BUS.screen(acts, seat, now)


def test_alone_nobody_is_waited_for() -> None:
    first = seen(())
    assert first.key == "round-1" and first.awaited == (1,) and first.until is None
    assert seen(alone(5)).key == "round-2"
    assert seen(alone(5), now=LATER).key == "round-2"


def test_alone_the_other_seats_are_played_by_their_voices() -> None:
    done = BUS.standing(alone(10), AT).done
    assert [(act.seat, act.said["put"], act.recorded) for act in done[:3]] == [
        (2, 5, True),
        (3, 0, True),
        (1, 10, False),
    ]


def test_before_a_table_begins_nothing_of_it_is_shown() -> None:
    gathering = (sits(1, AT), sits(2, AT))
    screen = seen(gathering)
    assert screen.key == GATHERING and screen.texts == () and screen.form.fields == ()
    assert screen.present == {1, 2} and len(screen.seats) == 3


def test_a_table_waits_for_each_seat_and_says_until_when() -> None:
    screen = seen(table(puts(1, 5)))
    assert screen.key == "round-1" and screen.awaited == (2, 3) and screen.form.fields == ()
    assert screen.until == AT + 3 * MINUTE


def test_everybody_answers_in_any_order_and_the_round_ends() -> None:
    acts = table(puts(3, 5), puts(1, 5), puts(2, 6))
    assert seen(acts).key == "round-2" and seen(acts).feedback == "ran"


def test_who_takes_too_long_is_played_by_their_voice_and_is_away_until_they_come_back() -> None:
    acts = table(puts(1, 5), puts(2, 5))
    at_last, over = AT + 3 * MINUTE, AT + 3.1 * MINUTE
    assert seen(acts, now=at_last).key == "round-1"
    away = seen(acts, 3, now=over)
    assert away.key == "round-2" and away.present == {1, 2}
    voices = [act for act in BUS.standing(acts, over).done if act.recorded]
    assert {(one.seat, one.at) for one in voices} == {(3, at_last)}
    back = (*acts, sits(3, over), puts(1, 5, over), puts(2, 5, over))
    next_round = seen(back, 3, now=over)
    assert next_round.key == "round-3" and next_round.awaited == (1, 2, 3)


def test_whoever_leaves_is_not_waited_for() -> None:
    acts = table(puts(1, 5), puts(2, 5), leaves(3, AT + MINUTE))
    assert seen(acts, now=AT + MINUTE).key == "round-2"


def test_a_table_that_everybody_left_plays_itself_to_its_end() -> None:
    acts = table(leaves(1, AT), leaves(2, AT), leaves(3, AT))
    assert seen(acts).finished


def test_the_last_step_is_out_of_the_role_in_a_line_if_one_likes() -> None:
    acts = alone(5, 5, 5, 5)
    end = seen(acts)
    assert end.finished and end.texts[-1] == OUT and [one.id for one in end.form.fields] == [OUT]
    after = (*acts, Act(1, {OUT: "Ouf."}, AT))
    assert seen(after).finished and not seen(after).form.fields
    assert BUS.quotes(after, 1)[OUT].text == "Ouf." and OUT not in BUS.quotes(acts, 1)


@pytest.mark.parametrize(
    "acts",
    [
        table(puts(1, 5), puts(1, 5)),
        table(Act(1, {"give": 5}, AT)),
        (puts(1, 5), sits(1, AT), puts(2, 3)),
        alone(5, 5, 5, 5, 5),
        table(puts(4, 5)),
        (Act(2, {"put": 5}, AT),),
    ],
    ids=["twice", "another field", "before it begins", "after the end", "no seat", "not theirs"],
)
def test_what_a_table_did_not_ask_for_cannot_have_happened(acts: Acts) -> None:
    with pytest.raises(Invalid) as refused:
        seen(acts)
    assert refused.value.reason.code == "act-impossible"


@st.composite
def plays(draw: st.DrawFn) -> Acts:
    """A table as people make one: they come, act when it is their turn, leave, are late."""
    seats = draw(st.lists(st.integers(1, 3), min_size=1, unique=True))
    acts, now = table(seats=seats), AT
    for _ in range(draw(st.integers(0, 25))):
        now += draw(st.sampled_from([MINUTE / 6, MINUTE, 4 * MINUTE]))
        seat = draw(st.sampled_from(seats))
        screen = BUS.screen(acts, seat, now)
        if screen.finished:
            break
        here = seat in screen.present
        deed = draw(st.sampled_from(["put", "put", "put", "leave", "sit"]))
        if deed == "put" and screen.form.fields and here:
            acts = (*acts, puts(seat, draw(st.integers(0, 10)), now))
        elif deed == "leave" and here:
            acts = (*acts, leaves(seat, now))
        elif deed == "sit" and not here:
            acts = (*acts, sits(seat, now))
    return acts


@given(acts=plays())
def test_every_table_ends_whatever_people_do(acts: Acts) -> None:
    assert BUS.screen(acts, 1, acts[-1].at + timedelta(days=9)).finished


@given(acts=plays(), minutes=st.integers(0, 60))
def test_what_has_been_done_stays_done(acts: Acts, minutes: int) -> None:
    now = acts[-1].at
    before, after = BUS.standing(acts, now).done, BUS.standing(acts, now + minutes * MINUTE).done
    assert after[: len(before)] == before


@given(acts=plays(), other=st.integers(0, 10))
def test_no_seat_sees_what_another_put_in_before_the_round_is_over(acts: Acts, other: int) -> None:
    now = acts[-1].at
    standing = BUS.standing(acts, now)
    here = len(standing.done) % 3
    hidden = standing.done[len(standing.done) - here :]
    if not hidden or hidden[-1].recorded or standing.over:
        return
    mine = hidden[-1].seat
    changed = tuple(puts(act.seat, other, act.at) if act is hidden[-1] else act for act in acts)
    for seat in {1, 2, 3} - {mine}:
        assert BUS.screen(changed, seat, now) == BUS.screen(acts, seat, now)


def test_whoever_is_the_only_one_at_a_live_table_keeps_nobody_waiting() -> None:
    one = (sits(2, AT), begins(2, AT, "live"))
    two = (sits(1, AT), sits(2, AT), begins(2, AT, "live"))
    assert BUS.screen(two, 2, AT).until == AT + BUS.patience.of("live")
    assert BUS.screen(one, 2, AT).until == AT + BUS.patience.of("days")
    assert BUS.screen(one, 2, LATER).finished
