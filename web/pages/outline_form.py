"""What the page of a reading posts, and what is kept of it: only what a person says otherwise than
it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast, get_args

from flask_babel import gettext

from engine.curriculum.durations import Unit
from engine.curriculum.limits import MAX_TITLE
from engine.curriculum.names import slug
from engine.curriculum.outline import Audience, Mode, Outline
from engine.curriculum.reading import Corrections
from engine.curriculum.vocabulary import FIELDS, Field
from engine.sheets.encoding import ENCODINGS
from engine.values.errors import Invalid
from engine.values.languages import LANGUAGES
from engine.values.lines import one_line
from web.site import forms
from web.site.reasons import NumberMalformed

DELIMITERS = (";", ",", "\t", "|")
LISTS: Mapping[str, tuple[str, ...]] = {
    "language": LANGUAGES,
    "encoding": ENCODINGS,
    "delimiter": DELIMITERS,
    "unit": get_args(Unit),
    "day_first": ("yes", "no"),
    "mode": get_args(Mode),
    "maturity": (forms.UNSAID, "1", "2", "3", "4"),
}
NUMBERS: Mapping[str, tuple[int, int]] = {
    "heading": (0, 10_000),
    "year": (1900, 2200),
    "group_size": (1, 100_000),
}
REOPENING = ("sheet", "encoding", "delimiter", "heading")
"""Once one of these is otherwise, other columns stand there."""
ABOUT_THE_COURSE = ("title", "group_size", "mode", "maturity")
"""These change nothing of how the file is read."""


def corrected(said: Mapping[str, Any], form: forms.Form) -> dict[str, Any]:
    """What was said so far and what this form says otherwise: a field counts where it differs from
    what the page showed (``was-`` and its name). Raises ``Invalid`` for a number that is none."""
    now = dict(said)
    for name in ("title", "sheet", *LISTS, *NUMBERS):
        if name in form and form[name] != form.get(f"was-{name}"):
            if (value := _value(name, form[name])) is None:
                now.pop(name, None)
            else:
                now[name] = value
    if any(now.get(name) != said.get(name) for name in REOPENING):
        now["columns"] = {}
    else:
        now["columns"] = {**said.get("columns", {}), **_columns(form)}
    return now


def is_read_otherwise(said: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether the file reads otherwise with what is said now, so that somebody has to look
    again."""
    about = ({k: v for k, v in one.items() if k not in ABOUT_THE_COURSE} for one in (said, now))
    before, after = ({"columns": {}} | one for one in about)
    return before != after


def corrections_of(said: Mapping[str, Any]) -> Corrections:
    """What was said, as the reader takes it."""
    day_first = said.get("day_first")
    return Corrections(
        columns={int(number): one for number, one in said.get("columns", {}).items()},
        heading=said.get("heading"),
        language=said.get("language"),
        title=said.get("title", ""),
        sheet=said.get("sheet", ""),
        encoding=said.get("encoding", ""),
        delimiter=said.get("delimiter", ""),
        unit=said.get("unit", ""),
        day_first=None if day_first is None else day_first == "yes",
        year=said.get("year"),
    )


def for_whom(outline: Outline, said: Mapping[str, Any]) -> Outline:
    """The outline for the people that somebody says take it."""
    there = outline.audience
    maturity = said.get("maturity", there.maturity)
    title = said.get("title") or outline.title
    is_titled = outline.id == slug(outline.title)  # and not by an id of its own
    return replace(
        outline,
        id=slug(title) or outline.id if is_titled else outline.id,
        title=title,
        audience=Audience(
            there.language if "language" not in said else outline.language,
            said.get("group_size", there.group_size),
            cast(Mode, said.get("mode", there.mode)),
            None if maturity in (None, forms.UNSAID) else int(maturity),
        ),
    )


def lists() -> dict[str, Any]:
    """The names of fields, encodings and delimiters, for the lists of the page."""
    fields: Mapping[Field, str] = {
        "": gettext("not used"),
        "title": gettext("the title"),
        "text": gettext("the text"),
        "week": gettext("the week"),
        "starts": gettext("the day, or the first one"),
        "ends": gettext("the last day"),
        "minutes": gettext("the duration"),
        "tags": gettext("tags"),
        "number": gettext("a number (the order says it)"),
        "id": gettext("an identifier"),
    }
    return {
        "field_names": list(fields.items()),
        "encodings": encodings(),
        "delimiters": delimiters(),
    }


def encodings() -> list[tuple[str, str]]:
    """Each encoding with the name that programs give it."""
    names = {
        "utf-8": "UTF-8",
        "utf-16": "Unicode (UTF-16)",
        "cp1252": "Windows (cp1252)",
        "mac-roman": gettext("old Macs (Mac Roman)"),
        "cp850": "MS-DOS (cp850)",
        "iso-8859-15": "Latin 9 (ISO 8859-15)",
    }
    return [(one, names[one]) for one in ENCODINGS]


def delimiters() -> list[tuple[str, str]]:
    """What may stand between two cells, in words."""
    return [
        ("", gettext("nothing")),
        (";", gettext("a semicolon")),
        (",", gettext("a comma")),
        ("\t", gettext("a tab")),
        ("|", gettext("a bar")),
    ]


def _columns(form: forms.Form) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for name, value in form.items():
        number = name.removeprefix("column-")
        is_column = number != name and number.isdecimal() and len(number) < 4 and value in FIELDS
        if is_column and value != form.get(f"was-column-{number}"):
            found[number] = cast(Field, value)
    return found


def _value(name: str, written: str) -> Any:
    """What a field says; None if it says nothing. Raises ``Invalid``."""
    if name in NUMBERS:
        low, high = NUMBERS[name]
        number = forms.number(forms.Form({name: written}), name) if written else None
        if number is not None and not low <= number <= high:
            raise Invalid(NumberMalformed(), field=name)
        return number
    if name in LISTS:
        return written if written in LISTS[name] and written else None
    return one_line(written)[:MAX_TITLE] or None
