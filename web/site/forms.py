"""Converts a submitted form to a value, or raises an ``Invalid`` that names the field: a view never
sees raw input."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, time
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from engine.courses.outlines import PastedList
from engine.forms.base import Said
from engine.journey.addresses import MAIL
from engine.journey.answering import Asking
from engine.journey.joining import Preferences
from engine.journey.reasons import PREFERENCES, PromptUnknown
from engine.packs.prompts.base import Answer
from engine.values.errors import Invalid, NotFound
from web.site.reasons import DayMalformed, NumberMalformed

Value = TypeVar("Value")
Form = MultiDict[str, str]
UNSAID = "any"
"""What a list sends whose first entry is « I cannot say »."""


def preferences(form: Form) -> Preferences:
    """Reads the rhythm form. Raises ``Invalid("preference-…", field=…)`` for a value of the wrong
    type."""
    return Preferences(
        channel=form.get("channel", ""),
        language=form.get("language", ""),
        zone=form.get("zone", ""),
        hour=_read(form, "hour", _hour),
        opens=_read(form, "opens", _hour),
        closes=_read(form, "closes", _hour),
        days_off=tuple(_number(day, "days_off") for day in form.getlist("days_off")),
        country=form.get("country", ""),
        touch_minutes=_read(form, "touch_minutes", float),
        week_minutes=_read(form, "week_minutes", float),
        gap_days=_number(form.get("gap_days", ""), "gap_days"),
    )


def addresses(form: Form, channels: Collection[str]) -> dict[str, str]:
    """The addresses that the rhythm form gives for channels beside mail, by channel; an empty one
    takes the address back."""
    names = {channel: f"address_{channel}" for channel in channels if channel != MAIL}
    return {channel: form[name] for channel, name in names.items() if name in form}


def asking(touch: int, form: Form) -> Asking:
    """Reads which prompt of that touch, and which asking of it, a form is about. Raises
    ``Invalid("number-malformed", …)``, and ``NotFound("prompt-unknown")`` for an id that no
    database could look up."""
    enrolment, prompt = form.get("enrolment", ""), form.get("prompt", "")
    if "\0" in enrolment + prompt:
        raise NotFound(PromptUnknown())
    return Asking(touch, enrolment, prompt, number(form, "occurrence"))


def said(form: Form) -> Said:
    """The fields of a form by name: text, or a list if a name came more than once."""
    return {name: several if len(several) > 1 else several[0] for name, several in form.lists()}


def as_written(answer: Answer) -> dict[str, Any]:
    """An answer as the form fields it came from: the inverse of reading ``said``."""
    written: dict[str, Any] = {}
    for field, value in answer.items():
        if isinstance(value, Mapping):
            written |= {f"{field}.{part}": str(one) for part, one in value.items()}
        else:
            written[field] = value if isinstance(value, list) else str(value)
    return written


def pasted(form: Form) -> PastedList:
    """Reads the form with a course's list of sections. Raises ``Invalid("number-malformed",
    field=…)``."""
    return PastedList(form.get("sections", ""), form.get("spoken", ""), maturity(form))


def maturity(form: Form) -> int | None:
    """Reads how used learners are to alliances; None where somebody cannot say. Raises
    ``Invalid("number-malformed", field="maturity")``."""
    return None if form.get("maturity") == UNSAID else number(form, "maturity")


def day(form: Form, field: str) -> date:
    """Reads a calendar day. Raises ``Invalid("day-malformed", field=…)``."""
    try:
        return date.fromisoformat(form.get(field, ""))
    except ValueError as wrong:
        raise Invalid(DayMalformed(), field=field) from wrong


def number(form: Form, field: str) -> int:
    """Reads a whole number. Raises ``Invalid("number-malformed", field=…)``."""
    return _number(form.get(field, ""), field)


def _number(text: str, field: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid(NumberMalformed(), field=field)
    return int(text)


def _hour(text: str) -> time:
    """Parses a local time. ISO 8601 also allows times with an offset (« 08:40Z »), which cannot be
    compared with local ones."""
    read = time.fromisoformat(text)
    if read.tzinfo is not None:
        raise ValueError("a local hour has no offset")
    return read


def _read(form: Form, field: str, kind: Callable[[str], Value]) -> Value:
    try:
        return kind(form.get(field, ""))
    except ValueError as wrong:
        raise Invalid(PREFERENCES[field], field=field) from wrong
