"""Names as they are said, however they were written on a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.people.names import full_name, tidy, whole_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("DUPONT", "Dupont"),
        ("dupont", "Dupont"),
        ("ANNE-LAURE", "Anne-Laure"),
        ("DE LA TOUR", "de La Tour"),
        ("D'ESSAI", "d'Essai"),
        ("d’ESSAI", "d’Essai"),
        ("de LA TOUR", "de La Tour"),
        ("L’HERMITE", "L’Hermite"),
        ("MCDONALD", "McDonald"),
        ("VAN DER BERG", "van der Berg"),
        ("LEFÈVRE", "Lefèvre"),
        ("Le Goff", "Le Goff"),
        ("O'Brien", "O'Brien"),
        ("J", "J"),
    ],
)
def test_capitals_become_a_name(written: str, name: str) -> None:
    assert tidy(written) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("DUPONT Marie", "Marie Dupont"),
        ("DE LA TOUR Anne", "Anne de La Tour"),
        ("de LA TOUR Anne", "Anne de La Tour"),
        ("d’ESSAI Bruno", "Bruno d’Essai"),
        ("Vincent van Gogh", "Vincent van Gogh"),
        ("LE GOFF Anne-Laure", "Anne-Laure Le Goff"),
        ("Marie DUPONT", "Marie Dupont"),
        ("Dupont, Marie", "Marie Dupont"),
        ('"DUPONT, Marie"', "Marie Dupont"),
        ("Marie Dupont (DDT 23)", "Marie Dupont"),
        ("marie dupont", "Marie Dupont"),
        ("J. Dupont", "J. Dupont"),
        ("marie@example.org", ""),
        ("=?utf-8?q?Zo=C3=A9?=", "Zoé"),
        ("=?no?x", "=?no?x"),
        ("", ""),
    ],
)
def test_a_whole_name_has_the_first_name_first(written: str, name: str) -> None:
    assert whole_name(written) == name


def test_a_list_that_says_the_last_name_first_is_believed() -> None:
    assert whole_name("Dupont Marie", last_first=True) == "Marie Dupont"
    assert whole_name("DUPONT MARIE", last_first=True) == "Marie Dupont"


def test_one_name_alone_is_a_name() -> None:
    assert (full_name("Zoé", ""), full_name("", "EXEMPLE"), full_name("", "")) == (
        "Zoé",
        "Exemple",
        "",
    )


@given(st.text(max_size=40))
def test_any_name_is_one_line(text: str) -> None:
    assert "\n" not in whole_name(text) and "\n" not in tidy(text)
