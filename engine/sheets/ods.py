"""Reads spreadsheets of LibreOffice (OpenDocument 1.3, ODS) by streaming: hidden sheets are left
out, cells merged downward are carried down, comments are no text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.sheets.grid import MAX_CELLS, MAX_COLUMNS, Grid
from engine.sheets.markup import Parts, walk
from engine.sheets.numbers import day_or_moment, plain
from engine.sheets.reasons import FileDamaged, SheetsHidden, Unreadable
from engine.sheets.values import Book, Sheet, Source, Value

KIND = "spreadsheet"
_DURATION = re.compile(r"(-?)P(?:(\d{1,6})D)?T?(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:([\d.]{1,12})S)?")


def read_ods(parts: Parts) -> Book:
    """The sheets that somebody sees and that hold something. Raises ``Unreadable``."""
    data = parts.read("content.xml")
    if not data:
        raise Unreadable(FileDamaged(KIND))
    reader = _Reader()
    walk(data, KIND, reader.begin, reader.end, reader.text)
    notes = (SheetsHidden(tuple(reader.left_out)),) if reader.left_out else ()
    return Book(Source("ods"), tuple(sheet for sheet in reader.sheets if sheet.rows), notes=notes)


@dataclass
class _Reader:
    """Collects the tables of a document as its elements come."""

    sheets: list[Sheet] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    unseen: set[str] = field(default_factory=set)
    style: str = ""
    grid: Grid | None = None
    name: str = ""
    seen: bool = True
    row: int = 0
    times: int = 1
    column: int = 0
    cell: Mapping[str, str] | None = None
    lines: list[str] = field(default_factory=list)
    comment: int = 0
    inside: int = 0
    nested: int = 0

    def begin(self, name: str, said: Mapping[str, str]) -> None:
        if name == "table" and self.grid is not None:
            self.nested += 1
        if self.nested:  # a table in a cell is no row of this one
            return
        if name == "style":
            self.style = said.get("name", "")
        elif name == "table-properties" and said.get("display") == "false":
            self.unseen.add(self.style)
        elif name == "table":
            self.grid, self.name, self.row = Grid(KIND), said.get("name", ""), 0
            self.seen = said.get("style-name") not in self.unseen
        elif name == "table-row":
            self.row, self.column = self.row + 1, 0
            self.times = _count(said.get("number-rows-repeated"))
        elif name in ("table-cell", "covered-table-cell"):
            self.cell, self.lines = said, []
        elif name == "annotation":
            self.comment += 1
        elif self.cell is not None and not self.comment:
            self._write(name, said)

    def _write(self, name: str, said: Mapping[str, str]) -> None:
        if name in ("p", "h"):
            self.inside += 1
            self.lines.append("")
        elif self.inside and self.lines:
            spaces = " " * min(_count(said.get("c")), 50)
            self.lines[-1] += {"s": spaces, "tab": "\t", "line-break": "\n"}.get(name, "")

    def end(self, name: str) -> None:
        if self.nested:
            self.nested -= name == "table"
        elif name == "annotation":
            self.comment -= 1
        elif name in ("p", "h") and self.inside and not self.comment:
            self.inside -= 1
        elif name in ("table-cell", "covered-table-cell") and self.cell is not None:
            self._keep(self.cell, name == "table-cell")
            self.cell = None
        elif name == "table-row":
            self.row += self.times - 1
        elif name == "table" and self.grid is not None:
            if self.seen:
                self.sheets.append(Sheet(self.grid.rows(), self.name))
            else:
                self.left_out.append(self.name)
            self.grid = None

    def text(self, said: str) -> None:
        if self.inside and not self.comment and not self.nested and self.lines:
            self.lines[-1] += said

    def _keep(self, said: Mapping[str, str], is_own: bool) -> None:
        """Puts the cell into the grid, as often as it is repeated."""
        across = _count(said.get("number-columns-repeated"))
        value = _value(said, "\n".join(self.lines)) if is_own else ""
        if value != "" and self.grid is not None:
            for row in range(self.row, self.row + min(self.times, MAX_CELLS)):
                for column in range(self.column, min(self.column + across, MAX_COLUMNS)):
                    self.grid.put(row, column, value)
            spans = _count(said.get("number-rows-spanned"))
            self.grid.merge(self.row, self.row + spans - 1, self.column)
        self.column += across


def _count(written: str | None) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 9 else 1


def _value(said: Mapping[str, str], shown: str) -> Value:
    """A cell's value, by its type; a number whose display says a unit, as it is displayed."""
    kind = said.get("value-type", "string")
    if kind == "date":
        try:
            at = datetime.fromisoformat(said.get("date-value", ""))
            return day_or_moment(at.replace(tzinfo=None))
        except ValueError:
            return shown
    if kind == "time":
        return _duration(said.get("time-value", "")) or shown
    if kind in ("float", "percentage", "currency"):
        written = said.get("value", "")
        try:
            number = plain(written, float(written))
        except ValueError:
            return shown
        return shown if any(c.isalpha() or c == "%" for c in shown) else number
    return shown or said.get("string-value", "")


def _duration(written: str) -> timedelta | None:
    found = _DURATION.fullmatch(written)
    if not found:
        return None
    sign, days, hours, minutes, seconds = found.groups()
    try:
        length = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=float(seconds or 0),
        )
    except ValueError:
        return None
    return -length if sign else length
