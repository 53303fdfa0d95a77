"""What a reader sees of a string, and where in the string each letter of it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.rules.seen import seen


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("al**lian**ce", "alliance"),
        ("al\u00adli\u200bance", "alliance"),
        ("\\*al&shy;li&amp;", "*alli&"),
        ("e\u0301te\u0301 a\u034f", "été a"),
        ("> Une\n> *lettre*\n\n- un\n- `deux`", "Une\nlettre\nun\ndeux"),
        ("[ici](https://exemple.org)même", "icimême\nhttps://exemple.org"),
        ("![une *halle*](halle.png)", "une halle\nhalle.png"),
        ("# ni titre, ni <b>", "# ni titre, ni <b>"),
    ],
)
def test_the_words_are_those_that_a_reader_sees(written: str, read: str) -> None:
    assert seen(written).text.strip() == read


def test_each_letter_knows_where_it_is_written() -> None:
    written = "1. un *mot*\n\n> [là](https://exemple.org/mot) un autre &shy;**m**ot, mot\u00ad"
    read = seen(written)
    assert [read.places[i] for i in range(len(read.text)) if read.text.startswith("mot", i)] == [
        written.index(word) for word in ("mot*", "m**ot", "mot\u00ad", "mot)")
    ]


@settings(max_examples=200)
@given(st.text("aé e\u0301\u00ad*_[]()!`<>&;#\\-\n1.\t{}\0", max_size=40))
def test_any_string_is_read_with_a_place_for_each_letter(written: str) -> None:
    read = seen(written)
    assert len(read.places) == len(read.text)
    assert all(0 <= place <= len(written) for place in read.places)
