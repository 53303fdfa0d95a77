"""A choice among a few options: one of them, or several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.forms.base import Field, Option, Said, Strings, Value, one_of
from engine.forms.reasons import AnswerEmpty, AnswerNotOffered, AnswerTooMany
from engine.values.errors import Invalid
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Choice(Field):
    """One of a few options. The value is the id of an option. ``asks`` is the string id of its own
    question, for a form that asks several."""

    id: str
    options: tuple[Option, ...]
    asks: str | None = None
    kind: ClassVar[str] = "choice"
    minutes: ClassVar[float] = 0.2
    gain: ClassVar[float] = 0.12

    @property
    def sample(self) -> Value:
        return self.options[0].id

    def parse(self, said: Said) -> Value:
        return one_of(said.get(self.id), self.id, {o.id: o.id for o in self.options})

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        label = _labels(self.options)[value]
        return strings(label) if isinstance(label, str) else label

    def json_schema(self) -> dict[str, Any]:
        return {"enum": [option.id for option in self.options]}

    def strings(self) -> tuple[str, ...]:
        asks = (self.asks,) if self.asks else ()
        return (*asks, *(o.label for o in self.options if isinstance(o.label, str)))

    def said_with(self, value: Value) -> tuple[str, ...]:
        label = _labels(self.options)[value]
        return (label,) if isinstance(label, str) else ()

    def taps(self) -> tuple[Option, ...]:
        return self.options


@dataclass(frozen=True)
class Choices(Field):
    """At least one and at most ``most`` of a few options, whose labels are strings. The value is
    the list of their ids, in the order in which they are offered."""

    id: str
    options: tuple[Option, ...]
    most: int
    kind: ClassVar[str] = "choices"
    minutes: ClassVar[float] = 0.3
    gain: ClassVar[float] = 0.12

    @property
    def sample(self) -> Value:
        return [self.options[0].id]

    def parse(self, said: Said) -> Value:
        raw = said.get(self.id)
        if raw in (None, "", []):
            raise Invalid(AnswerEmpty(), field=self.id)
        chosen = [raw] if isinstance(raw, str) else raw
        offered = [option.id for option in self.options]
        if not isinstance(chosen, list) or any(one not in offered for one in chosen):
            raise Invalid(AnswerNotOffered(), field=self.id)
        value = [one for one in offered if one in chosen]
        if len(value) > self.most:
            raise Invalid(AnswerTooMany(most=self.most), field=self.id)
        return value

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        return ", ".join(strings(label) for label in self.said_with(value))

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "items": {"enum": [option.id for option in self.options]},
            "uniqueItems": True,
            "minItems": 1,
            "maxItems": self.most,
        }

    def strings(self) -> tuple[str, ...]:
        return self.said_with([option.id for option in self.options])

    def said_with(self, value: Value) -> tuple[str, ...]:
        labels = (_labels(self.options)[one] for one in value)
        return tuple(label for label in labels if isinstance(label, str))


def _labels(options: tuple[Option, ...]) -> dict[str, str | Reason]:
    return {option.id: option.label for option in options}
