"""Parses a pasted list of sections, one per line, and writes sections back as such a list for
editing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from textwrap import dedent

from engine.curriculum.limits import MAX_SECTIONS, MAX_TITLE
from engine.curriculum.names import free_id, slug
from engine.curriculum.outline import Outline, Section
from engine.curriculum.read import read
from engine.curriculum.reasons import (
    PastedEmpty,
    PastedFaulty,
    PastedReason,
    PastedTextLong,
    PastedTitleLong,
    PastedTitleMissing,
    PastedTooMany,
    PastedWeek,
)
from engine.curriculum.weeks import LAST, number_of_week
from engine.values.errors import Invalid
from engine.values.folding import fold
from engine.values.lines import lines_of

MAX_TEXT_CHARS = 4000
MAX_FAULTS = 20
"""At most this many faults are reported at once; a list with more is probably not a list of
sections."""
_HEADING = re.compile(r"^#", re.MULTILINE)
_BULLETS = re.compile(r"(?:;\s*|(?:[-*•–—·]|\d{1,3}[.)])\s+)*")


@dataclass(frozen=True)
class Line:
    """One section as parsed from a line. ``number`` is that line's, from 1; ``full`` is the title
    with its leading bullet. Days, minutes and tags come from a table alone."""

    number: int
    title: str
    week: int | None = None
    text: str = ""
    full: str = field(default="", compare=False)
    starts: date | None = None
    ends: date | None = None
    minutes: int = 0
    tags: tuple[str, ...] = ()


class PastedFaults(Invalid):
    """The whole list is refused. ``reasons`` holds one reason per fault, each with its ``line``; at
    most ``MAX_FAULTS``."""

    def __init__(self, reasons: Sequence[PastedReason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(PastedFaulty(len(self.reasons)), field="sections")


def read_pasted(text: str) -> tuple[Line, ...]:
    """The sections in ``text``, one per line: a title, or ``week;title;text`` (tabs work too, as
    copied from a spreadsheet). A table with headings, or the headings of a Markdown text, are read
    as ``engine.curriculum.read`` does.

    Indented lines belong to the text of the section above. Leading bullets and numbers are removed
    from titles. Raises ``PastedFaults``.
    """
    lines = _structured(text) or _lines(text)
    if faults := list(islice(_faults(lines), MAX_FAULTS)):
        raise PastedFaults(faults)
    return tuple(lines)


def _structured(text: str) -> list[Line]:
    """The sections of a table or of headings; none if the text is neither. A list of ours is told
    by the indented text of its sections, which may itself hold headings or a table."""
    written = dedent(text).split("\n")
    if any(line.startswith("  ") for line in written[1:]) and not _HEADING.search(text):
        return []
    reading = read(text.encode("utf-8", "replace"), "", most=4 * len(text) + 1)
    fields = {column.field for column in reading.columns} - {""}
    is_table = reading.heading > 0 and reading.source.delimiter and len(fields) > 1
    if reading.outline is None or not (is_table or reading.source.format == "markdown"):
        return []
    return [
        Line(
            number,
            one.title,
            one.week,
            one.text,
            one.title,
            one.starts,
            one.ends,
            one.minutes,
            one.tags,
        )
        for number, one in enumerate(reading.outline.sections, 1)
    ]


def pasted(outline: Outline) -> str:
    """The sections of an outline in the format that ``read_pasted`` reads."""
    return "\n".join(line for section in outline.sections for line in _written(section))


def renewed(outline: Outline, lines: Sequence[Line], kept: Collection[str]) -> Outline:
    """The outline with its sections replaced by these lines.

    A line with the title of an existing section is that section: it keeps its id, days, minutes and
    tags, and unchanged text keeps its original spelling, so reading back what ``pasted`` shows
    changes nothing. Sections that are no longer listed stay, at the end, if their id is in
    ``kept``.
    """
    there: dict[str, list[Section]] = {}
    for section in outline.sections:
        there.setdefault(_shown(section).full, []).append(section)
    same = [found.pop(0) if (found := there.get(line.full)) else None for line in lines]
    others = {section.id for found in there.values() for section in found}
    left = [section for section in outline.sections if section.id in others]
    sections = [
        _changed(section or _taken(left, line), line)
        for section, line in zip(same, lines, strict=True)
    ]
    sections += [section for section in left if section.id in kept]
    return replace(outline, sections=tuple(_named(sections)))


def _taken(left: list[Section], line: Line) -> Section | None:
    """Removes and returns the first remaining section with a title similar to the line's, or
    returns None."""
    found = next((section for section in left if alike(section.title) == alike(line.title)), None)
    if found is not None:
        left.remove(found)
    return found


def _changed(section: Section | None, line: Line) -> Section:
    """The section updated from the line, or a new one."""
    if section is None:
        return Section(
            "",
            line.title,
            line.text,
            line.week,
            line.starts,
            line.ends,
            line.minutes,
            line.tags,
        )
    shown = _shown(section)
    return replace(
        section,
        starts=line.starts or section.starts,
        ends=line.ends if line.starts else section.ends,
        minutes=line.minutes or section.minutes,
        tags=line.tags or section.tags,
        title=section.title if line.full == shown.full else line.title,
        week=line.week,
        text=section.text if line.text == shown.text else line.text,
    )


def _shown(section: Section) -> Line:
    """The line that ``read_pasted`` reads from what ``pasted`` shows of a section."""
    return next(iter(_lines("\n".join(_written(section)))), Line(0, ""))


def _named(sections: Sequence[Section]) -> Iterator[Section]:
    """The sections, each with a unique id."""
    taken = {section.id for section in sections if section.id}
    for section in sections:
        if section.id:
            yield section
            continue
        free = free_id(slug(section.title) or "section", taken)
        taken.add(free)
        yield replace(section, id=free)


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    for number, raw in enumerate(dedent(lines_of(text)).split("\n"), 1):
        said = raw.strip(" \t;")
        if said and raw[0] in " \t" and lines:
            above = lines[-1]
            lines[-1] = replace(above, text=f"{above.text}\n{_spaced(said)}".strip())
        elif said or raw.strip():
            lines.append(_line(number, raw.strip(" ")))
            if len(lines) > MAX_SECTIONS:
                break
    return lines


def _line(number: int, said: str) -> Line:
    sign = "\t" if "\t" in said else ";"
    first, found, rest = said.partition(sign)
    week = number_of_week(first)
    if not found or (
        sign == ";" and first.strip() and week is None
    ):  # a title may hold a semicolon
        return Line(number, _title(said), full=_spaced(said))
    title, _, text = (
        rest.partition(sign) if week is not None or not first.strip() else (first, sign, rest)
    )
    return Line(number, _title(title), week, _spaced(text), _spaced(title))


def _title(said: str) -> str:
    return _BULLETS.sub("", _spaced(said), count=1)


def alike(title: str) -> str:
    """A key that is equal for titles differing only in case, accents or punctuation."""
    return fold(_title(title)) or title.casefold()


def _spaced(said: str) -> str:
    return " ".join(said.strip(" \t;").split())


def _faults(lines: Sequence[Line]) -> Iterator[PastedReason]:
    if not lines:
        yield PastedEmpty()
    if len(lines) > MAX_SECTIONS:
        yield PastedTooMany(line=lines[MAX_SECTIONS].number, most=MAX_SECTIONS)
        return
    for line in lines:
        if not any(c.isalnum() for c in line.title):
            yield PastedTitleMissing(line=line.number)
        if len(line.title) > MAX_TITLE:
            yield PastedTitleLong(line=line.number, length=len(line.title), most=MAX_TITLE)
        if len(line.text) > MAX_TEXT_CHARS:
            yield PastedTextLong(line=line.number, length=len(line.text), most=MAX_TEXT_CHARS)
        if line.week is not None and not 1 <= line.week <= LAST:
            yield PastedWeek(line=line.number, week=str(line.week), most=LAST)


def _written(section: Section) -> Iterator[str]:
    title = _spaced(lines_of(section.title))
    sign = "\t" if ";" in title else ";"
    yield title + sign.strip(";") if section.week is None else f"{section.week}{sign}{title}"
    yield from (f"  {line}" for line in map(_spaced, lines_of(section.text).split("\n")) if line)
