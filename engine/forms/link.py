"""A link between two of a few items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.forms.base import Field, Said, Strings, Value, one_of, parts
from engine.forms.reasons import AnswerSameTwice
from engine.values.errors import Invalid
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Link(Field):
    """From one of ``ends`` to another: ``{"from": id, "to": id}``. ``ends`` pairs ids with string
    ids."""

    id: str
    ends: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "link"
    minutes: ClassVar[float] = 0.4
    gain: ClassVar[float] = 0.12

    @property
    def sample(self) -> Value:
        return {"from": self.ends[0][0], "to": self.ends[1][0]}

    def parse(self, said: Said) -> Value:
        given, offered = parts(said, self.id, "from", "to"), {end: end for end, _ in self.ends}
        value = {
            side: one_of(given.get(side), f"{self.id}.{side}", offered) for side in ("from", "to")
        }
        if value["from"] == value["to"]:
            raise Invalid(AnswerSameTwice(), field=f"{self.id}.to")
        return value

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        return " → ".join(map(strings, self.said_with(value)))

    def json_schema(self) -> dict[str, Any]:
        ids = [end for end, _ in self.ends]
        other = [
            {"properties": {"from": {"const": one}, "to": {"enum": [i for i in ids if i != one]}}}
            for one in ids
        ]
        return {
            "type": "object",
            "required": ["from", "to"],
            "properties": {"from": {}, "to": {}},
            "additionalProperties": False,
            "anyOf": other,
        }

    def strings(self) -> tuple[str, ...]:
        return tuple(label for _, label in self.ends)

    def said_with(self, value: Value) -> tuple[str, ...]:
        return dict(self.ends)[value["from"]], dict(self.ends)[value["to"]]
