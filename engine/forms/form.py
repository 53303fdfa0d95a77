"""A form: fields that are answered together, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.forms.base import Field, Option, Said, Strings, Value
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Form:
    """Fields in display order; none if there is nothing to say."""

    fields: tuple[Field, ...] = ()

    def parse(self, said: Said) -> dict[str, Value]:
        """The parsed input by field id; unknown names are ignored. Raises the ``Invalid`` of the
        first field that cannot be parsed."""
        return {field.id: field.parse(said) for field in self.fields}

    def bare(self, said: Said) -> dict[str, Value]:
        """What is left of parsed input without the person's own words."""
        return {field.id: field.bare(said[field.id]) for field in self.fields}

    def strings(self) -> tuple[str, ...]:
        """Every string id that its controls show."""
        return tuple(string for field in self.fields for string in field.strings())

    def said_with(self, said: Said) -> tuple[str, ...]:
        """The string ids that ``words`` uses for this input."""
        return tuple(s for field in self.fields for s in field.said_with(said[field.id]))

    def words(self, said: Said, strings: Strings, lang: str) -> tuple[str | Reason, ...]:
        """The input in words, field by field: Markdown, or a ``Reason``."""
        return tuple(field.words(said[field.id], strings, lang) for field in self.fields)

    @property
    def minutes(self) -> float:
        """Minutes to answer."""
        return sum(field.minutes for field in self.fields)

    @property
    def gain(self) -> float:
        """The value of an answer to spacing: that of its best field."""
        return max((field.gain for field in self.fields), default=0)

    @property
    def own_words(self) -> bool:
        """Whether it must be answered in the learner's own words."""
        return any(field.own_words for field in self.fields)

    @property
    def sample(self) -> dict[str, Value]:
        """Sample input."""
        return {field.id: field.sample for field in self.fields}

    @property
    def sender(self) -> str | None:
        """The field whose tap submits the whole form: the last one, if no other can be answered by
        a tap. None means the form has a button of its own."""
        tapped = [n for n, field in enumerate(self.fields, start=1) if field.taps()]
        return self.fields[-1].id if tapped == [len(self.fields)] else None

    def taps(self) -> tuple[tuple[str, Option], ...]:
        """(field id, option) for every possible answer, if a single tap completes the form."""
        if len(self.fields) != 1:
            return ()
        return tuple((self.fields[0].id, option) for option in self.fields[0].taps())

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema (draft 2020-12) of what ``parse`` returns."""
        return {
            "type": "object",
            "properties": {field.id: field.json_schema() for field in self.fields},
            "required": [field.id for field in self.fields],
            "additionalProperties": False,
        }
