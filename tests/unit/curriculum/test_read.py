"""Any file: the right importer is found, the examples are whole, what is no course file is
named."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.curriculum.read import read_outline
from engine.values.errors import Invalid
from tests.unit.sheets import files

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


@pytest.mark.parametrize("name", ["c.yaml", "c.YML", "course"])
def test_yaml_is_known_by_its_name_or_its_content(name: str) -> None:
    assert read_outline(b"title: T\nlanguage: fr\nsections:\n  - title: A\n", name).title == "T"


@pytest.mark.parametrize("name", ["c.csv", "c.tsv", "export.txt", "course"])
def test_everything_else_is_read_as_a_table(name: str) -> None:
    assert read_outline(b"# language: en\ntitle\tweek\nA\t1\n", name).sections[0].week == 1


def test_a_workbook_is_read_whatever_its_name_and_one_that_is_cut_off_is_refused() -> None:
    whole = files.xlsx([["Titre", "Semaine"], ["Semer", 1]])
    assert read_outline(whole, "course.csv").sections[0].week == 1
    with pytest.raises(Invalid, match="sheet-damaged"):
        read_outline(whole[:100], "course.xlsx")


def test_the_french_example_runs_nine_weeks() -> None:
    course = read_outline(
        (EXAMPLES / "modeles-socio-economiques.yaml").read_bytes(), "modeles-socio-economiques.yaml"
    )
    assert (course.language, course.weeks()) == ("fr", tuple(range(1, 10)))
    assert all(len(section.text) > 150 and section.tags for section in course.sections)


def test_the_french_example_writes_its_tags_as_french_is_written() -> None:
    course = read_outline(
        (EXAMPLES / "modeles-socio-economiques.yaml").read_bytes(), "modeles-socio-economiques.yaml"
    )
    team = course.section("richesses-humaines")
    assert team is not None and team.tags == ("équipe", "compétences", "bénévolat")


def test_the_english_example_runs_six_weeks() -> None:
    course = read_outline((EXAMPLES / "sdgs.csv").read_bytes(), "sdgs.csv")
    assert (course.language, course.theme, course.weeks()) == ("en", "sdg", tuple(range(1, 7)))
    assert all(len(section.text) > 150 and section.tags for section in course.sections)
