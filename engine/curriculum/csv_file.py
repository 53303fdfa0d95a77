"""Reads a course from a table (CSV from any spreadsheet) into an outline.

Encoding and delimiter are detected, headings may be French or English, and lines such as
``# language: fr`` above the table describe the course as a whole.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from engine.curriculum.build import Cell, CellReader, Row, build
from engine.curriculum.names import AUDIENCE, COURSE, SECTION, guesses, hint, named, spoken
from engine.curriculum.outline import Outline
from engine.values.faults import Fault, Faults, too_large
from engine.values.folding import fold
from engine.values.yamlmarks import MAX_BYTES

DELIMITERS = (";", ",", "\t")

_COURSE = {name: words for name, words in COURSE.items() if name not in ("audience", "sections")}
_AUDIENCE = {name: words for name, words in AUDIENCE.items() if name != "language"}


def read_csv(data: bytes, name: str) -> Outline:
    """The outline in ``data`` (1 MB at most); a course without a title takes the file's name.

    Raises ``Faults`` with every fault found.
    """
    text = _decode(data, name)
    reader = CellReader(name)
    about: dict[str, Cell] = {"title": Cell(PurePath(name).stem, (1, 1))}
    above = _comments(reader, text.split("\n"), about)
    rows = _rows(reader, list(_records(reader, text, above)))
    return build(reader, _only(about, _COURSE), _only(about, _AUDIENCE), rows)


def _only(cells: Mapping[str, Cell], known: Mapping[str, object]) -> dict[str, Cell]:
    return {field: cell for field, cell in cells.items() if field in known}


def _decode(data: bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        raise Faults([too_large(name, len(data), MAX_BYTES)])
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Faults(
        [
            Fault(
                name,
                1,
                1,
                "not-text",
                "this is no text in an encoding that is known",
                "save it as CSV in UTF-8",
            )
        ]
    )


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if b"\0" in data:
        return (
            ("utf-16-le", "utf-16-be")
            if data[1::2].count(0) >= data[::2].count(0)
            else ("utf-16-be", "utf-16-le")
        )
    return ("utf-8-sig", "cp1252")


def _comments(reader: CellReader, lines: Sequence[str], about: dict[str, Cell]) -> int:
    """Reads the ``# key: value`` lines at the top into ``about`` and returns how many lines precede
    the table."""
    bare = [line.strip(' ;,\t"') for line in lines]
    above = next(
        (number for number, line in enumerate(bare) if line and not line.startswith("#")),
        len(lines),
    )
    parts = [
        (number, *line.lstrip("#").partition(":")) for number, line in enumerate(bare[:above], 1)
    ]
    said = [
        (number, name.strip(), value.strip())
        for number, name, _, value in parts
        if name.strip() and value.strip()
    ]
    language = spoken(name for _, name, _ in said)
    for number, name, value in said:
        field = named(name, _COURSE | _AUDIENCE)
        if field:
            about[field] = Cell(value.replace('""', '"'), (number, 1))
        elif guesses(name, _COURSE | _AUDIENCE, language):
            reader.refuse(
                (number, 1),
                "field-unknown",
                f"“{name}” is not known of a course",
                hint(name, _COURSE | _AUDIENCE, language),
            )
    return above


def _records(reader: CellReader, text: str, above: int) -> Iterator[list[Cell]]:
    """The rows of the table (RFC 4180), each cell with its line and column; blank rows are
    skipped."""
    at = sum(len(line) + 1 for line in text.split("\n")[:above])
    delimiter = max(DELIMITERS, key=text[at:].partition("\n")[0].count)
    cell = re.compile(
        rf'(?: *"([^"]*(?:""[^"]*)*)" *|([^{delimiter}\n"][^{delimiter}\n]*)?)({delimiter}|\n|\Z)'
    )
    line, margin = above + 1, at
    row: list[Cell] = []
    while at < len(text):
        mark = (line, at - margin + 1)
        found = cell.match(text, at)
        if found is None:
            reader.refuse(
                mark,
                "quotation-open",
                "this cell opens a quotation mark and does not close it well",
                "double each quotation mark inside the cell, and close the cell with one",
            )
            return
        row.append(
            Cell(
                (found[1].replace('""', '"') if found[1] is not None else found[2] or "").strip(),
                mark,
            )
        )
        at = found.end()
        if breaks := found[0].count("\n"):
            line, margin = line + breaks, text.rfind("\n", 0, at) + 1
        if found[3] != delimiter or at == len(text):
            if any(said.value for said in row):
                yield row
            row = []


def _rows(reader: CellReader, records: Sequence[Sequence[Cell]]) -> list[Row]:
    """Each row below the headings, by field name; empty cells are left out."""
    if not records:
        return []
    fields = _headings(reader, records[0])
    rows: list[Row] = []
    for record in records[1:]:
        beyond = [cell for cell in record[len(fields) :] if cell.value]
        if beyond:
            reader.refuse(
                beyond[0].mark,
                "too-many",
                f"this row has more cells than the {len(fields)} headings",
                "put cells that hold the delimiter between quotation marks",
            )
        cells = {
            field: cell for field, cell in zip(fields, record, strict=False) if field and cell.value
        }
        rows.append(Row(record[0].mark, cells))
    return rows


def _headings(reader: CellReader, cells: Sequence[Cell]) -> list[str | None]:
    """The field of each column; None for a column without a heading, which is ignored."""
    fields: list[str | None] = []
    language = spoken(cell.value for cell in cells)
    for cell in cells:
        field = named(cell.value, SECTION)
        if field is None and cell.value:
            reader.refuse(
                cell.mark,
                "field-unknown",
                f"“{cell.value}” is no heading that is known",
                hint(cell.value, SECTION, language),
            )
        elif field is not None and field in fields:
            reader.refuse(
                cell.mark,
                "said-twice",
                f"the heading “{cell.value}” says again what another one says",
                "keep one of the two",
            )
        fields.append(field)
    if "title" not in fields:  # alone, « Section » heads the titles; beside a title column, the ids
        fields = [
            "title" if fold(cell.value) == "section" else field
            for cell, field in zip(cells, fields, strict=True)
        ]
    if "title" not in fields:
        reader.refuse(
            cells[0].mark,
            "title-missing",
            "no column holds the titles of the sections",
            "head one with “title” or “titre”",
        )
    return fields
