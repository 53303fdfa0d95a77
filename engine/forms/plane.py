"""A map: actors placed on a plane between two axes, all of them on one form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine.forms.base import Field, Said, Strings, Value, parts
from engine.forms.number import Number
from engine.forms.reasons import ActorsMoved, AnswerEmpty, NothingMoved
from engine.values.errors import Invalid
from engine.values.reasons import Reason

AXES = ("x", "y")
MINUTES_A_PLACE = 0.15
"""To place one; of those that stand already, an eighth of it each."""


@dataclass(frozen=True)
class Plane(Field):
    """A place for each of ``actors`` (id → string id of the name): whole steps from 0 to ``steps``,
    to the right (``across`` names that axis) and up (``up`` does). The value maps ``<actor>.x`` and
    ``<actor>.y`` to them. Who is ``optional`` may stay off the map.

    With ``start``, such a value stands already, and at most ``most`` actors may move, any way.
    """

    id: str
    actors: Mapping[str, str]
    across: str
    up: str
    steps: int = 10
    start: Mapping[str, int] = field(default_factory=dict)
    most: int | None = None
    optional: tuple[str, ...] = ()
    kind: ClassVar[str] = "plane"
    gain: ClassVar[float] = 0.12

    @property
    def minutes(self) -> float:
        each = MINUTES_A_PLACE / 8 if self.start else MINUTES_A_PLACE
        return each * len(self.actors)

    @property
    def sample(self) -> Value:
        return dict(self.start) or dict.fromkeys(self._names(), self.steps // 2)

    def _names(self) -> Iterator[str]:
        return (f"{actor}.{axis}" for actor in self.actors for axis in AXES)

    def parse(self, said: Said) -> Value:
        brought = parts(said, self.id, *self._names())
        whole = {name: raw for name, raw in brought.items() if raw is not None and raw != ""}
        if not whole:
            raise Invalid(AnswerEmpty(), field=self.id)
        value: dict[str, int] = {}
        for actor in self.actors:
            names = [f"{actor}.{axis}" for axis in AXES]
            if actor in self.optional and not any(name in whole for name in names):
                continue
            for name in names:
                step = Number(f"{self.id}.{name}", 0, self.steps)
                value[name] = step.parse({step.id: whole.get(name)})
        went = moved(self.start, value)
        if self.most is not None and len(went) > self.most:
            raise Invalid(ActorsMoved(moved=len(went), most=self.most), field=self.id)
        return value

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        """Each actor with its place; of those that stood already, only who moved."""
        named = moved(self.start, value) if self.start else placed(value)
        if not named:
            return NothingMoved()
        return " · ".join(
            f"{strings(self.actors[actor])} ({value[f'{actor}.x']}, {value[f'{actor}.y']})"
            for actor in named
        )

    def json_schema(self) -> dict[str, Any]:
        sure = [name for name in self._names() if name.split(".")[0] not in self.optional]
        both = {f"{actor}.{a}": [f"{actor}.{b}"] for actor in self.optional for a, b in _CROSSED}
        step = {"type": "integer", "minimum": 0, "maximum": self.steps}
        return {
            "type": "object",
            "properties": dict.fromkeys(self._names(), step),
            "required": sure,
            "dependentRequired": both,
            "additionalProperties": False,
        }

    def strings(self) -> tuple[str, ...]:
        return (*self.actors.values(), self.across, self.up)

    def said_with(self, value: Value) -> tuple[str, ...]:
        return tuple(self.actors.values())


_CROSSED = (AXES, AXES[::-1])


def placed(value: Mapping[str, int]) -> tuple[str, ...]:
    """The actors that such a value places, in its order."""
    return tuple(dict.fromkeys(name.rpartition(".")[0] for name in value))


def moved(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[str, ...]:
    """The actors that stood in one such value and stand elsewhere in the next, in its order."""
    names = (name for name, step in before.items() if after.get(name) != step)
    return tuple(dict.fromkeys(name.rpartition(".")[0] for name in names))
