"""Reads days as people write them, in French or English: with or without the weekday, the year, the
hour; one day or a range. What can be read in two ways is not read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from engine.sheets.values import Value
from engine.values.folding import bare

Span = tuple[date, date | None]
"""A day; the last one too, where two were said."""

MONTHS = (
    ("janvier", "january", "janv", "jan"),
    ("fevrier", "february", "fevr", "fev", "feb"),
    ("mars", "march", "mar"),
    ("avril", "april", "avr", "apr"),
    ("mai", "may"),
    ("juin", "june", "jun"),
    ("juillet", "july", "juil", "jul"),
    ("aout", "august", "aug"),
    ("septembre", "september", "sept", "sep"),
    ("octobre", "october", "oct"),
    ("novembre", "november", "nov"),
    ("decembre", "december", "dec"),
)
_MONTH_OF = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
_MONTH = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_WEEKDAYS = (
    ("lundi", "monday", "lun", "mon"),
    ("mardi", "tuesday", "tues", "tue"),
    ("mercredi", "wednesday", "mer", "wed"),
    ("jeudi", "thursday", "thurs", "thur", "thu", "jeu"),
    ("vendredi", "friday", "ven", "fri"),
    ("samedi", "saturday", "sam", "sat"),
    ("dimanche", "sunday", "dim", "sun"),
)
_WEEKDAY_OF = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
WEEKDAYS = tuple(name for names in _WEEKDAYS for name in names[:2])
"""Their whole names."""
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NAMED_DAY = re.compile(rf"\b({'|'.join(sorted(_WEEKDAY_OF, key=len, reverse=True))})s?\b\.?,?")
_MAR = re.compile(rf"\bmar\b\.?,?(?=\s*\d{{1,2}}(er)?\s*([/.-]|({_MONTH})\b))")
"""« mar. 17 mars » is a Tuesday."""
_TIME = re.compile(
    r"(?:(?<=\d)t|\b)\d{1,2}\s*(?::\s*\d\d(?::\d\d(?:\.\d+)?)?|h\s*\d\d|h)\s*([ap]\.?m\b\.?)?z?"
    r"|\b\d{1,2}\s*[ap]\.?m\b\.?"
)
_LETTER = re.compile(rf"^(?:m|t|w|th|r|f|tu|we|fr|sa|su|tth|mw|mwf)\b\.?,?\s+(?=\d|{_MONTH}\b)")
"""“Th Jan 16” begins with its weekday, in a letter or two."""
_HYPHEN = re.compile(r"\s*(\d{1,2})-(\d{1,2})\s*")
_ORDINAL = re.compile(r"\b(?:day|jour|jours|j|session|seance)\s*\d{1,2}\b(?!\s*(?:au|a|to|-))")
"""« Jour 2 (16 juillet) » counts days."""
_TH = "(?:er|ere|st|nd|rd|th)?"
_ATOM = re.compile(
    r"\b(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})\b"
    r"|\b(?P<a2>\d{1,2})(?P<sep>[-/. ])(?P<b2>\d{1,2})[-/. ](?P<y2>\d{4}|\d\d)\b"
    rf"|\b(?P<d3>\d{{1,2}}){_TH}[\s./-]*(?:of\s+|de\s+)?(?P<m3>{_MONTH})\b\.?"
    r"(?:[\s,./-]+(?P<y3>\d{4})\b|[-/.'\s](?P<s3>\d\d)\b(?=\s*(?:$|[-–—,)]|au\b|to\b)))?"
    rf"|\b(?P<m4>{_MONTH})\b\.?[\s./-]*(?P<d4>\d{{1,2}}){_TH}\b(?:,?\s*(?P<y4>\d{{4}})\b)?"
    r"|\b(?P<a5>\d{1,2})[/.](?P<b5>\d{1,2})\b"
    r"|\b(?P<y6>(?:19|20)\d\d)\b"
    rf"|\b(?P<d7>\d{{1,2}}){_TH}\b"
)
_CONNECTORS = re.compile(
    r"\b(du|au|le|les|de|des|a|to|from|until|till|the|of|and|et|puis|jusqu|on|en|in|week|semaine|"
    r"beginning|commencing|matin|matinee|apres midi|soir|soiree|journee|am|pm|morning|afternoon|"
    r"evening|noon|midi|day|jour)\b|[-–—,&()/→>~.:;+'’\s]"
)


@dataclass(frozen=True)
class Said:
    """A day as it was written: ``first`` and ``second`` are day and month, or the other way round
    where ``sure`` is False. What is None was not written."""

    first: int
    second: int | None
    year: int | None
    sure: bool = True
    weekday: int | None = None


def parse(text: str) -> tuple[Said, ...]:
    """The days that a cell says, one or several; none if it says anything else."""
    for one in (text, _BRACKETS.sub(" ", text)):
        if found := _parsed(one):
            return found
    return ()


def _parsed(text: str) -> tuple[Said, ...]:
    if len(text) > 100 or not any(c.isdigit() for c in text):
        return ()
    plain = " ".join(bare(text).split())
    named = _NAMED_DAY.search(plain)
    weekday = _WEEKDAY_OF[named[1]] if named else 1 if _MAR.search(plain) else None
    plain = _LETTER.sub("", _ORDINAL.sub(" ", plain))
    plain = _TIME.sub(" ", _MAR.sub(" ", _NAMED_DAY.sub(" ", plain)))
    if weekday is not None and (short := _HYPHEN.fullmatch(plain)):
        return (Said(int(short[1]), int(short[2]), None, False, weekday),)
    atoms = list(_atoms(_ATOM.finditer(plain)))
    if not atoms or _CONNECTORS.sub("", _ATOM.sub("", plain).replace("'", " ")):
        return ()
    if len(atoms) > 8 or any(said.second is None for said in atoms):
        return ()
    return (replace(atoms[0], weekday=weekday), *atoms[1:])


def _atoms(found: Iterable[re.Match[str]]) -> Iterator[Said]:
    """The days, each with the month and the year of those beside it where it has none."""
    atoms: list[Said] = []
    for match in found:
        one = match.groupdict()
        if one["y6"]:
            year = int(one["y6"])
            atoms = [replace(said, year=said.year or year) for said in atoms]
        else:
            atoms.append(_atom(one))
    for number in range(len(atoms) - 2, -1, -1):
        after, said = atoms[number + 1], atoms[number]
        month = after.second if said.second is None else said.second
        sure = said.sure if said.second is not None else after.sure
        atoms[number] = replace(said, second=month, year=said.year or after.year, sure=sure)
    for number in range(1, len(atoms)):
        if atoms[number].second is None:
            before = atoms[number - 1]
            atoms[number] = replace(
                atoms[number], second=before.second, year=atoms[number].year or before.year
            )
    yield from atoms


def _atom(one: dict[str, str | None]) -> Said:
    if one["y1"]:
        return Said(int(one["d1"] or 0), int(one["m1"] or 0), int(one["y1"]))
    if one["a2"]:
        year = _year(one["y2"] or "")
        return Said(int(one["a2"]), int(one["b2"] or 0), year, sure=one["sep"] == ".")
    if one["d3"]:
        short = one["s3"] or one["y3"]
        return Said(int(one["d3"]), _MONTH_OF[one["m3"] or ""], _year(short) if short else None)
    if one["m4"]:
        said = one["y4"]
        return Said(int(one["d4"] or 0), _MONTH_OF[one["m4"]], int(said) if said else None)
    if one["a5"]:
        return Said(int(one["a5"]), int(one["b5"] or 0), None, sure=False)
    return Said(int(one["d7"] or 0), None, None)


def _year(written: str) -> int:
    """A year of two digits is the one between 1970 and 2069."""
    year = int(written)
    return year if year > 99 else year + (2000 if year < 70 else 1900)


@dataclass(frozen=True)
class Calendar:
    """What is known of a column of days: whether the day comes before the month (None if that is
    not known), years that are named elsewhere, and today."""

    day_first: bool | None = True
    years: tuple[int, ...] = ()
    today: date | None = None


def spans(values: Sequence[Value], calendar: Calendar) -> list[Span | None]:
    """The days of a column, each None that cannot be read for sure. Years that nobody wrote follow
    from the others: a course goes forward."""
    said = [parse(value) if isinstance(value, str) else () for value in values]
    order = _order(said, calendar)
    found: list[Span | None] = []
    before: date | None = None
    for value, parsed in zip(values, said, strict=True):
        span = _typed(value) or (_span(parsed, order, calendar, before) if parsed else None)
        before = span[0] if span else before
        found.append(span)
    return found


def _typed(value: Value) -> Span | None:
    if isinstance(value, datetime):
        return value.date(), None
    return (value, None) if isinstance(value, date) else None


def _order(said: Sequence[tuple[Said, ...]], calendar: Calendar) -> bool | None:
    """Whether the day comes first in this column: as its numbers tell, else as the language does,
    else as the days rise; None if nothing tells."""
    unsure = [one for days in said for one in days if not one.sure]
    fits = {first: all(_possible(one, first) for one in unsure) for first in (True, False)}
    if fits[True] != fits[False]:
        return fits[True]
    if calendar.day_first is not None:
        return calendar.day_first
    heads = [days[0] for days in said if days]
    rising = {first: _rises(heads, first) for first in (True, False)}
    return None if rising[True] == rising[False] and len(unsure) else not rising[False]


def _possible(one: Said, day_first: bool) -> bool:
    day, month = (one.first, one.second) if day_first else (one.second, one.first)
    return 1 <= (month or 0) <= 12 and 1 <= (day or 0) <= 31


def _rises(heads: Sequence[Said], day_first: bool) -> bool:
    """Whether days rise, by weeks rather than by months, when they are read in that order."""
    keys = [
        (
            one.year or 0,
            *(
                (one.second or 0, one.first)
                if one.sure or day_first
                else (one.first, one.second or 0)
            ),
        )
        for one in heads
    ]
    months = [(year, month) for year, month, _day in keys]
    steps = list(pairwise(keys))
    return len(keys) > 1 and all(a <= b for a, b in steps) and len(set(months)) < len(months)


def _span(
    parsed: tuple[Said, ...], day_first: bool | None, calendar: Calendar, before: date | None
) -> Span | None:
    if day_first is None and any(not one.sure and one.first != one.second for one in parsed):
        return None
    first = _day(parsed[0], bool(day_first), calendar, before)
    if first is None or len(parsed) == 1:
        return (first, None) if first else None
    last = _day(parsed[-1], bool(day_first), calendar, first)
    return (first, last) if last and first <= last else None


def _day(said: Said, day_first: bool, calendar: Calendar, before: date | None) -> date | None:
    first, second = said.first, said.second or 0
    day, month = (first, second) if said.sure or day_first else (second, first)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    years = [said.year] if said.year else list(_years(said, month, calendar, before))
    made = [found for year in years if (found := _made(year, month, day)) is not None]
    if said.year or not made:
        return made[0] if made else None
    fitting = [one for one in made if said.weekday in (None, one.weekday())]
    return (fitting or made)[0]


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _years(said: Said, month: int, calendar: Calendar, before: date | None) -> Iterator[int]:
    """The years that a day without one may be of, the likeliest first."""
    if before is not None:
        yield before.year + (1 if month < before.month - 2 else 0)
        return
    if len(calendar.years) > 1 and calendar.years[1] == calendar.years[0] + 1:
        yield calendar.years[0 if month >= 8 else 1]
    elif calendar.years:
        yield calendar.years[0]
    elif calendar.today is not None:
        middle = calendar.today - timedelta(days=120)
        now = calendar.today.year
        near = [now, now + 1, now - 1]
        first = next((y for y in near if middle <= date(y, month, 1) < middle + timedelta(365)), 0)
        further = [now - 2, now - 3, now - 4] if said.weekday is not None else []
        yield from dict.fromkeys([first or now, *near, *further])
