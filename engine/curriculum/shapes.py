"""Tables in other shapes, made into one of a row a section: days whose parts stand in columns of
their own, and timetables, whose days or weeks stand side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.curriculum.cells import is_wordy, share, words_of
from engine.curriculum.columns import Table
from engine.curriculum.days import MONTHS, WEEKDAYS, parse
from engine.curriculum.headings import Meaning, meanings
from engine.curriculum.vocabulary import Field
from engine.sheets.values import Row, said
from engine.values.folding import fold

_PARTS = (
    frozenset(("day", "jour", "j")),
    frozenset(("month", "mois")),
    frozenset(("year", "annee", "an")),
)
_SIDE = re.compile(
    rf"((?:jour|journee|day|semaine|week|seance|session) ?\d{{1,2}}|{'|'.join(WEEKDAYS)})\b"
)
"""What stands over a column of a timetable."""
TURNED = ("Titre", "Date", "Contenu")
"""The headings of a timetable that was turned, and what stands below them."""
TURNED_FIELDS: Mapping[int, Field] = {0: "title", 1: "starts", 2: "text"}


def with_whole_days(table: Table) -> Table:
    """The table with day, month and year in one column, the first of them; months and years are
    carried down. Any other table as it is."""
    heads = [fold(one) for one in table.headings]
    day, month, year = (
        next((n for n, head in enumerate(heads) if head in some), None) for some in _PARTS
    )
    if day is None or month is None:
        return table
    rows, known = list[Row](), ["", ""]
    for row in table.rows:
        parts = [words_of(row.cell(month)), words_of(row.cell(year)) if year is not None else ""]
        known = [part or before for part, before in zip(parts, known, strict=True)]
        cells = [*row.cells, *[""] * (len(heads) - len(row.cells))]
        whole = _day(words_of(row.cell(day)), *known)
        for n in (month, year):
            if n is not None:
                cells[n] = ""
        cells[day] = whole
        rows.append(Row(row.line, tuple(cells)))
    there = [words_of(row.cell(day)) for row in rows if words_of(row.cell(day))]
    if not there or share(sum(bool(parse(one)) for one in there), len(there)) < 0.8:
        return table
    gone = {n for n in (month, year) if n is not None}
    named = " ".join(table.headings[n] for n in sorted({day} | gone))
    headings = ("" if n in gone else one for n, one in enumerate(table.headings))
    return replace(
        table,
        headings=tuple(named if n == day else one for n, one in enumerate(headings)),
        rows=tuple(rows),
    )


def _day(day: str, month: str, year: str) -> str:
    """A day in words, so that nobody takes its month for it."""
    if month.isdecimal() and 1 <= int(month) <= 12:
        month = MONTHS[int(month) - 1][0]
    return f"{day} {month} {year}".strip() if day.isdecimal() else day


def turned(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows of a timetable, one for each of its days or weeks, under ``TURNED``; none for any
    other table."""
    head = next((row for row in rows[:5] if len(_sides(row)) > 1), None)
    if head is None or any(one.rank < 2 for one in _titles(head)):
        return ()
    below = rows[rows.index(head) + 1 :]
    sides = {n: title for n, title in _sides(head).items() if _is_told(below, n)}
    if len(sides) < 2 or not below:
        return ()
    first = min(sides)
    made = (
        Row(head.line, (title, title if parse(title) else "", "\n".join(_told(below, n, first))))
        for n, title in sides.items()
    )
    return Row(head.line, TURNED), *made


def _sides(row: Row) -> dict[int, str]:
    """The columns that stand side by side, each with its heading; one of each day or week."""
    found = dict[str, tuple[int, str]]()
    for n, cell in enumerate(row.cells):
        title = " ".join(said(cell).split())
        if len(title) <= 80 and (side := _SIDE.match(fold(title))):
            found.setdefault(side[1].replace(" ", ""), (n, title))
    return dict(found.values())


def _titles(row: Row) -> Iterator[Meaning]:
    return (one for cell in row.cells for one in meanings(said(cell)) if one.field == "title")


def _is_told(rows: Sequence[Row], n: int) -> bool:
    cells = [row.cell(n) for row in rows if words_of(row.cell(n))]
    return share(sum(map(is_wordy, cells)), len(cells)) >= 0.5


def _told(rows: Sequence[Row], n: int, first: int) -> Iterator[str]:
    """What a day holds, each line after what heads it: the hour, as a rule."""
    for row in rows:
        if words := words_of(row.cell(n)):
            before = " ".join(filter(None, (words_of(row.cell(m)) for m in range(first))))
            yield f"{before} {words}".strip()
