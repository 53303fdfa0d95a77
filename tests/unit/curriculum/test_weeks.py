"""The week of a section, in a cell of its own or before a title."""

from __future__ import annotations

import pytest

from engine.curriculum.weeks import beside_week, split_week, week_of


@pytest.mark.parametrize(
    "text",
    [
        "3",
        "3.0",
        "03",
        "S3",
        "s03",
        "W3",
        "Sem. 3",
        "Semaine 3",
        "SEMAINE 3",
        "Semaine n° 3",
        "semaines 3 et 4",
        "3-4",
        "3 à 4",
        "S3-S4",
        "Week 3",
        "Wk 3",
        "3e semaine",
        "3rd week",
        "Semaine 3 : du 16 au 20 mars",
        "Week 3 (Sept 3-5)",
    ],
)
def test_a_week_is_written_in_many_ways(text: str) -> None:
    assert week_of(text) == 3


@pytest.mark.parametrize("text", ["", "Budget", "16/03/2026", "2026-03-16", "B3", "9999", "S3B"])
def test_what_is_no_week_is_none(text: str) -> None:
    assert week_of(text) is None


@pytest.mark.parametrize(
    ("title", "week", "rest"),
    [
        ("Semaine 1 — Cœur de bourg", 1, "Cœur de bourg"),
        ("Week 3: Loops", 3, "Loops"),
        ("S2 - Budget", 2, "Budget"),
        ("1re semaine : découvrir", 1, "découvrir"),
        ("Semaine 3", None, "Semaine 3"),
        ("S21 Budget", None, "S21 Budget"),
        ("Semaine 4 (visio)", None, "Semaine 4 (visio)"),
        ("Weekly plan", None, "Weekly plan"),
        ("Le budget", None, "Le budget"),
    ],
)
def test_a_week_is_taken_off_a_title_that_is_left(title: str, week: int | None, rest: str) -> None:
    assert split_week(title) == (week, rest)


def test_what_stands_beside_a_week_may_be_its_days() -> None:
    assert beside_week("S3 : du 16 au 20 mars") == "du 16 au 20 mars"
    assert beside_week("Week 1 (Sept 3-5)") == "Sept 3-5"
    assert beside_week("16 mars") == ""
