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
class Priced:
    """One thing to do; ``label`` is a string id."""

    id: str
    label: str
    hours: int


@dataclass(frozen=True)
class Shelf:
    """What is offered for one row, whose ``label`` is a string id."""

    label: str
    offers: tuple[Priced, ...]


@dataclass(frozen=True)
class Basket(Field):
    """One offer for each of ``shelves``, whose hours together are ``most`` at most. The value maps
    the id of a shelf to that of an offer. The first offer of each costs nothing."""

    id: str
    shelves: Mapping[str, Shelf]
    most: int
    kind: ClassVar[str] = "basket"
    gain: ClassVar[float] = 0.12

    @property
    def minutes(self) -> float:
        return MINUTES_A_ROW * len(self.shelves)

    @property
    def sample(self) -> Value:
        return {name: shelf.offers[0].id for name, shelf in self.shelves.items()}

    def parse(self, said: Said) -> Value:
        whole = parts(said, self.id, *self.shelves)
        if not whole:
            raise Invalid(AnswerEmpty(), field=self.id)
        value = {
            name: one_of(
                whole.get(name), f"{self.id}.{name}", {one.id: one.id for one in shelf.offers}
            )
            for name, shelf in self.shelves.items()
        }
        hours = sum(one.hours for one in self.taken(value))
        if hours > self.most:
            raise Invalid(HoursTooMany(hours=hours, most=self.most), field=self.id)
        return value

    def taken(self, value: Mapping[str, str]) -> Iterator[Priced]:
        """What was taken for each row, in their order."""
        for name, shelf in self.shelves.items():
            yield next(one for one in shelf.offers if one.id == value[name])

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        """What was taken for each row, in their order."""
        taken = zip(self.shelves.values(), self.taken(value), strict=True)
        return " · ".join(f"{strings(shelf.label)} ({strings(one.label)})" for shelf, one in taken)

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                name: {"enum": [one.id for one in shelf.offers]}
                for name, shelf in self.shelves.items()
            },
            "required": list(self.shelves),
            "additionalProperties": False,
        }

    def strings(self) -> tuple[str, ...]:
        return tuple(
            string
            for shelf in self.shelves.values()
            for string in (shelf.label, *(one.label for one in shelf.offers))
        )

    def said_with(self, value: Value) -> tuple[str, ...]:
        labels = (shelf.label for shelf in self.shelves.values())
        return (*labels, *(one.label for one in self.taken(value)))
