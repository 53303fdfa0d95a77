"""What may be answered, and what is refused."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.forms.text import LINE_LIMIT, TEXT_LIMIT
from engine.packs.prompts.base import Answer
from engine.values.errors import Invalid

from .halls import prompt


def read(prompt_id: str, form: dict[str, Any]) -> Answer:
    return prompt(prompt_id).form().parse(form)


def refused(prompt_id: str, **form: str) -> dict[str, object]:
    with pytest.raises(Invalid) as caught:
        read(prompt_id, form)
    return {
        "code": caught.value.reason.code,
        "field": caught.value.field,
        **caught.value.reason.as_json()["params"],
    }


@pytest.mark.parametrize(
    ("prompt_id", "form", "answer"),
    [
        ("appuis", {"grade": "4"}, {"grade": 4}),
        ("part", {"point": "5"}, {"point": 5}),
        ("qui", {"option": "ines"}, {"option": "ines"}),
        ("soir", {"text": " Un message.\r\nPuis rien. "}, {"text": "Un message.\nPuis rien."}),
        (
            "plan",
            {"if": "un message\nattend", "then": "j'appelle"},
            {"if": "un message attend", "then": "j'appelle"},
        ),
        ("suite", {"happened": "not-yet"}, {"happened": "not-yet", "note": ""}),
        ("suite", {"happened": "yes", "note": "mardi"}, {"happened": "yes", "note": "mardi"}),
    ],
)
def test_each_kind_is_read(prompt_id: str, form: dict[str, str], answer: dict[str, object]) -> None:
    assert read(prompt_id, form) == answer


@pytest.mark.parametrize(
    ("prompt_id", "form", "field"),
    [
        ("appuis", {}, "grade"),
        ("part", {"point": ""}, "point"),
        ("qui", {}, "option"),
        ("soir", {"text": " \n "}, "text"),
        ("soir", {"text": "\u0000\u202e"}, "text"),
        ("plan", {"if": "x", "then": ""}, "then"),
        ("suite", {"note": "mardi"}, "happened"),
    ],
)
def test_nothing_is_no_answer(prompt_id: str, form: dict[str, str], field: str) -> None:
    assert refused(prompt_id, **form) == {"code": "answer-empty", "field": field}


@pytest.mark.parametrize(
    ("prompt_id", "field", "value"),
    [
        ("appuis", "grade", "5"),
        ("appuis", "grade", "٣"),
        ("part", "point", "0"),
        ("part", "point", "3.0"),
        ("qui", "option", "maire"),
        ("suite", "happened", "maybe"),
    ],
)
def test_what_was_not_offered_is_refused(prompt_id: str, field: str, value: str) -> None:
    assert refused(prompt_id, **{field: value}) == {"code": "answer-not-offered", "field": field}


def test_a_text_of_two_thousand_characters_is_read_and_one_more_is_refused() -> None:
    assert len(read("soir", {"text": "é" * TEXT_LIMIT})["text"]) == 2000
    assert refused("soir", text="é" * 2001) == {
        "code": "answer-too-long",
        "field": "text",
        "limit": 2000,
        "length": 2001,
    }


def test_ten_megabytes_are_refused_with_the_limit() -> None:
    assert refused("soir", text="x" * 10_000_000)["limit"] == TEXT_LIMIT


@pytest.mark.parametrize(
    ("prompt_id", "form", "field"),
    [
        ("plan", {"if": "x" * 301, "then": "y"}, "if"),
        ("suite", {"happened": "yes", "note": "x" * 301}, "note"),
    ],
)
def test_parts_of_a_plan_and_notes_are_a_line(
    prompt_id: str, form: dict[str, str], field: str
) -> None:
    assert refused(prompt_id, **form) == {
        "code": "answer-too-long",
        "field": field,
        "limit": LINE_LIMIT,
        "length": 301,
    }


@given(st.text(st.characters(codec=None), max_size=200))
@settings(max_examples=80)
def test_whatever_is_typed_is_stored_as_clean_text_or_refused(text: str) -> None:
    try:
        kept = read("soir", {"text": text})["text"]
    except Invalid as invalid:
        assert invalid.reason.code == "answer-empty"
    else:
        assert kept == kept.strip() != ""
        assert not [c for c in kept if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]
        kept.encode("utf-8")
        assert read("soir", {"text": kept}) == {"text": kept}
