"""Builds an outline from cells (a value and its position): the only module that knows what a course
file may contain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from engine.curriculum.limits import MAX_SECTIONS, MAX_TITLE
from engine.curriculum.names import MODES, free_id, named, slug
from engine.curriculum.outline import Audience, Mode, Outline, Section
from engine.values.faults import Fault, Faults, Value
from engine.values.languages import LANGUAGES, Lang
from engine.values.lines import one_line
from engine.values.yamlmarks import Mark


@dataclass(frozen=True)
class Cell:
    """A value in a file and where it is: text (numbers too, as written), or a YAML list, mapping or
    boolean."""

    value: Any
    mark: Mark


Cells = Mapping[str, Cell]
"""Field name → its cell. A field that is missing or empty counts as not given."""


@dataclass(frozen=True)
class Row:
    """The cells of one section and where it begins, so that a section without any cell still has a
    position."""

    mark: Mark
    cells: Cells


@dataclass
class CellReader:
    """Reads cells into values and collects the faults it finds."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    day_first: bool = True

    def refuse(self, mark: Mark, case: str, **values: Value) -> None:
        """Records a fault."""
        self.faults.append(Fault(self.file, *mark, case, values))

    def text(self, cells: Cells, name: str) -> str:
        """The field as text, stripped; empty when not given."""
        cell = cells.get(name)
        if cell is None or cell.value is None:
            return ""
        if isinstance(cell.value, (dict, list, bool)):
            self.refuse(cell.mark, "wrong-type.field", field=name)
            return ""
        said = str(cell.value).strip()
        if "\0" in said:  # PostgreSQL cannot store it in text
            self.refuse(cell.mark, "character-refused.field", field=name)
        return said

    def title(self, cells: Cells) -> str:
        """The title on one line, at most ``MAX_TITLE`` characters; empty when not given."""
        said = one_line(self.text(cells, "title"))
        if len(said) > MAX_TITLE:
            self.refuse(cells["title"].mark, "too-long", length=len(said), most=MAX_TITLE)
        return said

    def number(self, cells: Cells, name: str, low: int, high: int) -> int | None:
        """A whole number from ``low`` to ``high``; None when not given. “90 min” is 90."""
        said = self.text(cells, name)
        if not said:
            return None
        written = re.fullmatch(r"(\d{1,6})(\s*(min|minutes?)\.?)?", said, re.IGNORECASE)
        if written and low <= int(written[1]) <= high:
            return int(written[1])
        self.refuse(
            cells[name].mark, "out-of-range.field", said=said, low=low, high=high, field=name
        )
        return None

    def day(self, cells: Cells, name: str) -> date | None:
        """A date: ``2027-01-12``, or ``12/01/2027`` in a French course; None when not given."""
        said = self.text(cells, name)
        if not said:
            return None
        iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", said)
        french = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", said)
        parts = (
            iso.groups() if iso else french.groups()[::-1] if french and self.day_first else None
        )
        try:
            if parts:
                return date(int(parts[0]), int(parts[1]), int(parts[2]))
        except ValueError:
            pass
        self.refuse(cells[name].mark, "not-a-day", said=said)
        return None

    def tags(self, cells: Cells, name: str) -> tuple[str, ...]:
        """The tags of a list, or of text separated by commas, semicolons or bars; in order, without
        duplicates."""
        cell = cells.get(name)
        if (
            cell is not None
            and isinstance(cell.value, list)
            and all(isinstance(word, str) for word in cell.value)
        ):
            words = cell.value
        else:
            words = re.split(r"[,;|]", self.text(cells, name))
        return tuple(dict.fromkeys(tag for word in words if (tag := one_line(word))))

    def one_of(self, cells: Cells, name: str, choices: Sequence[str], said: str = "") -> str | None:
        """The field if it is one of ``choices``; None when it is not given or was refused."""
        said = said or self.text(cells, name)
        if not said or said in choices:
            return said or None
        self.refuse(
            cells[name].mark, "value-unknown.field", said=said, field=name, choices=tuple(choices)
        )
        return None


def build(reader: CellReader, course: Cells, audience: Cells, sections: Sequence[Row]) -> Outline:
    """The outline that these cells describe. Raises ``Faults`` with every fault found."""
    language = _language(reader, course, "language")
    reader.day_first = language != "en"
    title = reader.title(course)
    if not title:
        reader.refuse((1, 1), "title-missing.course")
    if language is None and "language" not in course:
        reader.refuse((1, 1), "language-missing.course", languages=LANGUAGES)
    outline = Outline(
        id=_id(reader, course) or _course_id(reader, course, title),
        title=title,
        language=language or LANGUAGES[0],
        audience=audience_of(reader, audience, language or LANGUAGES[0]),
        sections=_sections(reader, sections),
        starts_on=reader.day(course, "starts_on"),
        theme=one_line(reader.text(course, "theme")) or None,
    )
    if reader.faults:
        raise Faults(reader.faults)
    return outline


def _language(reader: CellReader, cells: Cells, name: str) -> Lang | None:
    return cast(
        "Lang | None", reader.one_of(cells, name, LANGUAGES, reader.text(cells, name).lower())
    )


def audience_of(reader: CellReader, cells: Cells, language: Lang) -> Audience:
    """The audience that these cells describe; ``language`` is the course's."""
    mode = reader.text(cells, "mode")
    return Audience(
        language=_language(reader, cells, "language") or language,
        group_size=reader.number(cells, "group_size", 1, 100_000),
        mode=cast(
            "Mode",
            reader.one_of(cells, "mode", tuple(MODES), named(mode, MODES) or mode) or "either",
        ),
        maturity=reader.number(cells, "maturity", 1, 4),
    )


def _sections(reader: CellReader, rows: Sequence[Row]) -> tuple[Section, ...]:
    if not rows:
        reader.refuse((1, 1), "sections-missing")
    if len(rows) > MAX_SECTIONS:
        reader.refuse(rows[MAX_SECTIONS].mark, "too-many.sections", most=MAX_SECTIONS)
        return ()
    found: dict[str, Section] = {}
    lines: dict[str, int] = {}
    for row in rows:
        section = _section(reader, row.cells, row.mark, found)
        if section.id in found:
            mark, first = row.cells["id"].mark, lines[section.id]
            reader.refuse(mark, "id-twice.sections", id=section.id, line=first)
        found[section.id], lines[section.id] = section, row.mark[0]
    return tuple(found.values())


def _section(reader: CellReader, row: Cells, mark: Mark, taken: Mapping[str, Section]) -> Section:
    title = reader.title(row)
    if not title:
        reader.refuse(mark, "title-missing.section")
    starts, ends = reader.day(row, "starts"), reader.day(row, "ends")
    if starts and ends and ends < starts:
        values = {"ends": f"{ends}", "starts": f"{starts}"}
        reader.refuse(row["ends"].mark, "ends-before-start", **values)
    return Section(
        id=_id(reader, row) or free_id(slug(title) or "section", taken),
        title=title,
        text=reader.text(row, "text"),
        week=reader.number(row, "week", 1, 520),
        starts=starts,
        ends=ends,
        minutes=reader.number(row, "minutes", 0, 100_000) or 0,
        tags=reader.tags(row, "tags"),
    )


def _course_id(reader: CellReader, cells: Cells, title: str) -> str:
    """An id derived from the title, which may contain nothing usable."""
    made = slug(title)
    if title and not made:
        reader.refuse(cells["title"].mark, "id-missing", title=title)
    return made


def _id(reader: CellReader, cells: Cells) -> str:
    said = reader.text(cells, "id")
    if said and (said != slug(said)):
        right = slug(said) or "section-1"
        reader.refuse(cells["id"].mark, "not-an-id.slug", said=said, right=right)
    return said
