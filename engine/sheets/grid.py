"""A grid that is filled cell by cell and then read as rows, however far apart its cells are."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.sheets.reasons import FileTooLarge, Unreadable
from engine.sheets.values import Row, Value
from engine.values.lines import lines_of

MAX_CELLS = 250_000
MAX_COLUMNS = 400
"""What stands further to the right is no table that somebody reads."""
_SPACES = " \t\r\n\u00a0\u202f\ufeff"


@dataclass
class Grid:
    """Cells by row (from 1) and column (from 0), and the areas that are merged downward."""

    kind: str
    cells: dict[int, dict[int, Value]] = field(default_factory=dict)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    count: int = 0

    def put(self, row: int, column: int, value: Value) -> None:
        """Keeps a cell that holds something. Raises ``Unreadable`` for more than ``MAX_CELLS``."""
        if isinstance(value, str):
            value = lines_of(value).strip(_SPACES)
        if value == "" or not 0 <= column < MAX_COLUMNS:
            return
        self.count += 1
        if self.count > MAX_CELLS:
            raise Unreadable(FileTooLarge(1))
        self.cells.setdefault(row, {})[column] = value

    def merge(self, first: int, last: int, column: int) -> None:
        """Merges the cells of a column from one row to another."""
        if first < last and len(self.merged) < MAX_CELLS:
            self.merged.append((first, last, column))

    def rows(self) -> tuple[Row, ...]:
        """The rows that hold something, merged cells carried down into those that do."""
        there = sorted(self.cells)
        for first, last, column in self.merged:
            value = self.cells.get(first, {}).get(column)
            if value is not None and last - first < 2_000:
                for row in range(first + 1, last + 1):
                    if row in self.cells:
                        self.cells[row].setdefault(column, value)
        return tuple(
            Row(row, tuple(cells.get(column, "") for column in range(max(cells) + 1)))
            for row in there
            if (cells := self.cells[row])
        )
