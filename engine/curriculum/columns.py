"""Finds the row of headings, and what each column holds: by its heading first, then by its
cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.curriculum.cells import column, is_number, is_wordy, share, words_of
from engine.curriculum.days import parse
from engine.curriculum.durations import minutes_between, minutes_of
from engine.curriculum.headings import Meaning, is_of_others, meanings, says_hours_of_day
from engine.curriculum.vocabulary import Field
from engine.curriculum.weeks import week_of
from engine.sheets.values import Row, Value, said
from engine.values.folding import fold

LOOKED_AT = 60
"""So many rows are looked at for the headings, and so many cells of a column for what it holds."""
_WORD_OF_WEEK = ("s", "w", "sem", "week", "wk")


@dataclass(frozen=True)
class Table:
    """The rows below the headings, and those above. ``headings`` is empty where there is no such
    row; ``line`` is then 0."""

    above: tuple[Row, ...]
    headings: tuple[str, ...]
    line: int
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max([len(self.headings), *(len(row.cells) for row in self.rows)], default=0)

    def heading(self, number: int) -> str:
        """The heading of a column, empty if it has none."""
        return self.headings[number] if number < len(self.headings) else ""


def table_of(rows: Sequence[Row], chosen: int | None = None) -> Table:
    """The table in these rows; ``chosen`` is the line of the headings that somebody chose, 0 for
    none."""
    if chosen == 0:
        return Table((), (), 0, tuple(rows))
    found = next((n for n, row in enumerate(rows) if row.line == chosen), None)
    scores = [_promise(row) for row in rows[:LOOKED_AT]] if found is None else []
    if scores:
        best = scores.index(max(scores))
        found = best if scores[best] > 0 else 0 if _heads(rows) else None
    if found is None:
        return Table((), (), 0, tuple(rows))
    headings = tuple(" ".join(said(cell).split()) for cell in rows[found].cells)
    below = rows[found + 1 :]
    if len(below) > 1 and all(len(row.cells) == len(headings) + 1 for row in below):
        headings = ("", *headings)  # R heads no column for the names of rows
    return Table(tuple(rows[:found]), headings, rows[found].line, tuple(below))


def _promise(row: Row) -> float:
    """How well a row would head a table; 0 for one that cannot."""
    cells = [cell for cell in row.cells if cell != ""]
    if any(not isinstance(cell, str) or len(cell) > 80 for cell in cells):
        return 0.0
    told = [meanings(str(cell))[:1] for cell in cells]
    fields = {one[0].field for one in told if one and one[0].rank < 2}
    weak = any(one and one[0].rank == 2 for one in told) and "title" not in fields
    values = sum(bool(parse(str(cell))) or str(cell).isdecimal() for cell in cells)
    promise = len(fields) + 0.5 * weak - 0.5 * values
    enough = len(fields) > 1 or (fields and (weak or len(row.cells) == 1 or "title" in fields))
    return promise if enough and promise > 0 else 0.0


def _heads(rows: Sequence[Row]) -> bool:
    """Whether the first row heads the others, though what it says is not known: it has words, where
    a column below it has numbers, days or durations."""
    weak = [one for cell in rows[0].cells for one in meanings(said(cell)) if one.field == "title"]
    if len(weak) > 1 and len(rows) > 2 and not any(map(_is_day, rows[0].cells)):
        return True
    for number, cell in enumerate(rows[0].cells):
        if isinstance(cell, str) and 0 < len(cell) <= 80 and not any(c.isdigit() for c in cell):
            below = column(rows[1:LOOKED_AT], number)
            typed = sum(_is_day(one) or _is_measure(one) for one in below)
            if below and share(typed, len(below)) >= 0.8:
                return True
    return False


def _is_measure(cell: Value) -> bool:
    return minutes_of(cell) is not None or week_of(said(cell)) is not None


def fields_of(table: Table, chosen: Mapping[int, Field]) -> dict[int, Field]:
    """The field of each column; what somebody chose stands."""
    fields: dict[int, Field] = {n: one for n, one in chosen.items() if 0 <= n < table.width}
    known = {n: meanings(table.heading(n)) for n in range(table.width)}
    cells = {n: column(table.rows[:LOOKED_AT], n) for n in range(table.width)}
    look = _Look(table, known, cells, fields)
    for field in ("week", "starts", "ends", "minutes"):
        look.single(field)
    look.by_content()
    look.titles()
    look.others()
    return {n: fields.get(n, "") for n in range(table.width)}


@dataclass
class _Look:
    """Columns on their way to a field."""

    table: Table
    known: Mapping[int, tuple[Meaning, ...]]
    cells: Mapping[int, Sequence[Value]]
    fields: dict[int, Field]

    def has(self, field: Field) -> bool:
        return field in self.fields.values()

    def free(self) -> list[int]:
        return [n for n in self.cells if n not in self.fields and self.cells[n]]

    def single(self, field: Field) -> None:
        """Gives the field to the best column whose heading and cells say so."""
        if self.has(field):
            return
        ranked = [
            (one.rank, -fit, n)
            for n in self.free()
            for one in self.known[n]
            if one.field == field and (fit := self.fit(n, field)) >= (0.5, 0.5, 0.6)[one.rank]
        ]
        if not ranked:  # cells that nobody can read are said, where the heading is sure
            ranked = [
                (one.rank, -self.fit(n, field), n)
                for n in self.free()
                for one in self.known[n][:1]
                if one.field == field and one.rank == 0 and self.fit(n, field) > 0
            ]
        if ranked:
            self.fields[min(ranked)[2]] = field

    def fit(self, number: int, field: Field) -> float:
        """The share of cells that can be read as that field."""
        reads: Callable[[Value], bool] = {
            "week": lambda cell: week_of(said(cell)) is not None,
            "starts": _is_day,
            "ends": _is_day,
            "minutes": lambda cell: minutes_of(cell) is not None,
        }[field]
        if field == "minutes" and says_hours_of_day(self.table.heading(number)):
            reads = _is_between
        return share(sum(map(reads, self.cells[number])), len(self.cells[number]))

    def by_content(self) -> None:
        """Days, weeks and durations under a heading that says nothing of the kind."""
        kinds: tuple[tuple[Field, Callable[[Value], bool]], ...]
        kinds = (("starts", _is_day), ("week", _is_named_week), ("minutes", _is_length))
        for field, reads in kinds:
            for n in self.free():
                unsaid = not self.known[n] and not is_of_others(self.table.heading(n))
                misnamed = [one.field for one in self.known[n][:1]] in (["week"], ["number"])
                cells = self.cells[n]
                fit = share(sum(map(reads, cells)), len(cells)) if len(cells) > 1 else 0.0
                if (unsaid or misnamed) and fit >= 0.8 and not self.has(field):
                    self.fields[n] = field

    def titles(self) -> None:
        """The titles: as headed, else by what may head them, else by the cells."""
        if self.has("title"):
            return
        headed = sorted(
            (one.rank, _place(self.table.heading(n)), n)
            for n in self.free()
            for one in self.known[n]
            if one.field == "title" and one.rank < 2
        )
        told = [n for _rank, _place_, n in headed]
        good = (n for n in told if self.wordiness(n) > 0.2 and self.coverage(n) >= 0.4)
        if (first := next(good, None)) is not None:
            self.fields[first] = "title"
            if self.coverage(first) < 0.75:
                self.second_titles()
            return
        self.weak_titles()
        if not self.has("title") and told:
            self.fields[told[0]] = "title"

    def second_titles(self) -> None:
        """A column that names every row, where the one of titles leaves rows without a name."""
        heads = (n for n in self.free() if [one.field for one in self.known[n]][:1] == ["title"])
        full = [n for n in heads if self.worth(n) >= 0.8 and self.wordiness(n) >= 0.8]
        if full:
            self.fields[max(full, key=self.worth)] = "title"

    def weak_titles(self) -> None:
        """One column, and another where the first says the same thing twice or nothing."""
        heads = [n for n in self.free() if any(one.field == "title" for one in self.known[n])]
        heads = [n for n in heads if self.wordiness(n) >= 0.5]
        if heads and self.fields and max(map(self.coverage, heads)) < 0.4:
            heads += [n for n in self.free() if n not in heads and self.names_rows(n)]
        if not heads and (self.fields or not self.table.headings):
            unsaid = [n for n in self.free() if {m.field for m in self.known[n]} <= {"id"}]
            heads = [n for n in unsaid if self.wordiness(n) >= 0.5]
            heads = heads or [n for n in self.free() if self.wordiness(n) >= 0.5]
            heads.sort(key=lambda n: -round(self.worth(n), 1))
            heads = heads[:1]
        if not heads:
            return
        best = max(heads, key=lambda n: (round(self.worth(n), 2), -n))
        self.fields[best] = "title"
        if self.worth(best) < 0.9:
            second = next((n for n in heads if n != best), None)
            if second is None and self.fields and self.worth(best) < 0.5:
                named = [n for n in self.free() if self.names_rows(n) and self.worth(n) >= 0.8]
                second = max(named, key=self.worth, default=None)
            if second is not None:
                self.fields[second] = "title"

    def others(self) -> None:
        """Texts, tags, ids, and what only counts."""
        for n in self.free():
            told = [one for one in self.known[n] if one.rank < 2]
            fields = [one.field for one in told]
            cells = self.cells[n]
            if "title" in fields:
                fields = ["text"] if self.wordiness(n) >= 0.5 else []
            counted = all(map(is_number, cells)) and self.coverage(n) > 0.6
            if any(one.field == "title" for one in self.known[n]) and counted:
                fields = ["id" if fold(self.table.heading(n)) == "section" else "number", *fields]
            elif fold(self.table.heading(n)) == "section":
                fields = ["id"]
            if "text" in fields and self.wordiness(n) < 0.3:
                continue
            for field in fields:
                if field in ("text", "tags", "number") or (field == "id" and not self.has("id")):
                    self.fields[n] = field
                    break

    def names_rows(self, number: int) -> bool:
        """Whether a column under some other heading says in a few words what each row is."""
        heading = self.table.heading(number)
        told = any(one.field in ("text", "number", "tags") for one in self.known[number])
        few = sum(len(said(cell)) < 120 for cell in self.cells[number])
        short = share(few, len(self.cells[number])) >= 0.8
        fills = self.coverage(number) >= 0.8 and self.wordiness(number) >= 0.8
        return fills and short and not told and not is_of_others(heading)

    def coverage(self, number: int) -> float:
        """The share of rows that say something in this column."""
        return share(len(self.cells[number]), len(self.table.rows[:LOOKED_AT]))

    def wordiness(self, number: int) -> float:
        """The share of its cells that say something in words."""
        return share(sum(map(is_wordy, self.cells[number])), len(self.cells[number]))

    def worth(self, number: int) -> float:
        """How well its cells would name the rows: each by another name."""
        names = {words_of(cell) for cell in self.cells[number]}
        return self.coverage(number) * share(len(names), len(self.cells[number]))


def _is_day(cell: Value) -> bool:
    return isinstance(cell, date) or bool(parse(said(cell)))


def _is_between(cell: Value) -> bool:
    return minutes_between(cell) is not None


def _is_named_week(cell: Value) -> bool:
    text = fold(said(cell))
    return text.startswith(_WORD_OF_WEEK) and week_of(said(cell)) is not None


def _is_length(cell: Value) -> bool:
    text = said(cell)
    return not text.replace(".", "").isdecimal() and minutes_of(cell) is not None


def _place(heading: str) -> int:
    """Titles before themes, themes before names."""
    words = fold(heading).split()
    order = (("titre", "title", "intitule", "libelle", "heading"), ("topic", "topics"), ("theme",))
    return next((n for n, some in enumerate(order) for word in words if word in some), len(order))
