"""A title is one line, whoever wrote it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values.lines import one_line


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\r", "\t", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"]
)
def test_every_kind_of_line_break_becomes_a_space(end: str) -> None:
    assert one_line(f"{end}Un cours{end}{end} Payez ici {end}") == "Un cours Payez ici"


@pytest.mark.parametrize(
    "sign", ["\0", "\x07", "\x1b", "\x9b", "\u202e", "\u2066", "\u200b", "\ud800"]
)
def test_what_controls_a_device_or_a_direction_is_gone(sign: str) -> None:
    assert one_line(f"Un{sign} cours{sign}") == "Un cours"


@pytest.mark.parametrize(
    "title",
    [
        "Où va l’argent\u202f?",
        "Chapitre\u00a01",
        "👩\u200d🌾 Semer",
        "می\u200cخواهم",
        "10\u00ad000",
    ],
)
def test_what_writing_needs_stays(title: str) -> None:
    assert one_line(title) == title


@given(st.text())
def test_it_is_one_line_that_nothing_changes_again(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line and len(line.splitlines()) <= 1
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(sign) for sign in line}
    line.encode()


def test_french_no_break_spaces_stay() -> None:
    assert one_line("vraiment\u202f?\n non") == "vraiment\u202f? non"
