"""For each of a few rows, one thing to do or to leave, within the hours that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.forms.base import Field, Said, Strings, Value, one_of, parts
from engine.forms.reasons import AnswerEmpty, HoursTooMany
from engine.values.errors import Invalid
from engine.values.reasons import Reason

MINUTES_A_ROW = 0.25


@dataclass(frozen=True)
class Offer:
    """One thing to do; ``label`` is a string id."""

    id: str
    label: str
    hours: int


@dataclass(frozen=True)
class Row:
    """What is offered for one row, whose ``label`` is a string id."""

    label: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class Hours(Field):
    """One offer for each of ``rows``, whose hours together are ``most`` at most. The value maps
    the id of a row to that of an offer. The first offer of each costs nothing."""

    id: str
    rows: Mapping[str, Row]
    most: int
    kind: ClassVar[str] = "hours"
    gain: ClassVar[float] = 0.12

    @property
    def minutes(self) -> float:
        return MINUTES_A_ROW * len(self.rows)

    @property
    def sample(self) -> Value:
        return {name: row.offers[0].id for name, row in self.rows.items()}

    def parse(self, said: Said) -> Value:
        whole = parts(said, self.id, *self.rows)
        if not whole:
            raise Invalid(AnswerEmpty(), field=self.id)
        value = {
            name: one_of(
                whole.get(name), f"{self.id}.{name}", {one.id: one.id for one in row.offers}
            )
            for name, row in self.rows.items()
        }
        hours = sum(one.hours for one in self.taken(value))
        if hours > self.most:
            raise Invalid(HoursTooMany(hours=hours, most=self.most), field=self.id)
        return value

    def taken(self, value: Mapping[str, str]) -> Iterator[Offer]:
        """What was taken for each row, in their order."""
        for name, row in self.rows.items():
            yield next(one for one in row.offers if one.id == value[name])

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        """What was taken for each row, in their order."""
        taken = zip(self.rows.values(), self.taken(value), strict=True)
        return " · ".join(f"{strings(row.label)} ({strings(one.label)})" for row, one in taken)

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                name: {"enum": [one.id for one in row.offers]} for name, row in self.rows.items()
            },
            "required": list(self.rows),
            "additionalProperties": False,
        }

    def strings(self) -> tuple[str, ...]:
        return tuple(
            string
            for row in self.rows.values()
            for string in (row.label, *(one.label for one in row.offers))
        )

    def said_with(self, value: Value) -> tuple[str, ...]:
        labels = (row.label for row in self.rows.values())
        return (*labels, *(one.label for one in self.taken(value)))
