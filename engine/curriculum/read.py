"""Reads whatever somebody has of a course into an outline, and says how: one reader for the browser
and for the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from itertools import islice
from pathlib import PurePath

from engine.curriculum import archives, headed, shapes, tree
from engine.curriculum.about import About, language_by_words, years_in
from engine.curriculum.cells import is_nothing
from engine.curriculum.columns import LOOKED_AT, Table, fields_of, table_of
from engine.curriculum.days import Calendar
from engine.curriculum.headings import is_of_others, meanings, spoken
from engine.curriculum.limits import MAX_ROWS, MAX_SECTIONS, MAX_TITLE
from engine.curriculum.names import COURSE, SECTION, guesses, named
from engine.curriculum.outline import Outline
from engine.curriculum.package import FIELDS, Package
from engine.curriculum.reading import Corrections, Reading
from engine.curriculum.reasons import (
    NoSections,
    NoTitles,
    PeopleInstead,
    TableTurned,
    TitlesGuessed,
    TooManySections,
)
from engine.curriculum.sections import Found, sections_of
from engine.curriculum.vocabulary import DAY_FIRST, Field
from engine.curriculum.yaml_file import MAX_VALUES, outline_in
from engine.sheets.kinds import look
from engine.sheets.read import MAX_BYTES, read_book
from engine.sheets.reasons import ColumnUnnamed, ColumnUnused, Unreadable
from engine.sheets.values import SAMPLES, Book, Column, Row, Sheet, Source, Value, said
from engine.values.errors import Invalid
from engine.values.faults import Faults
from engine.values.folding import fold
from engine.values.languages import LANGUAGES, Lang, language_of
from engine.values.reasons import Reason
from engine.values.yamlmarks import Marked, load

ALIKE = 0.78
"""From this likeness on (0–1), a word is taken for one that was misspelt."""
NEARED = 30
"""Of so many columns the nearest heading is looked for, when they are not used."""
_TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".ods", ".xls")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+\.[\w.-]+")
_YAML = re.compile(r"- *[\w\"'][\w \"'-]{0,60}:(\s|$)")


@dataclass(frozen=True)
class Hints:
    """What the installation knows: the language of most of its courses, and today (days without a
    year are near it)."""

    language: Lang = LANGUAGES[0]
    today: date | None = None


UNCORRECTED = Corrections()


def read_outline(data: bytes, filename: str) -> Outline:
    """The outline in a file. Raises ``Faults`` with every fault found in our own YAML, and
    ``Invalid`` for what is no outline."""
    reading = read(data, filename)
    if reading.faults:
        raise Faults(reading.faults)
    if reading.outline is None:
        raise Invalid(reading.refused or NoSections())
    return reading.outline


def read(
    data: bytes,
    name: str,
    corrections: Corrections = UNCORRECTED,
    hints: Hints = Hints(),
    most: int = MAX_BYTES,
) -> Reading:
    """What ``data`` says of a course; ``name`` is that of its file, and its title of last resort.
    Raises nothing: what is no outline has the reason in ``refused``."""
    desk = _Desk(name, corrections, hints)
    try:
        if _is_yaml(data, name):
            return desk.yaml(data)
        looked = look(data) if archives.is_archive(data) else None
        if looked and (package := archives.package_of(looked, data)):
            return desk.package(package)
        said_ = {"encoding": corrections.encoding, "delimiter": corrections.delimiter}
        book = read_book(data, most=most, looked=looked, **said_)
    except Unreadable as refused:
        return Reading(name, Source("text"), refused=refused.reason)
    except Faults as faulty:
        return Reading(name, Source("yaml", "utf-8"), refused=faulty.reason, faults=faulty.faults)
    return desk.book(book)


def _is_yaml(data: bytes, name: str) -> bool:
    ending = PurePath(name).suffix.lower()
    if ending in (".yaml", ".yml") or ending in (*_TABLES, ".txt", ".md"):
        return ending in (".yaml", ".yml") and not data.startswith((b"PK", b"%PDF", b"\x89PNG"))
    text = data[:4_000].decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
    lines = (line for line in text.split("\n") if line.strip() and line[0] != "#")
    first = next((line for line in lines if line.strip() != "---"), "")
    return b"\nsections:" in data or (bool(_YAML.match(first)) and text.count(":") > 2)


@dataclass(frozen=True)
class _Desk:
    """One file on its way to a reading."""

    name: str
    said: Corrections
    hints: Hints

    @property
    def fallback(self) -> str:
        """The title of a course that says none."""
        return PurePath(self.name).stem

    def yaml(self, data: bytes) -> Reading:
        """Our own YAML, which is held to its rules, or a calendar. Raises ``Faults``."""
        file = load(data, self.name, MAX_VALUES)
        source = Source("yaml", "utf-8")
        if self._is_ours(file):
            return Reading(self.name, source, outline_in(file))
        table = Table((), tree.HEADINGS, 1, tree.rows_of(file))
        if not table.rows:
            return Reading(self.name, source, outline_in(file))
        text = "\n".join(said(cell) for row in table.rows for cell in row.cells)
        about = About()
        if isinstance(file.data, dict):
            about.read(
                (file.mark((key,))[0], f"{key}: {value}")
                for key, value in file.data.items()
                if isinstance(value, str) and named(key, COURSE)
            )
        language = self._language(about, (), text)
        found = sections_of(table, dict(tree.FIELDS), self._calendar(language, about), "")
        return self._reading(Reading(self.name, source), about, found, language)

    def package(self, found: Package) -> Reading:
        """The outline that an archive of a course carries."""
        about = About(
            title=found.title[:MAX_TITLE],
            language=language_of(found.language),
            left_out=list(found.left_out),
        )
        table = Table((), (), 0, found.rows)
        text = "\n".join(said(cell) for row in found.rows for cell in row.cells)
        language = self._language(about, (), text)
        sections = sections_of(table, FIELDS, self._calendar(language, about), "")
        return self._reading(Reading(self.name, Source("package")), about, sections, language)

    def _is_ours(self, file: Marked) -> bool:
        return isinstance(file.data, dict) and any(
            named(key, COURSE) == "sections" and isinstance(key, str) for key in file.data
        )

    def book(self, book: Book) -> Reading:
        """The reading of the sheet that somebody chose, else of the one that says most."""
        if book.text and self._is_markdown(book):
            made = self.markdown(book)
            if made.outline is not None:
                return made
        names = tuple(sheet.name for sheet in book.sheets)
        chosen = [sheet for sheet in book.sheets if sheet.name == self.said.sheet]
        made_ = [self.sheet(book, sheet) for sheet in chosen or book.sheets]
        best = max(made_, key=_richness)
        return replace(best, sheets=names, left_out=(*book.notes, *best.left_out))

    def _is_markdown(self, book: Book) -> bool:
        ending = PurePath(self.name).suffix.lower()
        by_name = ending in (".md", ".markdown", ".qmd", ".rmd", ".mdx")
        cut = book.source.delimiter in (";", ",", "\t") and ending in _TABLES
        return not self.said.delimiter and (by_name or (headed.is_markdown(book.text) and not cut))

    def markdown(self, book: Book) -> Reading:
        """The sections that headings say, or the table below them that says more."""
        document = headed.read_document(book.text)
        chapters = headed.chapters(document)
        source = Source("markdown", book.source.encoding)
        tables = [
            self.sheet(Book(source, ()), Sheet(rows, "", document.above))
            for rows in document.tables
        ]
        best = max(tables, key=_richness, default=None)
        count = len(best.outline.sections) if best and best.outline else 0
        if best and count > max(1, len(chapters)) and _is_dated(best):
            title = headed.title_of(document, ())
            return _titled(best, title) if best.outline else best
        about = About(title=headed.title_of(document, chapters))
        about.read(headed.lines_above(document, chapters))
        table = Table((), ("title", "duration", "text"), 0, headed.rows_of(chapters))
        language = self._language(about, (), book.text)
        fields: dict[int, Field] = {0: "title", 1: "minutes", 2: "text"}
        found = sections_of(table, fields, self._calendar(language, about), self.said.unit)
        return self._reading(Reading(self.name, source), about, found, language)

    def sheet(self, book: Book, sheet: Sheet) -> Reading:
        """The reading of one table."""
        about, rows, chosen = About(), sheet.rows, self.said.columns
        if not self.said.columns and self.said.heading is None and (made := shapes.turned(rows)):
            rows, chosen = made, shapes.TURNED_FIELDS
            about.left_out.append(TableTurned(tuple(said(row.cells[0]) for row in made[1:])))
        table = shapes.with_whole_days(table_of(rows, self.said.heading))
        about.settings(sheet.above)
        about.read((row.line, _line(row)) for row in table.above)
        fields = fields_of(table, chosen)
        reading = Reading(
            self.name,
            book.source,
            columns=tuple(_columns(table, fields)),
            heading=table.line,
            sheet=sheet.name,
        )
        if len(table.rows) > MAX_ROWS:
            return replace(reading, refused=TooManySections(MAX_SECTIONS))
        if not chosen and _has_addresses(table):
            return replace(reading, refused=PeopleInstead())
        if "title" not in fields.values():
            return replace(reading, refused=_untitled(table), left_out=tuple(about.left_out))
        if not table.headings and self.said.heading is None and not _is_sure(fields):
            return replace(reading, refused=_untitled(table), left_out=tuple(about.left_out))
        text = "\n".join(said(cell) for row in sheet.rows for cell in row.cells)
        own = table.headings if rows is sheet.rows else ()  # those of a turned table are ours
        language = self._language(about, own, text)
        calendar = self._calendar(language, about)
        found = sections_of(table, fields, calendar, self.said.unit)
        about.left_out += _unused(table, fields, language)
        return self._reading(reading, about, found, language)

    def _language(self, about: About, headings: Sequence[str], text: str) -> Lang:
        return (
            self.said.language
            or about.language
            or spoken(headings)
            or language_by_words(text)
            or self.hints.language
        )

    def _calendar(self, language: Lang, about: About) -> Calendar:
        years = years_in(about.title) or years_in(PurePath(self.name).name)
        known = self.said.day_first
        return Calendar(
            known if known is not None else DAY_FIRST[language],
            (self.said.year,) if self.said.year else years,
            self.hints.today,
        )

    def _reading(self, reading: Reading, about: About, found: Found, language: Lang) -> Reading:
        refused: Reason | None = None
        if not found.sections:
            refused = NoSections()
        elif len(found.sections) > MAX_SECTIONS:
            refused = TooManySections(MAX_SECTIONS)
        if self.said.title:
            about.title = self.said.title
        untitled = not about.title
        outline = None if refused else about.outline(found.sections, self.fallback, language)
        left_out = (*about.left_out, *sorted(found.left_out, key=_line_of))
        return replace(
            reading, outline=outline, refused=refused, left_out=left_out, untitled=untitled
        )


def _line(row: Row) -> str:
    """A row above the headings as a line: its cells; two of them are a name and a value."""
    cells = [said(cell) for cell in row.cells if cell != ""]
    return ": ".join(cells) if len(cells) == 2 and ":" not in cells[0] else " ".join(cells)


def _line_of(reason: Reason) -> int:
    return int(getattr(reason, "line", 0))


def _columns(table: Table, fields: dict[int, Field]) -> Iterator[Column]:
    for number, field in fields.items():
        cells = (said(row.cell(number)) for row in table.rows)
        held = islice((cell for cell in cells if not is_nothing(cell)), SAMPLES)
        samples = tuple(" ".join(cell.split())[:80] for cell in held)
        if samples or table.heading(number):
            yield Column(number, table.heading(number), field, samples)


def _unused(table: Table, fields: dict[int, Field], language: Lang) -> Iterator[Reason]:
    """The columns that were left out, and those that were only guessed to be titles."""
    titles = [table.heading(n) for n, field in fields.items() if field == "title"]
    if table.headings and not any(
        one.field == "title" and one.rank < 2 for head in titles for one in meanings(head)
    ):
        yield TitlesGuessed(tuple(titles))
    for number, field in fields.items():
        if field == "":
            if heading := table.heading(number)[:MAX_TITLE]:
                yield ColumnUnused(heading, _near(heading, language) if number < NEARED else "")
            elif any(row.cell(number) != "" for row in table.rows):
                yield ColumnUnnamed(number + 1)


def _near(heading: str, language: Lang) -> str:
    """The heading that was meant, if this one is hardly another: empty for any other word."""
    said_ = fold(heading)
    near = next(iter(guesses(heading, SECTION, language)), said_)
    alike = SequenceMatcher(None, near, said_).ratio() >= ALIKE
    return near if near != said_ and alike and not is_of_others(heading) else ""


def _untitled(table: Table) -> Reason:
    """Why nothing is a title: there may be nothing that could be one."""
    return NoTitles() if table.width > 1 and table.rows else NoSections()


def _has_addresses(table: Table) -> bool:
    """Whether most rows hold an e-mail address: people are listed, no sections."""
    rows = table.rows[:LOOKED_AT]
    held = sum(any(map(_holds_address, row.cells)) for row in rows)
    return len(rows) > 0 and held > len(rows) / 2 and not _headed(table)


def _holds_address(cell: Value) -> bool:
    sign = cell.find("@") if isinstance(cell, str) else -1
    return sign > 0 and bool(_ADDRESS.search(str(cell)[max(0, sign - 64) : sign + 100]))


def _headed(table: Table) -> set[Field]:
    """What headings say for sure."""
    told = (meanings(heading)[:1] for heading in table.headings)
    return {one[0].field for one in told if one and one[0].rank == 0} & {
        "week",
        "starts",
        "minutes",
    }


def _is_sure(fields: dict[int, Field]) -> bool:
    """Whether a table without headings is one of sections: it says when, or how long."""
    return bool({"week", "starts", "minutes"} & set(fields.values()))


def _is_dated(reading: Reading) -> bool:
    fields = {column.field for column in reading.columns}
    return bool(fields & {"week", "starts", "minutes", "number"})


def _richness(reading: Reading) -> tuple[int, int, int]:
    """How much of a course a table says."""
    fields = {column.field for column in reading.columns} - {""}
    count = len(reading.outline.sections) if reading.outline else 0
    return min(count, 2), len(fields), count


def _titled(reading: Reading, title: str) -> Reading:
    if reading.outline is None or not title:
        return reading
    return replace(reading, outline=replace(reading.outline, title=title), untitled=False)
