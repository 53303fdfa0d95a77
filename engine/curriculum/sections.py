"""Makes sections of the rows of a table. Every row and cell that is left out is said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from engine.curriculum.cells import is_nothing, words_of
from engine.curriculum.columns import Table
from engine.curriculum.days import Calendar, Span, parse, spans
from engine.curriculum.durations import Unit, minutes_between, minutes_of, unit_among
from engine.curriculum.headings import says_hours_of_day, unit_of
from engine.curriculum.limits import MAX_ROWS, MAX_SECTIONS, MAX_TITLE
from engine.curriculum.names import free_id, slug
from engine.curriculum.outline import Section
from engine.curriculum.reasons import (
    CellUnread,
    DayUnclear,
    DurationsUnclear,
    RowBreak,
    RowHeading,
    RowOfOthers,
    RowTotal,
    RowUntitled,
    TitleShortened,
    WeeksFromZero,
)
from engine.curriculum.vocabulary import Field
from engine.curriculum.weeks import LAST, beside_week, is_named_week, split_week, week_of
from engine.sheets.values import Row, Value, said
from engine.values.folding import fold
from engine.values.lines import one_line
from engine.values.reasons import Reason

_TOTAL = re.compile(r"(sous |grand |sub )?(total|totaux|totals|somme|sum)\b")
_BREAK = re.compile(r"\b(vacances|conges|relache|holidays?|vacation|recess)\b")
"""Words of breaks, which a course may also be about."""
_NO_COURSE = re.compile(
    r"\b(jours? feries?|feries?|pas de (cours|seance|formation|regroupement)|"
    r"interruption (pedagogique|des cours)|pause pedagogique|pont de l ascension|cours annule|"
    r"no (class|classes|lectures?|sessions?|school|meeting)|"
    r"(spring|fall|autumn|winter|summer|reading|easter|christmas|thanksgiving|term|semester|"
    r"midterm|university|mid semester) (break|recess|week off)|reading week|semaine de lecture|"
    r"(class|classes|cours|seance|session)? ?(cancelled|canceled|annulee?s?) (due|pour|en raison)|"
    r"(class|classes|seances?) (cancelled|canceled|annulees?)|(university|college) closed)\b"
)
_BULLET = re.compile(r"\s*[-*•–]\s+")
_NOTED = re.compile(r"(?i)^(lundi|lundis) de paques|^(ascension|toussaint|thanksgiving|break)$")


@dataclass
class Found:
    """The sections of a table, and what was left out of it."""

    sections: list[Section] = field(default_factory=list)
    left_out: list[Reason] = field(default_factory=list)


def sections_of(
    table: Table, fields: Mapping[int, Field], calendar: Calendar, unit: Unit = ""
) -> Found:
    """The section of each row that has a title, in order, up to one more than a course may have;
    weeks are carried down."""
    table = replace(table, rows=table.rows[:MAX_ROWS])
    reader = _Reader(table, fields, calendar, unit)
    reader.read()
    return Found(_from_one(reader.sections, reader.left_out), reader.left_out)


@dataclass
class _Reader:
    table: Table
    fields: Mapping[int, Field]
    calendar: Calendar
    unit: Unit
    sections: list[Section] = field(default_factory=list)
    left_out: list[Reason] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    week: int | None = None
    units: dict[int, Unit | None] = field(default_factory=dict)
    """Of the bare numbers of each column of durations."""

    def read(self) -> None:
        self.units = {n: self._unit(n) for n in self._columns("minutes")}
        days = {n: self._days(n) for n, one in self.fields.items() if one in ("starts", "ends")}
        if not days:
            days = {n: self._days(n) for n, one in self.fields.items() if one == "week"}
        for number, row in enumerate(self.table.rows):
            if len(self.sections) > MAX_SECTIONS:
                return
            here = {n: column[number] for n, column in days.items()}
            if reason := self._unfit(row):
                self.left_out.append(reason)
            else:
                self._keep(row, here)

    def _columns(self, wanted: Field) -> list[int]:
        return [n for n, one in self.fields.items() if one == wanted]

    def _words(self, row: Row, wanted: Field) -> list[str]:
        said_ = (words_of(row.cell(n)) for n in self._columns(wanted))
        return list(dict.fromkeys(filter(None, said_)))

    def _days(self, number: int) -> list[Span | None]:
        cells: list[Value] = [row.cell(number) for row in self.table.rows]
        if self.fields[number] == "week":
            cells = [beside_week(said(cell)) or said(cell) for cell in cells]
        found = spans(cells, self.calendar)
        return _carried(found, cells) if self.fields[number] == "starts" else found

    def _unfit(self, row: Row) -> Reason | None:
        """Why a row is no section, where its words tell."""
        cells = [one_line(said(cell)) for cell in row.cells]
        there = [cell for cell in cells if not is_nothing(cell)]
        if self.table.headings and tuple(cells[: len(self.table.headings)]) == self.table.headings:
            return RowHeading(row.line)
        if not there:
            return RowUntitled(row.line)
        if _TOTAL.match(fold(there[0])):
            return RowTotal(row.line, there[0][:MAX_TITLE])
        titles, texts = self._words(row, "title"), self._words(row, "text")
        when = [*self._words(row, "week"), *self._words(row, "starts")]
        told = next((one for one in (*(titles or there), *when, *texts) if _is_break(one)), None)
        texts = [one for one in texts if one != told]
        is_sure = told is not None and _says_no_course(told)
        beside = self._beside(row)
        if told is None and beside and all(map(_says_no_course, beside)):
            told, is_sure, texts = beside[0], True, []
        if told and not texts and (is_sure or not self._minutes(row, quietly=True)):
            self._carry(row)
            return RowBreak(row.line, told[:MAX_TITLE])
        return self._band(row, there) if len(there) == 1 and not titles else None

    def _beside(self, row: Row) -> list[str]:
        """What a row says beside its title, and when and how long it is."""
        words = [words_of(row.cell(n)) for n, one in self.fields.items() if one in ("", "text")]
        return list(filter(None, words))

    def _band(self, row: Row, there: Sequence[str]) -> Reason | None:
        """A row of one cell, which is no title: the week of the rows below, or a part of the
        course."""
        if len([one for one in self.fields.values() if one]) < 2 or self._words(row, "text"):
            return None
        if (week := week_of(there[0])) is not None and not there[0].isdecimal():
            self.week = week
        return RowOfOthers(row.line, there[0][:MAX_TITLE])

    def _carry(self, row: Row) -> None:
        for number in self._columns("week"):
            week = week_of(said(row.cell(number)))
            self.week = self.week if week is None else week

    def _keep(self, row: Row, days: Mapping[int, Span | None]) -> None:
        """Adds the section of a row; a row of words alone goes on with the one above."""
        title = " — ".join(map(_one_title, self._words(row, "title")))
        text = self._text(row)
        if not title:
            if text and self.sections and not any(days.values()) and not self._new_week(row):
                above = self.sections[-1]
                self.sections[-1] = replace(above, text=f"{above.text}\n{text}".strip())
            else:
                self._carry(row)
                self.left_out.append(RowUntitled(row.line))
            return
        week, title = self._week(row, title)
        starts, ends = self._span(row, days)
        if len(title) > MAX_TITLE:
            self.left_out.append(TitleShortened(row.line, MAX_TITLE))
            title, text = _shortened(title), f"{title}\n{text}".strip()
        section = Section(
            id=self._id(row, title),
            title=title,
            text=text,
            week=week,
            starts=starts,
            ends=ends,
            minutes=self._minutes(row) or 0,
            tags=self._tags(row),
        )
        self.taken.add(section.id)
        self.sections.append(section)

    def _text(self, row: Row) -> str:
        """The words of the row; of several columns, each with its heading."""
        columns = [(n, words_of(row.cell(n))) for n in self._columns("text")]
        there = [(n, words) for n, words in columns if words]
        if len(columns) < 2:
            return "\n".join(words for _n, words in there)
        return "\n".join(
            f"{self.table.heading(n)} : {words}" if self.table.heading(n) else words
            for n, words in there
        )

    def _new_week(self, row: Row) -> bool:
        return any(words_of(row.cell(n)) for n in self._columns("week"))

    def _week(self, row: Row, title: str) -> tuple[int | None, str]:
        columns = self._columns("week")
        for n in columns:
            written = said(row.cell(n))
            if (week := week_of(written)) is not None:
                self.week = week
            elif not is_nothing(written):
                self._unread(row, n)
                return None, title
        split, rest = split_week(title)
        if not columns and (split is not None or is_named_week(title)):
            return (week_of(title), title) if split is None else (split, rest)
        return self.week, title

    def _span(self, row: Row, days: Mapping[int, Span | None]) -> tuple[date | None, date | None]:
        """The first and the last day; a column of days may say both."""
        starts: date | None = None
        ends: date | None = None
        for n, span in days.items():
            if span is None:
                if self.fields[n] != "week" and not is_nothing(said(row.cell(n))):
                    self._unread(row, n)
            elif self.fields[n] == "ends":
                ends = span[1] or span[0]
            else:
                starts, ends = span[0], span[1] or ends
        if starts and ends and ends < starts:
            self._unread(row, next(n for n in days if self.fields[n] == "ends"))
            ends = None
        return starts, ends

    def _minutes(self, row: Row, quietly: bool = False) -> int | None:
        for n in self._columns("minutes"):
            cell, heading = row.cell(n), self.table.heading(n)
            if is_nothing(said(cell)) and not isinstance(cell, date):
                continue
            between = minutes_between(cell) if says_hours_of_day(heading) else None
            if between is None and not says_hours_of_day(heading):
                unit = self.units[n]
                if unit is None and said(cell).isdecimal():
                    return None
                between = minutes_of(cell, unit or "")
            if between is not None:
                return between
            if not quietly:
                self._unread(row, n)
        return None

    def _unit(self, number: int) -> Unit | None:
        heading = self.table.heading(number)
        if known := self.unit or unit_of(heading):
            return known
        found = unit_among(row.cell(number) for row in self.table.rows)
        if found is None and not says_hours_of_day(heading):
            self.left_out.append(DurationsUnclear(heading[:MAX_TITLE]))
        return found

    def _tags(self, row: Row) -> tuple[str, ...]:
        words = (re.split(r"[,;|\n]", one) for one in self._words(row, "tags"))
        return tuple(dict.fromkeys(tag for some in words for one in some if (tag := one_line(one))))

    def _id(self, row: Row, title: str) -> str:
        wish = next((slug(one) for one in self._words(row, "id") if slug(one)), "")
        return free_id(wish or slug(title) or "section", self.taken)

    def _unread(self, row: Row, number: int) -> None:
        """Says that a cell could not be read, and why if it is a day."""
        written = one_line(said(row.cell(number)))[:MAX_TITLE]
        field_ = self.fields[number]
        if field_ in ("starts", "ends") and parse(written):
            self.left_out.append(DayUnclear(row.line, written))
        else:
            self.left_out.append(
                CellUnread(row.line, written, field_, self.table.heading(number)[:MAX_TITLE])
            )


def _one_title(words: str) -> str:
    """A title on one line; what was a list has points between."""
    lines = [_BULLET.sub("", line) for line in words.split("\n")]
    is_list = any(map(_BULLET.match, words.split("\n")))
    return " · ".join(filter(None, map(one_line, lines))) if is_list else one_line(words)


def _shortened(title: str) -> str:
    """The first sentences of a title that is too long, else as much of it as may be kept."""
    end = max(title.rfind(sign, 20, MAX_TITLE) for sign in (". ", "? ", "! "))
    return title[: end + 1] if end > 0 else f"{title[: MAX_TITLE - 1].rstrip()}…"


def _carried(found: list[Span | None], cells: Sequence[Value]) -> list[Span | None]:
    """The days, each also of the empty cells between it and the next."""
    last = max((n for n, span in enumerate(found) if span), default=0)
    carried: list[Span | None] = []
    for number, span in enumerate(found):
        blank = span is None and said(cells[number]) == "" and number < last
        carried.append(carried[-1] if blank and carried else span)
    return carried


def _is_break(words: str) -> bool:
    """Whether words say that there is no course then: few words, one of which says so."""
    folded = fold(words) if len(words) < 100 else ""
    found = _NO_COURSE.search(folded) or _BREAK.search(folded) or _NOTED.match(folded)
    return bool(len(folded) < 80 and found)


def _says_no_course(words: str) -> bool:
    return bool(len(words) < 80 and _NO_COURSE.search(fold(words)))


def _from_one(sections: Sequence[Section], left_out: list[Reason]) -> list[Section]:
    """The sections with weeks from 1: some courses begin with week 0. Weeks beyond the last are
    not kept."""
    if any(one.week == 0 for one in sections):
        left_out.append(WeeksFromZero())
        sections = [
            one if one.week is None else replace(one, week=one.week + 1) for one in sections
        ]
    return [
        one if one.week is None or one.week <= LAST else replace(one, week=None) for one in sections
    ]
