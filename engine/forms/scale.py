"""A level on a scale whose ends are named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.forms.base import Field, Option, Said, Strings, Value, numbered, one_of
from engine.forms.reasons import PlainValue, Point, ScaleInvitation
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Scale(Field):
    """A whole number from 1 to ``points``; ``low`` and ``high`` are the string ids of its ends."""

    id: str
    points: int
    low: str
    high: str
    kind: ClassVar[str] = "scale"
    minutes: ClassVar[float] = 0.15
    gain: ClassVar[float] = 0.10

    @property
    def sample(self) -> Value:
        return self.points

    def parse(self, said: Said) -> Value:
        return one_of(said.get(self.id), self.id, numbered(self.points))

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        ends = {"low": strings(self.low), "high": strings(self.high)}
        return Point(point=value, points=self.points, **ends)

    def quoted(self, value: Value, strings: Strings, lang: str) -> str | None:
        return f"{value} {'sur' if lang == 'fr' else 'out of'} {self.points}"

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 1, "maximum": self.points}

    def strings(self) -> tuple[str, ...]:
        return self.low, self.high

    def said_with(self, value: Value) -> tuple[str, ...]:
        return self.strings()

    def taps(self) -> tuple[Option, ...]:
        names = numbered(self.points)
        return tuple(Option(n, PlainValue(value=names[n])) for n in names)

    def invitation(self, strings: Strings) -> Reason | None:
        ends = {"low": strings(self.low), "high": strings(self.high)}
        return ScaleInvitation(most=self.points, **ends)
