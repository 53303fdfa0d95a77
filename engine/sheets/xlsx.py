"""Reads workbooks of Excel (ECMA-376, XLSX) by streaming: hidden sheets are left out, cells merged
downward are carried down.

A library of native code was tried: a file of 5 kB with one cell at XFD1048576 made it allocate the
whole grid, and ended the process.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.sheets.grid import Grid
from engine.sheets.markup import Parts, elements, walk
from engine.sheets.numbers import day_or_moment, format_of, meaning
from engine.sheets.reasons import FileDamaged, SheetsHidden, Unreadable
from engine.sheets.values import Book, Sheet, Source, Value

KIND = "workbook"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def read_xlsx(parts: Parts) -> Book:
    """The sheets that somebody sees and that hold something. Raises ``Unreadable``."""
    root = _related(parts, "", "officeDocument").get("officeDocument", "xl/workbook.xml")
    about = elements(parts.read(root), KIND)
    if not about:
        raise Unreadable(FileDamaged(KIND))
    links = {one["Id"]: one["Target"] for one in _relations(parts, root)}
    names = _related(parts, root, "sharedStrings", "styles")
    since_1904 = any(
        said.get("date1904") in ("1", "true") for name, said in about if name == "workbookPr"
    )
    look = _Look(
        _strings(parts.read(names.get("sharedStrings", ""))),
        _formats(parts.read(names.get("styles", ""))),
        since_1904,
    )
    sheets, hidden = [], []
    for name, said in about:
        if name == "sheet" and said.get("id") in links:
            if said.get("state", "visible") != "visible":
                hidden.append(said.get("name", ""))
                continue
            data = parts.read(links[said["id"]])
            sheets.append(_sheet(data, said.get("name", ""), look))
    notes = (SheetsHidden(tuple(hidden)),) if hidden else ()
    return Book(Source("xlsx"), tuple(sheet for sheet in sheets if sheet.rows), notes=notes)


@dataclass(frozen=True)
class _Look:
    """What cells refer to: shared strings, and number formats by style."""

    strings: Sequence[str]
    formats: Sequence[str]
    since_1904: bool


def _relations(parts: Parts, owner: str) -> Iterator[Mapping[str, str]]:
    """The relations of a part, each with its target from the root of the package."""
    folder, name = posixpath.split(owner)
    for element, said in elements(
        parts.read(posixpath.join(folder, "_rels", f"{name}.rels")), KIND
    ):
        if element == "Relationship" and "Target" in said:
            target = posixpath.normpath(posixpath.join("/", folder, said["Target"]))
            yield {"Id": "", "Type": "", **said, "Target": target.lstrip("/")}


def _related(parts: Parts, owner: str, *kinds: str) -> dict[str, str]:
    return {
        kind: one["Target"]
        for one in _relations(parts, owner)
        for kind in kinds
        if one["Type"].endswith(f"/{kind}")
    }


def _strings(data: bytes) -> list[str]:
    """The shared strings; how kana are read (``rPh``) is no part of them."""
    found: list[str] = []
    pieces: list[str] = []
    state = {"text": False, "phonetic": False}

    def begin(name: str, _said: Mapping[str, str]) -> None:
        if name == "si":
            pieces.clear()
        state["phonetic"] = state["phonetic"] or name == "rPh"
        state["text"] = name == "t" and not state["phonetic"]

    def end(name: str) -> None:
        state["text"] = False
        if name == "rPh":
            state["phonetic"] = False
        if name == "si":
            found.append(_unescaped("".join(pieces)))

    if data:
        walk(data, KIND, begin, end, lambda said: pieces.append(said) if state["text"] else None)
    return found


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _formats(data: bytes) -> list[str]:
    """The format code of each style of cells (``cellXfs``)."""
    custom: dict[str, str] = {}
    found: list[str] = []
    inside = False
    for name, said in elements(data, KIND):
        if name == "numFmt":
            custom[said.get("numFmtId", "")] = said.get("formatCode", "")
        elif name in ("cellXfs", "cellStyleXfs", "cellStyles"):
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            number = said.get("numFmtId", "0")
            found.append(
                format_of(int(number) if number.isdecimal() else 0, custom.get(number, ""))
            )
    return found


@dataclass
class _Reader:
    """Collects the cells of one sheet as its elements come."""

    look: _Look
    grid: Grid = field(default_factory=lambda: Grid(KIND))
    row: int = 0
    column: int = -1
    kind: str = ""
    style: str = ""
    inside: bool = False
    phonetic: bool = False
    pieces: list[str] = field(default_factory=list)

    def begin(self, name: str, said: Mapping[str, str]) -> None:
        if name == "row":
            number = said.get("r", "")
            self.row = int(number) if number.isdecimal() else self.row + 1
            self.column = -1
        elif name == "c":
            found = _REFERENCE.fullmatch(said.get("r", ""))
            self.column = _column(found[1]) if found else self.column + 1
            self.kind, self.style = said.get("t", "n"), said.get("s", "0")
            self.pieces.clear()
        elif name == "mergeCell":
            self.grid.merge(*_range(said.get("ref", "")))
        self.phonetic = self.phonetic or name == "rPh"
        self.inside = name in ("v", "t") and not self.phonetic

    def end(self, name: str) -> None:
        self.inside = False
        if name == "rPh":
            self.phonetic = False
        if name == "c" and self.pieces:
            self.grid.put(self.row, self.column, self.value("".join(self.pieces)))

    def text(self, said: str) -> None:
        if self.inside:
            self.pieces.append(said)

    def value(self, written: str) -> Value:
        """The cell's value, by its type."""
        if self.kind == "s":
            number = int(written) if written.strip().isdecimal() else -1
            return self.look.strings[number] if 0 <= number < len(self.look.strings) else ""
        if self.kind == "n":
            style = int(self.style) if self.style.isdecimal() else 0
            code = self.look.formats[style] if style < len(self.look.formats) else ""
            return meaning(written.strip(), code, self.look.since_1904)
        if self.kind == "d":
            try:
                return day_or_moment(datetime.fromisoformat(written).replace(tzinfo=None))
            except ValueError:
                return written
        if self.kind == "b":
            return "TRUE" if written.strip() == "1" else "FALSE"
        return "" if self.kind == "e" else _unescaped(written)


def _sheet(data: bytes, name: str, look: _Look) -> Sheet:
    reader = _Reader(look)
    if data:
        walk(data, KIND, reader.begin, reader.end, reader.text)
    return Sheet(reader.grid.rows(), name)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _range(reference: str) -> tuple[int, int, int]:
    """First row, last row and first column of a merged area; three zeros for none."""
    corners = [_REFERENCE.fullmatch(corner) for corner in reference.split(":")]
    if len(corners) != 2 or not corners[0] or not corners[1]:
        return 0, 0, 0
    return int(corners[0][2]), int(corners[1][2]), _column(corners[0][1])
