"""Reads lists of people as others keep them: a sheet of any program, or addresses as mail programs
copy them. What is good never waits for what is not. Nothing is stored here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from engine.people.accounts import is_address, normalise_email
from engine.people.names import full_name, whole_name
from engine.people.reasons import (
    NobodyFound,
    PersonMalformed,
    PersonTwice,
    PersonUnreachable,
    TooManyPeople,
)
from engine.sheets.read import read_book
from engine.sheets.reasons import ColumnUnnamed, ColumnUnused, Unreadable
from engine.sheets.values import SAMPLES, Book, Column, Row, Sheet, Source, said
from engine.values.folding import fold
from engine.values.lines import one_line
from engine.values.reasons import Reason

PersonField = Literal["", "email", "name", "first", "last", "group", "territory"]
MAX_PEOPLE = 10_000
MAX_BYTES = 5_000_000
LOOKED_AT = 200
_NAMES: Mapping[PersonField, str] = {
    "email": r"(adresse )?(de )?(courriel|e ?mail|mail|mel)s?( \d| address| professionnel| value)*"
    r"|adresse (electronique|de messagerie)",
    "first": r"prenoms?|first ?name|given ?name|forename|prenom usuel",
    "last": r"nom (de famille|usuel|d usage|de naissance)|last ?name|surname|family ?name",
    "name": r"noms?|name|(nom|noms) (et )?prenoms?|prenoms? (et )?noms?|nom (complet|affiche)|"
    r"(full|display) ?name|participante?s?|apprenante?s?|stagiaires?|personne|learner|agent",
    "group": r"groupes?|groups?|cohortes?|cohorts?|promotion|promo|classe|class|equipe|team",
    "territory": r"territoires?|territory|departement|region|commune|ville|epci|site|academie",
}
_LAST_FIRST = re.compile("noms? (et )?prenoms?")
_FIELDS = {field: re.compile(f"(?:{pattern})") for field, pattern in _NAMES.items()}
_AROUND = frozenset(' \t\n\r\u00a0<>;,"()[]|')
"""What ends an address on either side."""
MAX_ADDRESS = 254
_HEADER = re.compile(r"^\s*(?:to|cc|bcc|cci|à|a|de|from|destinataires?)\s*:\s*", re.IGNORECASE)
_WRAPPED = re.compile(r"\n[ \t\u00a0]{0,20}<$")
"""Mail programs break a line between a name and its address."""
_SIGNS = " \t\n\r;,|<>\u00a0\u202f\u200b"


@dataclass(frozen=True)
class Person:
    """Somebody on a list; ``line`` is where. What is not known is empty."""

    line: int
    email: str
    name: str = ""
    group: str = ""
    territory: str = ""


@dataclass(frozen=True)
class PeopleCorrections:
    """What a person says otherwise: see ``engine.curriculum.reading.Corrections``."""

    columns: Mapping[int, PersonField] = field(default_factory=dict)
    heading: int | None = None
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True)
class PeopleReading:
    """The people on a list, each address once, in order; who was left out, and why. ``columns`` is
    empty for addresses in a running text."""

    source: Source
    people: tuple[Person, ...] = ()
    left_out: tuple[Reason, ...] = ()
    refused: Reason | None = None
    columns: tuple[Column, ...] = ()
    heading: int = 0
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def read_people(
    data: bytes,
    corrections: PeopleCorrections = PeopleCorrections(),
    most: int = MAX_BYTES,
) -> PeopleReading:
    """The people in a file, or in a text that somebody pasted. Raises nothing: a file in which
    nobody can be found has the reason in ``refused``."""
    try:
        book = read_book(
            data, most=most, encoding=corrections.encoding, delimiter=corrections.delimiter
        )
    except Unreadable as refused:
        return PeopleReading(Source("text"), refused=refused.reason)
    chosen = [sheet for sheet in book.sheets if sheet.name == corrections.sheet]
    readings = [_sheet(book, sheet, corrections) for sheet in chosen or book.sheets]
    best = max(readings, key=lambda reading: len(reading.people))
    return replace(
        best,
        sheets=tuple(sheet.name for sheet in book.sheets),
        left_out=(*book.notes, *best.left_out),
        refused=None if best.people else NobodyFound(),
    )


def _sheet(book: Book, sheet: Sheet, corrections: PeopleCorrections) -> PeopleReading:
    heading, fields = _headings(sheet.rows, corrections)
    rows = sheet.rows[heading:]
    if not heading and not corrections.columns:
        if book.text and _is_running(sheet.rows):
            return _kept(PeopleReading(book.source), _running(book.text))
        fields = _by_content(rows)
    width = max([len(row.cells) for row in sheet.rows], default=0)
    fields = {**{n: fields.get(n, "") for n in range(width)}, **corrections.columns}
    names = [said(cell) for cell in sheet.rows[heading - 1].cells] if heading else []
    columns = tuple(_columns(rows, names, fields))
    reading = PeopleReading(
        book.source,
        left_out=tuple(_unused(columns)) if heading else (),
        columns=columns,
        heading=sheet.rows[heading - 1].line if heading else 0,
        sheet=sheet.name,
    )
    last_first = any(_LAST_FIRST.fullmatch(fold(name)) for name in names)
    return _kept(reading, _people(rows, fields, last_first))


def _headings(
    rows: Sequence[Row], corrections: PeopleCorrections
) -> tuple[int, dict[int, PersonField]]:
    """How many rows there are to the headings and with them, and the field of each column."""
    if corrections.heading == 0:
        return 0, {}
    best, found = 0, dict[int, PersonField]()
    for number, row in enumerate(rows[:30], 1):
        fields = _fields(row)
        chosen = row.line == corrections.heading
        if chosen or ("email" in fields.values() and len(fields) > len(found)):
            best, found = number, fields
            if chosen:
                break
    return best, found


def _fields(row: Row) -> dict[int, PersonField]:
    """What headings say, each field once."""
    found: dict[int, PersonField] = {}
    for number, cell in enumerate(row.cells):
        name = fold(said(cell).replace("(s)", ""))
        for one, pattern in _FIELDS.items():
            if one not in found.values() and pattern.fullmatch(name):
                found[number] = one
                break
    if "first" in found.values() and "last" not in found.values():
        found = {n: "last" if one == "name" else one for n, one in found.items()}
    return found


def _by_content(rows: Sequence[Row]) -> dict[int, PersonField]:
    """The column of addresses, and those beside it that hold words: names."""
    looked = rows[:LOOKED_AT]
    width = max([len(row.cells) for row in looked], default=0)
    held = {n: sum("@" in said(row.cell(n)) for row in looked) for n in range(width)}
    if not held or not max(held.values()):
        return {}
    email = max(held, key=lambda n: (held[n], -n))
    words = [n for n in held if n != email and _words(looked, n) > len(looked) / 2][:2]
    fields: dict[int, PersonField] = {email: "email"}
    if len(words) == 2:
        last = max(words, key=lambda n: sum(said(row.cell(n)).isupper() for row in looked))
        capitals = sum(said(row.cell(last)).isupper() for row in looked) > len(looked) / 2
        last = last if capitals else words[1]
        fields |= {n: "last" if n == last else "first" for n in words}
    elif words:
        fields[words[0]] = "name"
    return fields


def _words(rows: Sequence[Row], number: int) -> int:
    cells = (said(row.cell(number)) for row in rows)
    return sum(bool(re.fullmatch(r"[^\d@/:;]*[^\W\d_]{2}[^\d@/:;]*", cell)) for cell in cells)


def _is_running(rows: Sequence[Row]) -> bool:
    """Whether addresses stand in a text rather than in a column of their own."""
    held = [[said(cell) for cell in row.cells if "@" in said(cell)] for row in rows[:LOOKED_AT]]
    return any(len(cells) > 1 or any("<" in cell for cell in cells) for cells in held) or all(
        len(row.cells) == 1 for row in rows[:LOOKED_AT]
    )


@dataclass(frozen=True)
class _Said:
    """What a line says of somebody, before it is judged."""

    line: int
    email: str
    words: str
    name: str = ""
    group: str = ""
    territory: str = ""


def _people(
    rows: Sequence[Row], fields: Mapping[int, PersonField], last_first: bool
) -> Iterator[_Said]:
    columns = {one: n for n, one in fields.items() if one}

    def cell(row: Row, one: PersonField) -> str:
        return one_line(said(row.cell(columns[one]))) if one in columns else ""

    for row in rows:
        email, beside = next(_mailboxes(cell(row, "email")), (cell(row, "email"), ""))
        name = full_name(cell(row, "first"), cell(row, "last"))
        name = name or whole_name(cell(row, "name"), last_first) or beside
        words = " ".join(filter(None, map(one_line, map(said, row.cells))))
        yield _Said(row.line, email, words, name, cell(row, "group"), cell(row, "territory"))


def _running(text: str) -> Iterator[_Said]:
    """The people of a text such as « Anne Exemple <anne@…>; Exemple, Bruno <…> »."""
    at, line = 0, 1
    text = "\n".join(_HEADER.sub("", one) for one in text.split("\n"))
    for begin, end in _addresses(text):
        before = text[at:begin]
        *others, own = _pieces(_WRAPPED.sub(" <", before))
        for words, further in others:
            yield _Said(line + further, "", words)
        line += before.count("\n")
        yield _Said(line, text[begin:end], text[begin:end], whole_name(own[0]))
        at = end
    for words, further in _pieces(text[at:]):
        if words:
            yield _Said(line + further, "", words)


def _pieces(text: str) -> list[tuple[str, int]]:
    """What stands between two addresses, cut at semicolons and line ends outside of quotation
    marks; the last piece is the name before the second address. Each with its lines from here."""
    found, at, lines = list[tuple[str, int]](), 0, 0
    for cut in re.finditer(r'"[^"]*"|[;\n]', text):
        if cut[0] in ";\n":
            words = text[at : cut.start()].strip(_SIGNS)
            lines += text.count("\n", at, cut.start())
            if words:
                found.append((words, lines))
            lines += cut[0] == "\n"
            at = cut.end()
    return [*found, (text[at:].strip(_SIGNS), lines + text.count("\n", at))]


def _mailboxes(cell: str) -> Iterator[tuple[str, str]]:
    """The addresses in a cell, each with what stands before it as a name."""
    at = 0
    for begin, end in _addresses(cell):
        yield cell[begin:end], whole_name(cell[at:begin].strip(_SIGNS))
        at = end


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where the addresses of a text begin and end."""
    at = 0
    while (sign := text.find("@", at)) >= 0:
        begin, end = sign, sign + 1
        while begin > at and sign - begin < MAX_ADDRESS and text[begin - 1] not in _AROUND:
            begin -= 1
        while end < len(text) and end - sign < MAX_ADDRESS and text[end] not in _AROUND:
            end += 1
        yield begin, end
        at = end


def _kept(reading: PeopleReading, people: Iterator[_Said]) -> PeopleReading:
    """The reading with these people, each address once."""
    found: dict[str, Person] = {}
    left_out: list[Reason] = []
    for one in people:
        if len(left_out) == MAX_PEOPLE:
            break
        address = one.email.strip(_SIGNS + "'’.:").removeprefix("mailto:")
        if not address:
            if one.words:
                left_out.append(PersonUnreachable(one.line, one.words[:200]))
        elif not is_address(address):
            left_out.append(PersonMalformed(one.line, address[:200]))
        elif (email := normalise_email(address)) in found:
            first = found[email]
            left_out.append(PersonTwice(one.line, email, first.line))
            found[email] = replace(
                first,
                name=first.name or one.name,
                group=first.group or one.group,
                territory=first.territory or one.territory,
            )
        elif len(found) == MAX_PEOPLE:
            left_out.append(TooManyPeople(one.line, MAX_PEOPLE))
            break
        else:
            found[email] = Person(one.line, email, one.name, one.group, one.territory)
    return replace(reading, people=tuple(found.values()), left_out=(*reading.left_out, *left_out))


def _columns(
    rows: Sequence[Row], names: Sequence[str], fields: Mapping[int, PersonField]
) -> Iterator[Column]:
    for number, one in fields.items():
        cells = (one_line(said(row.cell(number)))[:80] for row in rows[:LOOKED_AT])
        samples = tuple(cell for cell in cells if cell)[:SAMPLES]
        heading = one_line(names[number]) if number < len(names) else ""
        if samples or heading:
            yield Column(number, heading, one, samples)


def _unused(columns: Sequence[Column]) -> Iterator[Reason]:
    for column in columns:
        if not column.field:
            named = column.heading
            yield ColumnUnused(named[:200]) if named else ColumnUnnamed(column.number + 1)
