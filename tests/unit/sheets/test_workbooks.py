"""Workbooks of Excel and LibreOffice: what stands in the cells, as their owners see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.sheets.read import read_book
from engine.sheets.reasons import FileTooLarge, SheetsHidden, Unreadable
from engine.sheets.values import Value, said
from tests.unit.sheets import files

Write = Callable[[files.Grid], bytes]
NUMBERS = [["n", 3, 3.0, 2.5, 0.1 + 0.2, -4]]


def cells(data: bytes, sheet: int = 0) -> list[tuple[Value, ...]]:
    return [row.cells for row in read_book(data).sheets[sheet].rows]


@pytest.mark.parametrize("write", [files.xlsx, files.ods])
def test_numbers_are_as_people_write_them(write: Write) -> None:
    assert cells(write(NUMBERS)) == [("n", "3", "3", "2.5", "0.3", "-4")]


@pytest.mark.parametrize("write", [files.xlsx, files.ods])
def test_days_hours_and_durations_are_values(write: Write) -> None:
    moment = datetime.fromisoformat("2026-03-12 09:30")
    row = [date(2026, 3, 12), moment, timedelta(hours=1, minutes=30)]
    assert cells(write([row])) == [tuple(row)]


def test_an_hour_of_excel_is_an_hour() -> None:
    assert cells(files.xlsx([[time(1, 30)]])) == [(time(1, 30),)]


def test_a_unit_that_the_format_shows_is_part_of_the_cell() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["A3"] = 3, 45, 0.5
    book.active["A1"].number_format = '0" h"'
    book.active["A2"].number_format = "0\\ \\m\\i\\n"
    book.active["A3"].number_format = "0%"
    assert cells(files.saved(book)) == [("3 h",), ("45 min",), ("0.5",)]


def test_cells_merged_downward_are_carried_down_and_a_title_across_is_not() -> None:
    grid = [["Formation", None, None], ["1", "A", "x"], [None, "B", "y"]]
    data = files.xlsx(grid, merged="A2:A3")
    assert cells(data) == [("Formation",), ("1", "A", "x"), ("1", "B", "y")]
    assert cells(files.xlsx(grid, merged="A1:C1"))[0] == ("Formation",)
    assert cells(files.ods_merged()) == [
        ("Semaine", "Titre"),
        ("1", "Ouvrir"),
        ("1", "Diagnostiquer"),
    ]


def test_lines_in_a_cell_are_lines_and_a_comment_is_no_text() -> None:
    grid = [["Titre", "Un\nDeux"]]
    assert cells(files.xlsx(grid)) == cells(files.ods(grid)) == [("Titre", "Un\nDeux")]


def test_a_table_in_a_cell_does_not_end_the_table_around_it() -> None:
    inner = f"<table:table>{'<table:table-row/>' * 2}</table:table>"
    first = files.ods_cell("A").replace("<text:p>", f"{inner}<text:p>", 1)
    rows = "".join(
        f"<table:table-row>{cell}</table:table-row>" for cell in (first, files.ods_cell("B"))
    )
    data = files.ods_of(f'<table:table table:name="Plan">{rows}</table:table>')
    assert cells(data) == [("A",), ("B",)]


def test_what_nothing_can_keep_is_no_part_of_a_cell() -> None:
    assert cells(files.xlsx([["Se_x0000_mer_xD83D_", "a_x0007_b"]])) == [("Semer", "ab")]


def test_rows_are_counted_as_the_program_counts_them() -> None:
    grid = [["Titre"], [None], [None], ["A"]]
    for data in (files.xlsx(grid), files.ods(grid)):
        assert [row.line for row in read_book(data).sheets[0].rows] == [1, 4]


def test_empty_sheets_are_left_out_and_hidden_ones_are_said() -> None:
    book = read_book(files.xlsx([], [["caché"]], [["vu"]], hidden=[1]))
    assert [sheet.name for sheet in book.sheets] == ["Feuille 3"]
    assert book.notes == (SheetsHidden(("Feuille 2",)),)
    assert read_book(files.ods_merged()).notes == (SheetsHidden(("Caché",)),)


def test_a_formula_is_what_it_was_worked_out_to_and_an_error_is_nothing() -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><v>deux</v></c>'
        '<c r="C1" t="e"><v>#REF!</v></c><c r="D1" t="b"><v>1</v></c>'
        '<c r="E1" t="inlineStr"><is><t>là</t></is></c></row></sheetData></worksheet>'
    )
    assert cells(with_sheet(sheet)) == [("2", "deux", "", "TRUE", "là")]


def with_sheet(xml: str) -> bytes:
    """A workbook whose only sheet is this XML."""
    ns = "http://schemas.openxmlformats.org"
    office = f"{ns}/officeDocument/2006/relationships"
    return files.zipped(
        {
            "_rels/.rels": f'<Relationships xmlns="{ns}/package/2006/relationships"><Relationship '
            f'Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{ns}/spreadsheetml/2006/main" xmlns:r="{office}">'
            '<sheets><sheet name="F" sheetId="1" r:id="s"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{ns}/package/2006/relationships">'
            f'<Relationship Id="s" Type="{office}/worksheet" Target="worksheets/one.xml"/>'
            "</Relationships>",
            "xl/worksheets/one.xml": xml,
        }
    )


def test_a_cell_at_the_far_end_of_the_sheet_costs_no_more_than_any_other() -> None:
    """A grid of all cells up to it would be 17 thousand million of them."""
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1048576"], book.active["XFD7"] = "Titre", "z", "beyond"
    assert [row.cells for row in read_book(files.saved(book)).sheets[0].rows] == [
        ("Titre",),
        ("", "z"),
    ]


def test_a_row_that_is_said_to_repeat_a_million_times_is_too_much() -> None:
    xml = (
        '<d xmlns:t="t" xmlns:o="o"><t:table t:name="F"><t:table-row '
        't:number-rows-repeated="1048576"><t:table-cell t:number-columns-repeated="300" '
        'o:value-type="string"><p>x</p></t:table-cell></t:table-row></t:table></d>'
    )
    data = files.zipped(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": xml}
    )
    with pytest.raises(Unreadable) as refused:
        read_book(data)
    assert isinstance(refused.value.reason, FileTooLarge)


TEXTS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12
)
VALUES = (
    st.none()
    | TEXTS.filter(lambda text: not text.startswith("=") and "_x" not in text)
    | st.integers(-(10**9), 10**9)
    | st.dates(date(1950, 1, 1), date(2100, 1, 1))
)


@pytest.mark.parametrize("write", [files.xlsx, files.ods])
@settings(max_examples=60, deadline=None)
@given(grid=st.lists(st.lists(VALUES, min_size=1, max_size=4), min_size=1, max_size=5))
def test_what_was_put_into_cells_comes_out_of_them(write: Write, grid: files.Grid) -> None:
    wanted = [
        (number, [_stripped(cell) for cell in row])
        for number, row in enumerate(grid, 1)
        if any(_stripped(cell) != "" for cell in row)
    ]
    if not wanted:
        return
    [sheet] = read_book(write(grid)).sheets
    read = [(row.line, [row.cell(n) for n in range(len(grid[row.line - 1]))]) for row in sheet.rows]
    assert read == wanted


def _stripped(cell: files.Cell) -> Value:
    if cell is None:
        return ""
    if isinstance(cell, int):
        return str(cell)
    assert isinstance(cell, str | date)
    return cell if isinstance(cell, date) else cell.replace("\u00a0", " ").strip(" \u202f")


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 10_000), st.booleans())
def test_a_workbook_with_any_bytes_changed_is_read_or_refused(
    noise: bytes, at: int, is_excel: bool
) -> None:
    grid: files.Grid = [["Semaine", "Titre"], [1, "Ouvrir"], [2, date(2026, 3, 12)]]
    whole = files.xlsx(grid) if is_excel else files.ods(grid)
    at %= len(whole)
    try:
        for sheet in read_book(whole[:at] + noise + whole[at + len(noise) :]).sheets:
            assert all(said(cell) is not None for row in sheet.rows for cell in row.cells)
    except Unreadable as refused:
        assert refused.reason


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_book(data)
    except Unreadable as refused:
        assert refused.reason
