"""A point on a plane spanned by two scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.forms.base import Field, Said, Strings, Value, numbered, one_of, parts
from engine.forms.reasons import PlaceOnPlane
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Place(Field):
    """Steps from the left and from the bottom, each from 1 to ``steps``: ``{"x": 2, "y": 4}``. The
    four sides are the string ids of their names."""

    id: str
    left: str
    right: str
    bottom: str
    top: str
    steps: int = 5
    kind: ClassVar[str] = "place"
    minutes: ClassVar[float] = 0.4
    gain: ClassVar[float] = 0.12

    @property
    def sample(self) -> Value:
        return {"x": 1, "y": self.steps}

    def parse(self, said: Said) -> Value:
        given = parts(said, self.id, "x", "y")
        steps = numbered(self.steps)
        return {axis: one_of(given.get(axis), f"{self.id}.{axis}", steps) for axis in ("x", "y")}

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        return PlaceOnPlane(value["x"], value["y"], self.steps, *map(strings, self.strings()))

    def json_schema(self) -> dict[str, Any]:
        step = {"type": "integer", "minimum": 1, "maximum": self.steps}
        return {
            "type": "object",
            "properties": {"x": step, "y": step},
            "required": ["x", "y"],
            "additionalProperties": False,
        }

    def strings(self) -> tuple[str, ...]:
        return self.left, self.right, self.bottom, self.top

    def said_with(self, value: Value) -> tuple[str, ...]:
        return self.strings()
