"""Rows from text between delimiters: RFC 4180 as spreadsheets write it, and as people mend it by
hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from engine.sheets.grid import MAX_COLUMNS
from engine.sheets.reasons import QuotationOpen, TooManyRows, Unreadable
from engine.sheets.values import Row
from engine.values.reasons import Reason

DELIMITERS = (";", ",", "\t", "|", " ")
MAX_ROWS = 100_000
SAMPLE = 50_000
"""Characters that tell the delimiter."""
MOST_ABOVE = 1_000
"""So many lines describe a table at most."""
_SEP = re.compile(r'"?sep=(.)"?[;,\t|]*', re.IGNORECASE)
_QUOTED = re.compile(r'\s*"[^"\n]*" "')
"""A space stands between cells only where all of them are quoted, as R writes them."""
_SPACES = " \t\u00a0\u202f\ufeff"
_RULE = re.compile(r":?-{2,}:?")
_NOTE = re.compile(r'[\s";,|]*+#++[^;,\t|#:]++(:.*|[\s";,|]*)')


@dataclass(frozen=True)
class Table:
    """The rows of a text, the delimiter, the ``# name: value`` lines before them, and what was
    noticed. A delimiter that is empty: each line is one cell."""

    rows: tuple[Row, ...]
    delimiter: str
    above: tuple[tuple[int, str], ...]
    notes: tuple[Reason, ...]


def read_delimited(text: str, chosen: str = "") -> Table:
    """The table in ``text`` (``\\n`` line ends); ``chosen`` is a delimiter that somebody chose.
    Raises ``Unreadable`` for more than ``MAX_ROWS``."""
    said, skipped, above = _preamble(text)
    body = "\n" * skipped + "\n".join(text.split("\n")[skipped:])
    delimiter = next((one for one in (chosen, said) if one), "") or delimiter_of(body)
    notes: list[Reason] = []
    there = (row for row in _records(body, delimiter, notes) if any(row.cells))
    rows = list(islice(there, MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        raise Unreadable(TooManyRows(MAX_ROWS))
    return Table(
        tuple(_unframed(rows) if delimiter == "|" else rows), delimiter, above, tuple(notes)
    )


def delimiter_of(text: str) -> str:
    """The delimiter that cuts most lines, and into the same number of cells; empty if none does."""
    sample = text[: text.find("\n", SAMPLE)] if len(text) > SAMPLE else text
    signs = [one for one in DELIMITERS if one in sample and (one != " " or _QUOTED.match(sample))]
    scores = {one: _evenness(sample, one) for one in signs}
    best = max(scores, key=lambda one: (scores[one], one == "\t"), default="")
    return best if best and scores[best] >= 0.5 else ""


def _evenness(sample: str, delimiter: str) -> float:
    """0–1: the share of records that are cut, more when into equally many cells."""
    widths = [len(row.cells) for row in _records(sample, delimiter, []) if any(row.cells)]
    if not widths or max(widths) < 2:
        return 0.0
    cut = Counter(width for width in widths if width > 1)
    usual = max(cut.values())
    return sum(cut.values()) / len(widths) * (0.6 + 0.4 * usual / len(widths))


def _preamble(text: str) -> tuple[str, int, tuple[tuple[int, str], ...]]:
    """The delimiter that a line ``sep=;`` says, how many lines precede the table, and those that
    describe it."""
    said = ""
    above: list[tuple[int, str]] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        bare = line.strip(_SPACES + ';,|"')
        whole = line.strip(_SPACES.replace("\t", ""))  # the tab of « sep=⇥ » is what it says
        found = _SEP.fullmatch(whole) if number < 3 else None
        if found:
            said = found[1]
        elif bare and len(above) < MOST_ABOVE and _NOTE.fullmatch(line):
            above.append((number + 1, bare.lstrip("#").strip(_SPACES).replace('""', '"')))
        elif bare:
            return said, number, tuple(above)
    return said, len(lines) if above else 0, tuple(above)


def _records(text: str, delimiter: str, notes: list[Reason]) -> Iterator[Row]:
    if '"' not in text or not delimiter:
        for number, line in enumerate(text.split("\n"), 1):
            yield _row(number, line.split(delimiter) if delimiter else [line])
        return
    number = begun = 1
    cells: list[str] = []
    for cell, end in _cells(text, delimiter, notes):
        cells.append(cell)
        number += cell.count("\n")
        if end != delimiter:
            yield _row(begun, cells)
            number, cells = number + 1, []
            begun = number


def _cells(text: str, delimiter: str, notes: list[Reason]) -> Iterator[tuple[str, str]]:
    """Each cell, and what ends it: the delimiter, a line end, or nothing."""
    mark = re.escape(delimiter)
    quoted = re.compile(rf'[ \u00a0]*"((?:[^"]|"")*+)"[ \u00a0]*({mark}|\n|\Z)')
    plain = re.compile(rf"([^{mark}\n]*)({mark}|\n|\Z)")
    opening = re.compile(r'[ \u00a0]*"')
    at, last = 0, text.rfind('"')
    while True:
        found = quoted.match(text, at)
        if found:
            yield found[1].replace('""', '"'), found[2]
        else:
            begins = opening.match(text, at)
            if begins and begins.end() - 1 == last:
                notes.append(QuotationOpen(text.count("\n", 0, at) + 1))
            found = plain.match(text, at)
            if found is None:  # it matches anything
                return
            yield found[1], found[2]
        if not found[2]:
            return
        at = found.end()


def _row(line: int, cells: Sequence[str]) -> Row:
    return Row(line, tuple(cell.strip(_SPACES + "\n") for cell in cells[:MAX_COLUMNS]))


def _unframed(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows of a Markdown table without the bars at both ends, and without the rule below its
    headings; those of any other as they are."""
    framed = all(len(row.cells) > 1 and not row.cells[0] for row in rows)
    for row in rows:
        if not all(_RULE.fullmatch(str(cell)) for cell in row.cells if cell):
            last = -1 if not row.cells[-1] else None
            yield Row(row.line, row.cells[1:last]) if framed else row
