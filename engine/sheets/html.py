"""Reads the tables of a web page, which some programs also save under the name of a workbook."""

from __future__ import annotations

from html.parser import HTMLParser

from engine.sheets.grid import Grid
from engine.sheets.values import Book, Sheet, Source

_BREAKS = {"br", "p", "li", "div"}
_SILENT = {"script", "style", "template"}


def read_html(text: str, encoding: str) -> Book:
    """The tables that hold something, in order; cells merged downward are carried down."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.finish()
    return Book(Source("html", encoding), tuple(sheet for sheet in reader.sheets if sheet.rows))


class _Reader(HTMLParser):
    """Collects tables as tags come; a table inside a cell is text of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[Sheet] = []
        self.grid: Grid | None = None
        self.depth = self.row = self.column = self.silent = 0
        self.span = (1, 1)
        self.words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins a table, a row or a cell."""
        if tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.grid, self.row = Grid("web-page"), 0
        elif self.depth == 1 and tag == "tr":
            self._close_cell()
            self.row, self.column = self.row + 1, 0
        elif self.depth == 1 and tag in ("td", "th"):
            self._close_cell()
            about = dict(attrs)
            self.span = _span(about.get("rowspan")), _span(about.get("colspan"))
            self.words = []
        elif self.words is not None and tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Ends a table, a row or a cell."""
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "table" and self.depth:
            if self.depth == 1:
                self.finish()
            self.depth -= 1
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self._close_cell()

    def handle_data(self, data: str) -> None:
        """Keeps the words of a cell."""
        if self.words is not None and not self.silent:
            self.words.append(data if "\n" not in data else " ".join(data.split("\n")))

    def finish(self) -> None:
        """Ends the table that is open, if there is one."""
        self._close_cell()
        if self.grid is not None:
            self.sheets.append(Sheet(self.grid.rows()))
            self.grid = None

    def _close_cell(self) -> None:
        if self.words is None or self.grid is None:
            return
        while (self.row, self.column) in self.taken():
            self.column += 1
        lines = (" ".join(line.split()) for line in "".join(self.words).split("\n"))
        down, across = self.span
        self.grid.put(self.row, self.column, "\n".join(line for line in lines if line))
        self.grid.merge(self.row, self.row + down - 1, self.column)
        self.column += across
        self.words = None

    def taken(self) -> set[tuple[int, int]]:
        """The places of this row that a cell above reaches into."""
        if self.grid is None:
            return set()
        return {
            (self.row, column)
            for first, last, column in self.grid.merged[-500:]
            if first < self.row <= last
        }


def _span(written: str | None) -> int:
    return min(int(written), 1_000) if written and written.isdecimal() and len(written) < 6 else 1
