"""Reads a Markdown text: its headings are the sections, unless a table in it says more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.curriculum.cells import unmarked
from engine.curriculum.weeks import split_week, week_of
from engine.sheets.delimited import read_delimited
from engine.sheets.values import Row

MAX_LINES = 20_000
_HEADING = re.compile(r" {0,3}(#{1,6})\s")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_UNDERLINE = re.compile(r" {0,3}(=+|-{3,})\s*")
_RULE = re.compile(r"(?:\|\s*)?:?-{2,}:?(?:\s*\|\s*:?-{2,}:?)+\s*\|?|\|\s*:?-{2,}:?\s*\|")
_SETTING = re.compile(r"[\w ’'-]{2,30}\s*:\s*\S.*")
_LABEL = re.compile(
    r"(semaine|week|s[eé]ance|session|module|chapitre|chapter|lecture|cours|le[cç]on|lesson|unit[eé]?|"
    r"jour|day|partie|part|bloc|[eé]tape|atelier|s[eé]quence|class)\s*(n\s*°\s*)?\d",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"(dur[eé]e|duration|length)\s*:\s*(?P<said>[^\n]{1,40})", re.I)
_EXTRAS = re.compile(r"[{<][^{<}>]*[}>]\s*$|:::+.*$")


@dataclass
class Heading:
    """A heading and the lines below it, up to the next."""

    level: int
    line: int
    title: str
    body: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Document:
    """The lines of front matter and before the first heading, with their numbers; the headings; the
    tables."""

    above: tuple[tuple[int, str], ...]
    headings: tuple[Heading, ...]
    tables: tuple[tuple[Row, ...], ...]


def is_markdown(text: str) -> bool:
    """Whether a text has headings or tables of Markdown."""
    lines = text.split("\n")
    headings = [line for line in lines if re.match(r" {0,3}#{1,6}\s+[^\s:;,|\t]", line)]
    deep = sum(line.lstrip().startswith("##") for line in headings)
    return deep > 0 or any(map(_is_rule, lines))


def read_document(text: str) -> Document:
    """The parts of the first ``MAX_LINES`` of a Markdown text."""
    lines = text.split("\n", MAX_LINES)[:MAX_LINES]
    above, headings, fenced = _front_matter(lines)
    return Document(tuple(above), tuple(headings), tuple(_tables(lines, fenced)))


def chapters(document: Document) -> tuple[Heading, ...]:
    """The headings that are sections: those of the level that says weeks or sessions, else of the
    highest level that has several."""
    levels = sorted({one.level for one in document.headings})
    labelled = {
        level: sum(bool(_LABEL.match(h.title)) for h in document.headings if h.level == level)
        for level in levels
    }
    best = max(levels, key=lambda level: (labelled[level], -level), default=0)
    if best and labelled[best] > 1:
        return tuple(_siblings(document.headings, best))
    several = (n for n in levels if sum(h.level == n for h in document.headings) > 1)
    level = next(several, levels[-1] if len(levels) > 1 else 0)
    return tuple(h for h in _whole(document.headings, level) if h.level == level)


def rows_of(headings: Sequence[Heading]) -> tuple[Row, ...]:
    """A row of each section: its title, its length, its text."""
    return tuple(_row(one) for one in headings)


def title_of(document: Document, sections: Sequence[Heading]) -> str:
    """The heading that stands alone above the sections; empty if there is none."""
    first = sections[0] if sections else None
    before = [h for h in document.headings if first is None or h.line < first.line]
    level = first.level if first else 7
    return next((h.title for h in before if h.level < level), "")


def lines_above(document: Document, sections: Sequence[Heading]) -> Iterator[tuple[int, str]]:
    """The “name: value” lines before the first section."""
    yield from document.above
    first = sections[0].line if sections else 0
    for heading in document.headings:
        if heading.line < first:
            for number, line in enumerate(heading.body, heading.line + 1):
                if _SETTING.fullmatch(line.strip()) and line[:1] not in "-*|":
                    yield number, line.strip()


def _row(heading: Heading) -> Row:
    body = "\n".join(filter(None, map(_plain, heading.body)))
    length = _LENGTH.search(body)
    week = week_of(heading.title) if split_week(heading.title)[0] is None else None
    title = heading.title
    if week is not None and not title.isdecimal() and body:  # « ## Semaine 3 » alone
        first = body.split("\n")[0]
        title = f"{title} — {first}" if len(first) < 120 else title
    return Row(heading.line, (title, length["said"] if length else "", body))


def _plain(line: str) -> str:
    """A line without the signs of Markdown."""
    if _is_rule(line):
        return ""
    bare = re.sub(r"^\s*(?:[-*+]|\d{1,3}[.)]|>|#{1,6})\s+", "", line)
    bare = " ".join(cell.strip() for cell in bare.split("|") if cell.strip())
    return " ".join(unmarked(bare).split())


def _front_matter(
    lines: Sequence[str],
) -> tuple[list[tuple[int, str]], list[Heading], set[int]]:
    above: list[tuple[int, str]] = []
    begin = 0
    if lines and lines[0].strip() == "---":
        end = next(
            (n for n, line in enumerate(lines[1:60], 1) if line.strip() in ("---", "...")), 0
        )
        above = [
            (n, line)
            for n, line in enumerate(lines[1:end], 2)
            if re.match(r"(title|titre|lang|language|langue)\s*:", line, re.I)
        ]
        begin = end + 1 if end else 0
    headings, fenced = _headings(lines, begin, above)
    return above, headings, fenced


def _headings(
    lines: Sequence[str], begin: int, above: list[tuple[int, str]]
) -> tuple[list[Heading], set[int]]:
    found: list[Heading] = []
    fenced: set[int] = set()
    inside = False
    for n in range(begin, len(lines)):
        line = lines[n]
        if _FENCE.match(line):
            inside = not inside
        if inside or _FENCE.match(line):
            fenced.add(n)
            continue
        heading = _heading(line, n + 1)
        under = _UNDERLINE.fullmatch(lines[n + 1]) if n + 1 < len(lines) else None
        if heading:
            found.append(heading)
        elif under and line.strip() and line[:1] not in "-*|#> \t" and "|" not in line:
            found.append(Heading(1 if under[1][0] == "=" else 2, n + 1, _title(line)))
        elif found:
            if not _UNDERLINE.fullmatch(line):
                found[-1].body.append(line)
        elif _SETTING.fullmatch(line.strip()):
            above.append((n + 1, line.strip()))
    return [one for one in found if one.title], fenced


def _heading(line: str, number: int) -> Heading | None:
    """The heading that a line is, without the signs that close it; None for any other."""
    found = _HEADING.match(line)
    words = line[found.end() :].strip() if found else ""
    bare = words.rstrip("#")
    closed = bare != words and bare[-1:].isspace()  # « C# » is a word
    return Heading(len(found[1]), number, _title(bare if closed else words)) if found else None


def _is_rule(line: str) -> bool:
    """Whether a line is that between the headings and the rows of a table."""
    return "--" in line and bool(_RULE.fullmatch(line.strip()))


def _title(text: str) -> str:
    return " ".join(unmarked(_EXTRAS.sub("", text.strip())).split())


def _whole(headings: Sequence[Heading], level: int) -> Iterator[Heading]:
    """The headings of that level and above, with what stands under lower ones in their text."""
    above: Heading | None = None
    for one in headings:
        if one.level <= level:
            above = Heading(one.level, one.line, one.title, list(one.body))
            yield above
        elif above is not None:
            above.body += [one.title, *one.body]


def _siblings(headings: Sequence[Heading], level: int) -> Iterator[Heading]:
    """The headings of that level under whatever has labelled ones."""
    group: list[Heading] = []
    for one in [*_whole(headings, level), Heading(0, 0, "")]:
        if one.level == level:
            group.append(one)
            continue
        if any(_LABEL.match(member.title) for member in group):
            yield from group
        group = []


def _tables(lines: Sequence[str], fenced: set[int]) -> Iterator[tuple[Row, ...]]:
    n = 0
    while n < len(lines):
        if n and _is_rule(lines[n]) and "|" in lines[n - 1] and n not in fenced:
            end = next((m for m in range(n, len(lines)) if "|" not in lines[m]), len(lines))
            rows = read_delimited("\n".join(lines[n - 1 : end]), "|").rows
            yield tuple(Row(row.line + n - 1, row.cells) for row in rows)
            n = end
        n += 1
