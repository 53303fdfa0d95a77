"""Licences: the shape that SPDX gives them, whatever the id."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.packs.licence import PATTERN, misfit

RIGHT = [
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "MIT",
    "GPL-2.0+",
    "etalab-2.0",
    "LicenseRef-Ville",
    "DocumentRef-a.b:LicenseRef-Ville",
    "MIT OR CC-BY-4.0",
    "MIT and ODbL-1.0",
    "GPL-3.0-or-later WITH Classpath-exception-2.0",
    "A WITH AdditionRef-b AND C",
    "(MIT AND CC-BY-4.0) OR LicenseRef-x",
    "MIT AND (A OR (B WITH c))",
    "  MIT   OR\nA  ",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_spdx_allows_is_right(text: str) -> None:
    assert misfit(text) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Free beer", "AND, OR or WITH is needed before “beer”"),
        ("LicenseRef-Free beer", "AND, OR or WITH is needed before “beer”"),
        ("CC BY-SA 4.0", "AND, OR or WITH is needed before “BY-SA”"),
        ("tous-droits-réservés", "“tous-droits-réservés” is no name of a licence"),
        ("MIT/X11", "“MIT/X11” is no name of a licence"),
        ("MIT++", "“MIT++” is no name of a licence"),
        ("LicenseRef-a:b", "“LicenseRef-a:b” is no name of a licence"),
        ("MIT Or A", "AND, OR or WITH is needed before “Or”"),
        ("MIT AND", "it ends too early"),
        (" ", "it ends too early"),
        ("OR MIT", "“OR” is no name of a licence"),
        ("MIT WITH", "it ends too early"),
        ("MIT WITH AND A", "“AND” is no name of an exception"),
        ("(MIT) WITH A", "“WITH” must follow the name of a licence"),
        ("A WITH b WITH c", "“WITH” must follow the name of a licence"),
        ("(MIT OR A", "a parenthesis is open at the end"),
        ("MIT) OR A", "this parenthesis closes none"),
        ("MIT (A)", "AND, OR or WITH is needed before “(”"),
        ("()", "“)” is no name of a licence"),
        ("CC-BY-NC AND MIT", "“CC-BY-NC” lacks its version"),
    ],
)
def test_what_spdx_does_not_allow_is_told_with_what_to_write(text: str, wrong: str) -> None:
    found = misfit(text)
    assert found and found[0] == f"“{text}” is no SPDX licence: {wrong}" and "-4.0" in found[1]


@given(
    st.lists(
        st.sampled_from(
            ["MIT", "CC-BY-4.0", "A+", "LicenseRef-x", "AND", "or", "WITH", "(", ")", "é"]
        ),
        max_size=9,
    )
)
def test_editors_that_know_the_pattern_alone_refuse_nothing_that_is_right(words: list[str]) -> None:
    text = " ".join(words)
    assert re.search(PATTERN, text) if misfit(text) is None else True


def test_parentheses_by_the_thousand_are_no_accident() -> None:
    assert misfit("(" * 5000 + "MIT" + ")" * 5000) is None
