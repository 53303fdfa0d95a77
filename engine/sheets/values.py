"""The values of a table that was read: cells, rows with their line, sheets, and how they were
read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from engine.values.reasons import Reason

Value = str | date | datetime | time | timedelta
"""A cell: text (numbers too, ``3`` without ``.0``), or what a workbook keeps as a day, an hour or a
duration. Text is stripped, its lines end in ``\\n``; an empty cell is ``""``."""
Format = Literal["csv", "xlsx", "ods", "html", "markdown", "package", "text", "yaml"]


@dataclass(frozen=True)
class Row:
    """A row that holds something. ``line`` counts from 1: its first line in a text, its number in a
    workbook."""

    line: int
    cells: tuple[Value, ...]

    def cell(self, column: int) -> Value:
        """The cell in that column (from 0); empty beyond the last."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True)
class Sheet:
    """One table. ``above`` holds the lines of a text such as ``# language: fr`` before the
    table."""

    rows: tuple[Row, ...]
    name: str = ""
    above: tuple[tuple[int, str], ...] = ()


SAMPLES = 3


@dataclass(frozen=True)
class Column:
    """A column and what it was read as; ``number`` counts from 0, ``samples`` are the first few
    cells. ``field`` is empty where it was left out."""

    number: int
    heading: str
    field: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """How a file was read; ``encoding`` and ``delimiter`` are of text alone, empty else."""

    format: Format
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True)
class Book:
    """The sheets of a file that hold something, in order; hidden ones are left out. ``text`` is
    what a text file says as a whole, empty for a workbook."""

    source: Source
    sheets: tuple[Sheet, ...]
    text: str = ""
    notes: tuple[Reason, ...] = ()


def said(value: Value) -> str:
    """A cell in words: days as ISO writes them, hours and durations as ``1:30``."""
    if isinstance(value, str):
        return value
    if isinstance(value, timedelta):
        return clock(round(value.total_seconds() / 60))
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat()


def clock(minutes: int) -> str:
    """Minutes as hours and minutes: 90 is ``1:30``."""
    sign = "-" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02}"
