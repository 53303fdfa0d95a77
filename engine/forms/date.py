"""A calendar day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from engine.forms.base import Field, Said, Strings, Value
from engine.forms.reasons import AnswerEmpty, AnswerMalformed, AnswerOutOfRange, PlainValue
from engine.values.errors import Invalid
from engine.values.reasons import Reason

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Date(Field):
    """A day from ``first`` to ``last``, in ISO 8601 (``2027-01-12``)."""

    id: str
    first: date
    last: date
    kind: ClassVar[str] = "date"
    minutes: ClassVar[float] = 0.3
    gain: ClassVar[float] = 0.12

    @property
    def sample(self) -> Value:
        return self.first.isoformat()

    def parse(self, said: Said) -> Value:
        raw = said.get(self.id)
        if raw is None or raw == "":
            raise Invalid(AnswerEmpty(), field=self.id)
        day = _day(raw)
        if day is None:
            raise Invalid(AnswerMalformed(), field=self.id)
        if not self.first <= day <= self.last:
            raise Invalid(AnswerOutOfRange(least=self.first, most=self.last), field=self.id)
        return day.isoformat()

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        return PlainValue(value=date.fromisoformat(value))

    def json_schema(self) -> dict[str, Any]:
        """The schema without the bounds: JSON Schema cannot compare days."""
        return {"type": "string", "format": "date"}


def _day(raw: object) -> date | None:
    """A day in the one format that browsers send; other ISO forms are refused."""
    if not isinstance(raw, str) or not _WRITTEN.fullmatch(raw):
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None
