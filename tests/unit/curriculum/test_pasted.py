"""Sections pasted as a list: read as people write them, refused at their line, and the same ones
found again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.curriculum.build import MAX_SECTIONS
from engine.curriculum.outline import Audience, Outline, Section
from engine.curriculum.pasted import MAX_FAULTS, Line, PastedFaults, pasted, read_pasted, renewed

EMPTY = Outline("eco", "Économie", "fr", Audience("fr"), ())


def faults(text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(PastedFaults) as refused:
        read_pasted(text)
    return [(reason.code, getattr(reason, "line", None)) for reason in refused.value.reasons]


def titles(text: str) -> list[str]:
    return [line.title for line in read_pasted(text)]


def test_each_line_is_a_section_bullets_and_blank_lines_aside() -> None:
    assert titles("Le budget\r\n\r\n- Les alliances\n2.  La gouvernance\n• L’évaluation ") == [
        "Le budget",
        "Les alliances",
        "La gouvernance",
        "L’évaluation",
    ]


def test_a_week_and_words_may_be_said_with_semicolons_or_tabs() -> None:
    assert read_pasted(
        "3;Le budget;Recettes, dépenses\nSemaine 4\tLes alliances\tQui, avec qui\n;Sans semaine"
    ) == (
        Line(1, "Le budget", 3, "Recettes, dépenses"),
        Line(2, "Les alliances", 4, "Qui, avec qui"),
        Line(3, "Sans semaine"),
    )


def test_a_title_may_hold_a_semicolon() -> None:
    assert titles("Budget ; trésorerie") == ["Budget ; trésorerie"]


def test_indented_lines_are_text_of_the_section_above_and_a_wholly_indented_list_is_a_list() -> (
    None
):
    assert read_pasted("Le budget\n   Recettes\n\tDépenses\nLes alliances") == (
        Line(1, "Le budget", None, "Recettes\nDépenses"),
        Line(4, "Les alliances"),
    )
    assert titles("    Le budget\n    Les alliances") == ["Le budget", "Les alliances"]


def test_what_looks_like_html_is_words_like_any_other_and_control_characters_are_none() -> None:
    assert titles("<script>alert(1)</script> Budget\x00\x1b[31m") == [
        "<script>alert(1)</script> Budget[31m"
    ]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\x00"])
def test_nothing_is_refused(text: str) -> None:
    assert faults(text) == [("pasted-empty", None)]


def test_each_fault_is_told_at_its_line() -> None:
    assert faults(f"Bien\n3;\n999;Loin\n---\n{'x' * 201}\nBien aussi") == [
        ("pasted-title-missing", 2),
        ("pasted-week", 3),
        ("pasted-title-missing", 4),
        ("pasted-title-long", 5),
    ]


def test_a_text_that_goes_on_for_ever_is_refused() -> None:
    assert faults("Le budget\n" + "  mot mot\n" * 1000) == [("pasted-text-long", 1)]


def test_ten_thousand_lines_are_too_many_and_ten_thousand_faults_are_not_all_told() -> None:
    assert faults("\n".join(f"Section {n}" for n in range(10_000))) == [
        ("pasted-too-many", MAX_SECTIONS + 1)
    ]
    assert len(faults("\n".join(["3;"] * MAX_SECTIONS))) == MAX_FAULTS


def test_a_section_that_bears_the_same_title_is_the_same_section() -> None:
    before = Outline(
        "eco",
        "Économie",
        "fr",
        Audience("fr"),
        (
            Section("s1", "Les ressources", "Avant", week=1, minutes=90, tags=("budget",)),
            Section("s2", "Les alliances"),
            Section("s3", "Épinglée"),
        ),
    )
    after = renewed(before, read_pasted("Nouvelle\n2;LES RESSOURCES;Après\nNouvelle"), {"s3"})
    assert after.sections == (
        Section("nouvelle", "Nouvelle"),
        Section("s1", "LES RESSOURCES", "Après", week=2, minutes=90, tags=("budget",)),
        Section("nouvelle-2", "Nouvelle"),
        Section("s3", "Épinglée"),
    )


def test_a_new_section_never_takes_the_id_of_one_that_stays() -> None:
    before = Outline("eco", "Économie", "fr", Audience("fr"), (Section("budget", "Autre chose"),))
    assert [
        section.id for section in renewed(before, read_pasted("Budget"), {"budget"}).sections
    ] == ["budget-2", "budget"]


@settings(max_examples=80)
@given(st.text(alphabet="aé1.-;\t \n<é", max_size=200))
def test_what_was_read_is_written_so_that_it_is_read_again_as_the_same(text: str) -> None:
    try:
        lines = read_pasted(text)
    except PastedFaults:
        return
    outline = renewed(EMPTY, lines, ())
    again = renewed(outline, read_pasted(pasted(outline)), ())
    assert again == outline
    assert len({section.id for section in outline.sections}) == len(lines)


@pytest.mark.parametrize(
    "title",
    [
        "1. Le budget",
        "- Le budget",
        "2027 : 1er bilan",
        "3;Le budget",
        "Semaine 3",
        "Le budget ;",
        "Le\tbudget",
        "Le  budget\nde la halle",
    ],
)
def test_a_title_from_a_file_stays_as_it_was_written_when_nothing_is_changed(title: str) -> None:
    for week in (None, 3):
        before = Outline(
            "eco",
            "Économie",
            "fr",
            Audience("fr"),
            (Section("a", title, "Un.\n\n  - Deux ;\n;", week, minutes=9),),
        )
        assert renewed(before, read_pasted(pasted(before)), ()) == before


def test_the_number_before_a_title_goes_when_taken_away_and_stays_when_something_else_changes() -> (
    None
):
    before = Outline(
        "eco",
        "Économie",
        "fr",
        Audience("fr"),
        (Section("a", "1. Le budget"), Section("b", "2. Le budget")),
    )
    after = renewed(before, read_pasted("2. Le budget\n   Recettes\nLe budget"), ())
    assert after.sections == (Section("b", "2. Le budget", "Recettes"), Section("a", "Le budget"))


TITLES = (
    st.text(alphabet="aé1.-;•\t \n\r\0)é", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda t: any(map(str.isalpha, t)))
)
TEXTS = st.text(alphabet="aé1.-;#|\t \n\r\0", max_size=20)


@settings(max_examples=200)
@given(st.lists(st.tuples(TITLES, TEXTS, st.none() | st.integers(1, 520)), min_size=1, max_size=6))
def test_what_is_shown_and_kept_again_changes_nothing(
    said: list[tuple[str, str, int | None]],
) -> None:
    sections = tuple(
        Section(f"s{n}", title, text, week) for n, (title, text, week) in enumerate(said)
    )
    before = replace(EMPTY, sections=sections)
    assert renewed(before, read_pasted(pasted(before)), ()) == before


def test_headings_and_tables_in_the_text_of_a_section_are_its_text() -> None:
    texts = (
        "## Objectifs\nTenir\n## Moyens\nDire",
        "titre;semaine\nSemer;1",
        "| a | b |\n|---|---|",
    )
    sections = tuple(Section(f"s{n}", f"Partie {n}", text, n) for n, text in enumerate(texts, 1))
    before = replace(EMPTY, sections=sections)
    assert renewed(before, read_pasted(pasted(before)), ()) == before


def test_a_table_pasted_from_a_spreadsheet_is_its_rows_and_never_its_headings() -> None:
    text = 'Semaine\tTitre\tContenu\tDurée\n1\tSemer\t"Choisir\nSemer"\t2h\n2\tArroser\tEau\t\n'
    assert [(one.week, one.title, one.text, one.minutes) for one in read_pasted(text)] == [
        (1, "Semer", "Choisir\nSemer", 120),
        (2, "Arroser", "Eau", 0),
    ]


def test_headings_pasted_from_a_text_are_sections() -> None:
    text = "# Jardin\n\n## Semaine 1 : Semer\n\nChoisir\n\n## Semaine 2 : Arroser\n"
    assert [(one.week, one.title, one.text) for one in read_pasted(text)] == [
        (1, "Semer", "Choisir"),
        (2, "Arroser", ""),
    ]


def test_what_a_table_says_of_a_section_that_is_there_is_taken_and_the_rest_stays() -> None:
    before = replace(
        EMPTY, sections=(Section("s1", "Semer", "Avant", minutes=60, tags=("jardin",)),)
    )
    after = renewed(before, read_pasted("Date\tTitre\n03/04/2027\tSemer\n04/04/2027\tNeuf\n"), ())
    assert [(s.id, s.minutes, s.tags, str(s.starts)) for s in after.sections] == [
        ("s1", 60, ("jardin",), "2027-04-03"),
        ("neuf", 0, (), "2027-04-04"),
    ]
