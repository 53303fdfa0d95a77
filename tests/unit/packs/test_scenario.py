"""A scenario plays itself: screens, quotes, cost; and what is true of one play is what was
promised of all."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.forms.form import Form
from engine.packs.activities.base import Gauge
from engine.packs.activities.scenario import Scenario
from engine.packs.reasons import ActImpossible
from engine.values.errors import Invalid
from tests.plays import offered, quotes_after, screen_after
from tests.unit.packs.samples import scenario

HALL = scenario(
    {
        "soir": {
            "choices": [
                {"id": "ines", "to": "nuit", "add": {"money": 12}},
                {"id": "region", "to": "fin"},
                {"id": "rien", "to": "soir", "when": ["money > 0"]},
            ]
        },
        "nuit": {
            "asides": [
                {"id": "pluie", "when": ["chose soir.ines"]},
                {"id": "vent", "when": ["seen fin"]},
            ],
            "choices": [
                {
                    "id": "rester",
                    "add": {"money": 1},
                    "to": [{"when": ["money >= 20"], "node": "fin"}, {"node": "soir"}],
                }
            ],
        },
        "fin": {"ending": True},
    },
    variables={"money": 0},
    gauges=["money"],
)


def test_it_opens_on_its_first_node_without_feedback() -> None:
    screen = screen_after(HALL)
    assert (screen.key, screen.feedback, screen.texts, screen.finished) == (
        "soir",
        None,
        ("soir",),
        False,
    )
    assert offered(screen) == ["ines", "region"]
    assert screen.form.strings() == ("soir.ines", "soir.region")
    assert screen.gauges == (Gauge("var.money", 0),) and screen.values == {"money": "0"}


def test_an_act_leads_on_with_its_feedback_and_the_paragraphs_that_hold() -> None:
    screen = screen_after(HALL, "ines")
    assert (screen.key, screen.feedback, screen.texts) == (
        "nuit",
        "soir.ines.after",
        ("nuit", "nuit.pluie"),
    )
    assert screen.gauges == (Gauge("var.money", 12),)


def test_the_first_route_that_holds_is_taken_after_the_variables_moved() -> None:
    assert screen_after(HALL, "ines", "rester").key == "soir"
    again = screen_after(HALL, "ines", "rester", "ines", "rester")
    assert again.key == "fin" and again.finished and again.form == Form()


def test_a_conditional_choice_is_offered_only_when_it_holds() -> None:
    assert "rien" not in offered(screen_after(HALL))
    assert "rien" in offered(screen_after(HALL, "ines", "rester"))


@pytest.mark.parametrize(
    ("choices", "at"),
    [
        (("rien",), "soir"),
        (("nobody",), "soir"),
        (("region", "ines"), "fin"),
        (("ines", "ines"), "nuit"),
    ],
)
def test_acts_that_cannot_have_happened_are_refused(choices: tuple[str, ...], at: str) -> None:
    for call in (screen_after, quotes_after):
        with pytest.raises(Invalid) as refused:
            call(HALL, *choices)
        assert refused.value.reason.code == "act-impossible"
        assert refused.value.reason == ActImpossible(act=choices[-1], at=at)


def test_a_prompt_may_quote_the_last_choice_at_each_node_and_the_ending() -> None:
    assert quotes_after(HALL) == {}
    assert quotes_after(HALL, "ines", "rester", "region") == {
        "choice.soir": "soir.region.quote",
        "choice.nuit": "nuit.rester.quote",
        "ending": "fin.trace",
    }


def test_only_what_every_play_passes_is_always_quotable() -> None:
    assert HALL.quotable() == {"choice.soir": True, "choice.nuit": False, "ending": True}


def test_the_cost_of_an_average_play_is_its_expected_words_and_decisions() -> None:
    straight = scenario(
        {
            "a": {
                "asides": [{"id": "x", "when": ["seen a"]}],
                "choices": [{"id": "go", "to": "b"}, {"id": "run", "to": "b"}],
            },
            "b": {"ending": True},
        }
    )
    words = {
        "a": 100,
        "a.x": 10,
        "a.go": 2,
        "a.run": 4,
        "a.go.after": 10,
        "a.run.after": 30,
        "b": 50,
        "b.trace": 99,
    }
    reading = straight.reading(words.__getitem__)
    assert reading.words == pytest.approx(
        100 + 5 + 6 + 20 + 50
    ) and reading.decisions == pytest.approx(1)


def test_a_loop_is_read_as_often_as_chance_has_it() -> None:
    loop = scenario(
        {
            "a": {"choices": [{"id": "again", "to": "a"}, {"id": "on", "to": "b"}]},
            "b": {"ending": True},
        }
    )
    reading = loop.reading(lambda string: 10 if string == "a" else 0)
    assert reading.words == pytest.approx(20) and reading.decisions == pytest.approx(2)


def test_a_scenario_without_a_way_out_costs_nothing_rather_than_for_ever() -> None:
    trap = scenario({"a": {"choices": [{"id": "again", "to": "a"}]}})
    assert trap.reading(lambda _: 10).words == 0
    assert trap.quotable() == {"choice.a": False, "ending": True}


def test_its_strings_are_those_of_its_moments_and_gauges() -> None:
    assert set(HALL.strings()) == {
        "soir",
        "soir.ines",
        "soir.ines.after",
        "soir.region",
        "soir.region.after",
        "soir.rien",
        "soir.rien.after",
        "nuit",
        "nuit.pluie",
        "nuit.vent",
        "nuit.rester",
        "nuit.rester.after",
        "fin",
        "fin.trace",
        "var.money",
    }
    assert HALL.optional_strings() == (
        "soir.ines.quote",
        "soir.region.quote",
        "soir.rien.quote",
        "nuit.rester.quote",
    )


def test_words_may_hold_variables_a_gauge_its_value_and_a_quote_nothing() -> None:
    assert set(HALL.holes("soir.ines")) == {"money"} and set(HALL.holes("var.money")) == {"value"}
    assert not HALL.holes("soir.ines.quote") and not HALL.holes("fin.trace")


# --- properties


@st.composite
def sound_scenarios(draw: st.DrawFn) -> Scenario:
    """Scenarios without a fault: each node has an unconditional way forward, and may also jump
    anywhere under a condition."""
    count = draw(st.integers(2, 7))
    names = [f"n{i}" for i in range(count)]
    conditions = st.sampled_from(
        ["v > 2", "v <= 1", "seen n0", f"not seen {names[-1]}", "chose n0.on", "not chose n0.on"]
    )
    nodes: dict[str, Any] = {}
    for i, name in enumerate(names[:-1]):
        choices: list[dict[str, Any]] = [{"id": "on", "to": draw(st.sampled_from(names[i + 1 :]))}]
        for j in range(draw(st.integers(0, 2))):
            routes: list[dict[str, Any]] = [
                {"when": [draw(conditions)], "node": draw(st.sampled_from(names))}
                for _ in range(draw(st.integers(0, 2)))
            ]
            choices.append(
                {
                    "id": f"c{j}",
                    "to": [*routes, {"node": draw(st.sampled_from(names))}],
                    "add": {"v": draw(st.integers(-2, 3))},
                    "when": draw(st.lists(conditions, max_size=1)),
                }
            )
        nodes[name] = {
            "choices": choices,
            "asides": [{"id": "x", "when": [draw(conditions)]}] if draw(st.booleans()) else [],
        }
    nodes[names[-1]] = {"ending": True}
    return scenario(nodes, variables={"v": 0}, gauges=["v"])


def play(activity: Scenario, rng: random.Random) -> list[str]:
    """One play to the end: at random for a while, then by the choice that leads forward."""
    choices: list[str] = []
    while not (screen := screen_after(activity, *choices)).finished:
        choices.append(rng.choice(offered(screen)) if len(choices) < 12 else "on")
    return choices


@settings(max_examples=120)
@given(sound_scenarios(), st.randoms(use_true_random=False))
def test_every_play_of_offered_options_ends_and_quotes_what_was_promised(
    activity: Scenario, rng: random.Random
) -> None:
    choices = play(activity, rng)
    quotable, strings = activity.quotable(), {*activity.strings(), *activity.optional_strings()}
    for done in range(len(choices) + 1):
        screen = screen_after(activity, *choices[:done])
        assert set(quotes_after(activity, *choices[:done])) <= set(quotable)
        assert {
            *screen.texts,
            *screen.form.strings(),
            *(g.label for g in screen.gauges),
        } <= strings
        assert bool(offered(screen)) is not screen.finished
    given_at_end = quotes_after(activity, *choices)
    assert {name for name, always in quotable.items() if always} <= set(given_at_end)
    assert set(given_at_end.values()) <= strings


@settings(max_examples=60)
@given(sound_scenarios())
def test_a_sound_scenario_has_no_problem_but_nodes_out_of_reach(activity: Scenario) -> None:
    assert {problem.code for problem in activity.check()} <= {"node-unreachable"}
    assert activity.reading(lambda _: 1).decisions >= 1


@settings(max_examples=60)
@given(sound_scenarios(), st.lists(st.sampled_from(["on", "c0", "c1", "zzz", ""]), max_size=8))
def test_any_acts_lead_to_a_screen_or_are_refused(activity: Scenario, choices: list[str]) -> None:
    try:
        screen = screen_after(activity, *choices)
    except Invalid as refused:
        assert refused.reason.code == "act-impossible"
    else:
        assert screen.key in activity.nodes
