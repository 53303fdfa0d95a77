"""Tables of web pages, also of those that are saved under the name of a workbook."""

from __future__ import annotations

from engine.sheets.read import read_book

PAGE = """<html><head><style>td {color: red}</style></head><body><p>Bonjour</p>
<table><tr><th>Semaine</th><th>Titre</th></tr>
<tr><td rowspan="2">1</td><td>Ouvrir &amp; <b>accueillir</b></td></tr>
<tr><td>Diagnostiquer<br>le bourg</td></tr>
<tr><td>2</td><td><table><tr><td>dans</td></tr></table></td></tr></table>
<script>var a = "<table>";</script></body></html>"""


def test_the_cells_of_a_table_are_its_words_merged_ones_carried_down() -> None:
    [sheet] = read_book(PAGE.encode()).sheets
    assert [row.cells for row in sheet.rows] == [
        ("Semaine", "Titre"),
        ("1", "Ouvrir & accueillir"),
        ("1", "Diagnostiquer\nle bourg"),
        ("2", "dans"),
    ]


def test_cells_that_nobody_closed_are_cells() -> None:
    [sheet] = read_book(b"<table><tr><td>a<td>b<tr><td>c<td>d</table>").sheets
    assert [row.cells for row in sheet.rows] == [("a", "b"), ("c", "d")]
