"""A dilemma: vote, hear a few, vote again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.activities.base import ALONE, Act
from engine.packs.activities.dilemma import Dilemma
from engine.values.errors import Invalid
from tests.plays import AT, offered, quotes_after, screen_after

MILL = Dilemma(
    kind="dilemma", positions=("regie", "autre"), voices=("maire", "ines", "voisin"), hear=2
)


def test_it_goes_from_the_situation_through_voices_to_a_second_vote() -> None:
    choices = ("regie", "ines", "maire", "autre")
    screens = [screen_after(MILL, *choices[:n]) for n in range(5)]
    assert [s.key for s in screens] == ["situation", "listen-1", "listen-2", "decide", "end"]
    assert [s.texts for s in screens] == [
        ("situation",),
        ("listen",),
        ("listen",),
        ("decide",),
        ("position.autre.after",),
    ]
    assert [s.feedback for s in screens] == [
        None,
        "position.regie.first",
        "voice.ines.says",
        "voice.maire.says",
        None,
    ]
    assert [s.finished for s in screens] == [False, False, False, False, True]


def test_a_voice_is_heard_once() -> None:
    assert offered(screen_after(MILL, "regie")) == ["maire", "ines", "voisin"]
    assert offered(screen_after(MILL, "regie", "ines")) == ["maire", "voisin"]


@pytest.mark.parametrize(
    "choices",
    [
        ("ines",),
        ("regie", "regie"),
        ("regie", "ines", "ines"),
        ("regie", "ines", "maire", "voisin"),
        ("regie", "ines", "maire", "autre", "autre"),
    ],
)
def test_acts_that_cannot_have_happened_are_refused(choices: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="act-impossible"):
        screen_after(MILL, *choices)
    with pytest.raises(Invalid, match="act-impossible"):
        quotes_after(MILL, *choices)


@pytest.mark.parametrize(
    "said",
    [{}, {"choice": 1}, {"choice": ["regie"]}, {"vote": "regie"}, {"choice": "regie", "x": 1}],
)
def test_what_no_form_of_its_screens_asks_for_cannot_have_been_said(said: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="act-impossible"):
        MILL.screen((Act(ALONE, said, AT),), ALONE, AT)


def test_each_name_is_quoted_as_soon_as_it_is_known() -> None:
    assert quotes_after(MILL) == {}
    assert quotes_after(MILL, "regie", "ines") == {
        "first": "position.regie.quote",
        "heard.1": "voice.ines.quote",
    }
    assert quotes_after(MILL, "regie", "ines", "maire", "autre") == {
        "first": "position.regie.quote",
        "heard.1": "voice.ines.quote",
        "heard.2": "voice.maire.quote",
        "unheard": "voice.voisin.quote",
        "final": "position.autre.quote",
        "ending": "position.autre.trace",
    }


def test_nobody_is_unheard_when_there_is_time_for_all() -> None:
    everyone = MILL.model_copy(update={"hear": 3})
    assert "unheard" not in everyone.quotable()
    assert "unheard" not in quotes_after(everyone, "regie", "ines", "maire", "voisin", "regie")


def test_the_cost_counts_every_label_offered_and_the_average_of_what_is_told() -> None:
    words = {"situation": 100, "listen": 10, "decide": 20} | dict.fromkeys(MILL.strings()[1:], 0)
    words |= {
        "situation": 100,
        "listen": 10,
        "decide": 20,
        "position.regie": 3,
        "position.autre": 5,
        "voice.ines.says": 30,
    }
    words |= {"voice.maire": 3, "position.regie.first": 40, "position.autre.after": 60}
    reading = MILL.reading(words.__getitem__)
    assert reading.words == pytest.approx(100 + 2 * 10 + 20 + 2 * 8 + 5 * 1 + 2 * 10 + 20 + 30)
    assert reading.decisions == 4


def test_what_is_listed_twice_or_asked_too_often_is_a_problem() -> None:
    odd = MILL.model_copy(
        update={"positions": ("regie", "regie"), "voices": ("maire", "maire"), "hear": 3}
    )
    assert [(p.path, p.code) for p in odd.check()] == [
        (("positions", 1), "listed-twice"),
        (("voices", 1), "listed-twice"),
        (("hear",), "hear-too-many"),
    ]


@settings(max_examples=80)
@given(st.integers(2, 4), st.integers(2, 6), st.data())
def test_every_play_gives_all_that_is_quotable(
    positions: int, voices: int, data: st.DataObject
) -> None:
    activity = Dilemma(
        kind="dilemma",
        positions=tuple(f"p{i}" for i in range(positions)),
        voices=tuple(f"v{i}" for i in range(voices)),
        hear=data.draw(st.integers(1, voices)),
    )
    choices: tuple[str, ...] = ()
    strings = {*activity.strings(), *activity.optional_strings()}
    while not (screen := screen_after(activity, *choices)).finished:
        assert {*screen.texts, *screen.form.strings()} <= strings
        assert set(quotes_after(activity, *choices)) <= set(activity.quotable())
        choices = (*choices, data.draw(st.sampled_from(offered(screen))))
    assert len(choices) == activity.hear + 2
    quotes = quotes_after(activity, *choices)
    assert set(quotes) == set(activity.quotable()) and set(quotes.values()) <= strings
