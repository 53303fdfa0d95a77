"""Conditions: what is understood, what it means, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.activities.conditions import COMPARISONS, Chose, Compare, Seen, Trail, hold, parse
from engine.values.faults import Fault
from web.words import faults

TRAIL = Trail({"money": 10}, (("soir", "ines"),), frozenset({"soir", "nuit"}))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("money >= 10", Compare("money", ">=", 10)),
        ("money<-3", Compare("money", "<", -3)),
        ("chose soir-1.ines", Chose("soir-1", "ines", True)),
        ("not chose soir-1.ines", Chose("soir-1", "ines", False)),
        ("  seen nuit ", Seen("nuit", True)),
        ("not  seen nuit", Seen("nuit", False)),
    ],
)
def test_each_form_is_understood(text: str, condition: object) -> None:
    assert parse(text) == condition
    assert parse(condition) is condition


@pytest.mark.parametrize(
    "text",
    [
        "",
        "money",
        "money => 3",
        "money >= ten",
        "chose ines",
        "chose a.b.c",
        "not money > 3",
        "Seen nuit",
        3,
        None,
    ],
)
def test_anything_else_is_refused_and_both_languages_say_what_to_write(text: object) -> None:
    with pytest.raises(ValueError, match="condition") as refused:
        parse(text)
    assert refused.value.args == ("value-wrong.condition", {"text": str(text)})
    fault = Fault("m.yaml", 1, 1, *refused.value.args)
    for language, complaint in (("en", "is not understood"), ("fr", "n’est pas comprise")):
        what, to_do = faults.said(fault, language)
        assert complaint in what and "seen <" in to_do


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("money >= 10", True),
        ("money > 10", False),
        ("money == 10", True),
        ("money != 10", False),
        ("money < 11", True),
        ("money <= 9", False),
        ("time == 0", True),
        ("chose soir.ines", True),
        ("not chose soir.ines", False),
        ("chose nuit.ines", False),
        ("seen nuit", True),
        ("not seen fin", True),
    ],
)
def test_a_condition_asks_the_trail(text: str, answer: bool) -> None:
    assert parse(text).holds(TRAIL) is answer


def test_all_conditions_must_hold_and_none_at_all_holds() -> None:
    assert hold((), TRAIL) and hold((parse("money > 1"), parse("seen nuit")), TRAIL)
    assert not hold((parse("money > 1"), parse("seen fin")), TRAIL)


@settings(max_examples=60)
@given(
    st.from_regex(r"[a-z]{1,6}(-[a-z0-9]{1,3})?", fullmatch=True),
    st.sampled_from(sorted(COMPARISONS)),
    st.integers(-999, 999),
    st.integers(-999, 999),
)
def test_a_comparison_says_what_python_says(name: str, op: str, number: int, value: int) -> None:
    condition = parse(f"{name} {op} {number}")
    assert condition.holds(Trail({name: value}, (), frozenset())) is COMPARISONS[op](value, number)
