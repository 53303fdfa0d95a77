"""Text between delimiters, as programs write it and as people mend it by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.sheets.read import read_book
from engine.sheets.reasons import QuotationOpen
from tests.unit.sheets import files


def rows(text: str, delimiter: str = "") -> list[tuple[int, tuple[object, ...]]]:
    [sheet] = read_book(text.encode(), delimiter=delimiter).sheets
    return [(row.line, row.cells) for row in sheet.rows]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_the_sign_that_cuts_every_line(delimiter: str) -> None:
    text = f"semaine{delimiter}titre\n1{delimiter}Ouvrir\n2{delimiter}Diagnostiquer\n"
    assert rows(text)[1] == (2, ("1", "Ouvrir"))


def test_a_space_is_a_delimiter_only_between_quotation_marks() -> None:
    assert rows('"Topic" "Day"\n"1" "Sowing seeds" "3 April"\n')[1] == (
        2,
        ("1", "Sowing seeds", "3 April"),
    )
    assert rows("Sowing seeds\nWater plants\n")[0] == (1, ("Sowing seeds",))


def test_signs_in_sentences_cut_nothing() -> None:
    text = "semaine;titre\n1;Recettes, dépenses, dons\n2;Budget\n3;Un, deux\n"
    assert [cells[1] for _line, cells in rows(text)[1:]] == [
        "Recettes, dépenses, dons",
        "Budget",
        "Un, deux",
    ]
    assert rows("titre,durée\n1;2;3,4\n5;6;7,8\n")[1][1] == ("1;2;3", "4")


def test_a_list_of_titles_has_one_column_whatever_signs_it_holds() -> None:
    assert rows("Le budget\nLes alliances, les réseaux\nLa gouvernance\n")[1] == (
        2,
        ("Les alliances, les réseaux",),
    )


def test_the_line_of_excel_that_says_the_delimiter_is_no_row() -> None:
    assert rows("sep=,\nsemaine,titre\n1,a;b;c\n")[0] == (2, ("semaine", "titre"))
    assert rows('"sep=;"\nsemaine;titre\n1;A\n')[1] == (3, ("1", "A"))


def test_a_cell_between_quotation_marks_holds_lines_signs_and_quotation_marks() -> None:
    text = 'semaine;titre\n1;"Écrans de 5"" et\nplus ; grands"\n2;B\n'
    assert rows(text)[1:] == [
        (2, ("1", 'Écrans de 5" et\nplus ; grands')),
        (4, ("2", "B")),
    ]


def test_a_quotation_mark_that_is_never_closed_is_said_and_swallows_nothing() -> None:
    book = read_book(b'titre;texte\nA;"never closed\nB;c\n')
    assert [row.cells for row in book.sheets[0].rows] == [
        ("titre", "texte"),
        ("A", '"never closed'),
        ("B", "c"),
    ]
    assert book.notes == (QuotationOpen(2),)


def test_a_quotation_mark_inside_a_word_is_a_letter() -> None:
    assert rows('titre;texte\nÉcran 5";non\n"A" et "B";c\n')[1:] == [
        (2, ('Écran 5"', "non")),
        (3, ('"A" et "B"', "c")),
    ]


def test_spaces_that_do_not_break_are_taken_off_like_others() -> None:
    assert rows("semaine\u00a0;titre\n1\u202f; A \n")[1] == (2, ("1", "A"))


def test_lines_on_top_describe_the_table_and_a_number_sign_may_head_a_column() -> None:
    [sheet] = read_book(b'"# title: One, two",,\n# language: en,,\n,,\ntitle,week,\nA,1,\n').sheets
    assert sheet.above == ((1, "title: One, two"), (2, "language: en"))
    assert rows("#;Date;Titre\n1;12/03/2026;A\n")[0] == (1, ("#", "Date", "Titre"))


def test_a_table_of_markdown_has_neither_frame_nor_rule() -> None:
    assert rows("| Semaine | Titre |\n|---|:--:|\n| 1 | |\n|  | B |\n") == [
        (1, ("Semaine", "Titre")),
        (3, ("1", "")),
        (4, ("", "B")),
    ]


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.text("abé \"';,|\t\nZ1", max_size=8), st.text('xé";,|\n', max_size=8)),
        min_size=2,
        max_size=6,
    ),
    st.sampled_from(sorted(files.DIALECTS)),
)
def test_what_five_programs_write_is_read_back(cells: list[tuple[str, str]], dialect: str) -> None:
    grid = [("titre", "texte"), *cells]
    data = files.delimited(grid, dialect)
    delimiter = files.DIALECTS[dialect][0]
    [sheet] = read_book(data, delimiter=delimiter).sheets
    spaces = " \t\n\r"
    wanted = [tuple(cell.strip(spaces) for cell in row) for row in grid]
    assert [(row.cell(0), row.cell(1)) for row in sheet.rows] == [row for row in wanted if any(row)]


@settings(max_examples=200)
@given(st.text('a"\n;,|\t=#: é', max_size=80))
def test_any_text_is_read_and_each_row_says_its_line(text: str) -> None:
    if not text.strip():
        return
    lines = text.count("\n") + 1
    [sheet] = read_book(text.encode()).sheets
    told = [row.line for row in sheet.rows]
    assert told == sorted(set(told)) and all(1 <= line <= lines for line in told)
