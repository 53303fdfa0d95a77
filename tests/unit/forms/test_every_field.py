"""What is true of every field, whatever it asks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.forms.base import Field
from engine.forms.choice import Choices
from engine.forms.text import Text
from engine.values.errors import Invalid
from engine.values.reasons import Reason

from .samples import EVERY, READ, REFUSED, SCALE, kinds, sayable

CODES = {
    "answer-empty",
    "answer-malformed",
    "answer-not-offered",
    "answer-too-long",
    "answer-too-many",
    "answer-out-of-range",
    "answer-same-twice",
    "hours-too-many",
    "reworded-too-far",
    "actors-moved",
}
fields = st.sampled_from(EVERY)
typed = ["", " ", "1", "4", "0", "-1", "1,5", "²", "ines", "maire", "yes", "\u202e", "x" * 301]
sent = [
    1,
    2,
    3.0,
    1.25,
    True,
    None,
    float("nan"),
    float("inf"),
    10**400,
    [],
    {},
    ["ines", "maire"],
]
once = [raw for case in (*READ, *REFUSED) for raw in case[1].values()]
near = st.sampled_from([*typed, *sent, *once])
parts = st.sampled_from(
    sorted({part for field in EVERY for part in field.json_schema().get("properties", "z")})
)
json_values = st.recursive(
    near | st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(parts, inner, max_size=3),
    max_leaves=6,
)


def name(field: Field) -> str:
    return f"{field.kind}-{field.id}"


@st.composite
def said(draw: st.DrawFn, field: Field) -> dict[str, Any]:
    """Something under the field's name, and something under those of its parts."""
    whole = draw(st.just({}) | st.fixed_dictionaries({field.id: json_values}))
    return whole | {f"{field.id}.{part}": draw(json_values) for part in draw(st.sets(parts))}


def test_every_kind_there_is_is_among_the_samples() -> None:
    assert {type(field) for field in EVERY} == kinds()
    assert len({field.kind for field in EVERY}) == len(kinds())


def test_a_field_that_lacks_something_cannot_be_made() -> None:
    wordless = type("Wordless", (type(SCALE),), {"words": Field.words})
    with pytest.raises(TypeError, match="words"):
        wordless("share", 5, "share.low", "share.high")


@pytest.mark.parametrize("field", EVERY, ids=name)
def test_a_sample_is_read_as_it_is(field: Field) -> None:
    assert field.parse({field.id: field.sample}) == field.sample
    Draft202012Validator.check_schema(field.json_schema())
    assert schema(field).is_valid(field.sample)


@pytest.mark.parametrize("field", EVERY, ids=name)
def test_nothing_said_is_refused_where_something_is_needed(field: Field) -> None:
    if isinstance(field, Text) and not field.needed:
        assert field.parse({}) == field.parse({field.id: ""}) == ""
        return
    for nothing in ({}, {field.id: ""}):
        with pytest.raises(Invalid) as refused:
            field.parse(nothing)
        assert refused.value.reason.code in ("answer-empty", "answer-malformed")
        assert str(refused.value.field).split(".")[0] == field.id


@settings(max_examples=500, deadline=None)
@given(fields.flatmap(lambda field: st.tuples(st.just(field), said(field))))
def test_whatever_comes_in_gives_a_value_or_is_refused_by_name(
    both: tuple[Field, dict[str, Any]],
) -> None:
    field, garbage = both
    try:
        value = field.parse(garbage)
    except Invalid as refused:
        assert refused.reason.code in CODES
        assert str(refused.field).split(".")[0] == field.id
        return
    assert field.parse({field.id: value}) == value, "read once more, it stays what it is"
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    assert schema(field).is_valid(value)
    words = field.words(value, str.upper, "fr")
    assert isinstance(words, str | Reason) and isinstance(
        field.quoted(value, str.upper, "en"), str | None
    )
    assert set(field.said_with(value)) <= set(field.strings())


@settings(max_examples=500, deadline=None)
@given(fields.flatmap(lambda field: st.tuples(st.just(field), json_values)))
def test_what_the_schema_accepts_is_read_as_it_is(both: tuple[Field, Any]) -> None:
    """Text may yet be cleaned, and what is chosen is put in order; a text that is nothing to see is
    none."""
    field, value = both
    if not schema(field).is_valid(value) or field.own_words or field.kind == "person":
        return
    if not sayable(field, value):
        return
    read = field.parse({field.id: value})
    assert read == value or isinstance(field, Choices | Text)


@pytest.mark.parametrize("field", EVERY, ids=name)
def test_each_tap_is_an_answer(field: Field) -> None:
    taps = [field.parse({field.id: option.id}) for option in field.taps()]
    assert len({json.dumps(tap) for tap in taps}) == len(taps)
    assert not taps or field.sample in taps


@pytest.mark.parametrize("field", EVERY, ids=name)
def test_it_takes_a_moment_and_is_worth_something(field: Field) -> None:
    assert 0 < field.minutes <= 1 and 0 <= field.gain <= 1


def schema(field: Field) -> Draft202012Validator:
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(field.json_schema(), format_checker=checker)
