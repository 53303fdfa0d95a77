"""Reads the tables of a web page, which some programs also save under the name of a workbook.

The parser of the standard library takes minutes over a page of comments that nobody closed; for
tables it is enough to know where tags begin and end.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from engine.sheets.grid import Grid
from engine.sheets.values import Book, Sheet, Source

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})\b([^<>]{0,2000})>")
_SPAN = re.compile(r"\b(row|col)span\s{0,9}=\s{0,9}[\"']?(\d{1,5})", re.IGNORECASE)
_BREAKS = {"br", "p", "li", "div"}
_SILENT = {"script", "style", "template"}


def read_html(text: str, encoding: str) -> Book:
    """The tables that hold something, in order; cells merged downward are carried down."""
    reader = _Reader()
    shown = _without_comments(text)
    at, silent = 0, ""
    for found in _TAG.finditer(shown):
        closing, name = bool(found[1]), found[2].lower()
        if not silent:
            reader.words(shown[at : found.start()])
            reader.tag(name, closing, found[3])
            silent = name if name in _SILENT and not closing else ""
        elif closing and name == silent:
            silent = ""
        at = found.end()
    reader.finish()
    return Book(Source("html", encoding), tuple(sheet for sheet in reader.sheets if sheet.rows))


def _without_comments(text: str) -> str:
    """The page up to a comment that is never closed."""
    kept, at = [], 0
    while (begin := text.find("<!--", at)) >= 0:
        kept.append(text[at:begin])
        end = text.find("-->", begin)
        at = end + 3 if end >= 0 else len(text)
    return "".join([*kept, text[at:]])


def _spans(about: str) -> tuple[int, int]:
    """How many rows and columns a cell takes."""
    said = {kind.lower(): int(number) for kind, number in _SPAN.findall(about)}
    return max(1, min(said.get("row", 1), 1_000)), max(1, min(said.get("col", 1), 100))


@dataclass
class _Reader:
    """Collects tables as tags come; a table inside a cell is text of that cell."""

    sheets: list[Sheet] = field(default_factory=list)
    grid: Grid | None = None
    depth: int = 0
    row: int = 0
    column: int = 0
    span: tuple[int, int] = (1, 1)
    cell: list[str] | None = None
    taken: dict[int, int] = field(default_factory=dict)

    def tag(self, name: str, closing: bool, about: str) -> None:
        """Begins or ends a table, a row or a cell."""
        if name == "table":
            self._table(closing)
        elif self.depth == 1 and name in ("tr", "td", "th"):
            self._close_cell()
            if not closing and name == "tr":
                self.row, self.column = self.row + 1, 0
            elif not closing:
                self.span = _spans(about) if about else (1, 1)
                self.cell = []
        elif self.cell is not None and name in _BREAKS:
            self.cell.append("\n")

    def words(self, text: str) -> None:
        """Keeps the words of a cell; lines of the source are none of its."""
        if self.cell is not None and text:
            self.cell.append(html.unescape(text).replace("\n", " "))

    def finish(self) -> None:
        """Ends the table that is open, if there is one."""
        self._close_cell()
        if self.grid is not None:
            self.sheets.append(Sheet(self.grid.rows()))
            self.grid = None

    def _table(self, closing: bool) -> None:
        if not closing:
            self.depth += 1
            if self.depth == 1:
                self.grid, self.row, self.taken = Grid("web-page"), 0, {}
        elif self.depth:
            if self.depth == 1:
                self.finish()
            self.depth -= 1

    def _close_cell(self) -> None:
        if self.cell is None or self.grid is None:
            return
        while self.taken.get(self.column, 0) >= self.row > 0:  # a cell above reaches down to here
            self.column += 1
        lines = (" ".join(line.split()) for line in "".join(self.cell).split("\n"))
        down, across = self.span
        self.grid.put(self.row, self.column, "\n".join(filter(None, lines)))
        if down > 1:
            self.grid.merge(self.row, self.row + down - 1, self.column)
            for column in range(self.column, self.column + across):
                self.taken[column] = self.row + down - 1
        self.column += across
        self.cell = None
