"""A grid of criteria: a level for each row, on one case or several, within a limit of notches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine.forms.base import Field, Said, Strings, Value, one_of, parts
from engine.forms.reasons import AnswerEmpty, NotchesTooMany
from engine.values.errors import Invalid
from engine.values.reasons import Reason

MINUTES_A_LEVEL = 0.15
"""To set one; to move a few that stand already, an eighth of it each."""


@dataclass(frozen=True)
class Line:
    """One row: ``levels`` are the string ids of the anchors of 0, 1, 2…"""

    id: str
    label: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Grid(Field):
    """A level for each of ``lines`` on each of ``cases`` (id → string id of its label). The value
    maps ``<case>.<line>`` to a whole number from 0.

    With ``start``, such a value stands already, and ``most`` notches may move in all: from 0 to 2
    is two. ``short`` anchors of a word or two stand side by side.
    """

    id: str
    cases: Mapping[str, str]
    lines: tuple[Line, ...]
    start: Mapping[str, int] = field(default_factory=dict)
    most: int | None = None
    short: bool = False
    kind: ClassVar[str] = "grid"
    gain: ClassVar[float] = 0.12

    @property
    def minutes(self) -> float:
        each = MINUTES_A_LEVEL / 8 if self.start else MINUTES_A_LEVEL
        return each * len(self.cases) * len(self.lines)

    @property
    def sample(self) -> Value:
        return dict(self.start) or {name: 0 for name, _line in self._places()}

    def _places(self) -> Iterator[tuple[str, Line]]:
        return ((f"{case}.{line.id}", line) for case in self.cases for line in self.lines)

    def parse(self, said: Said) -> Value:
        lines = dict(self._places())
        whole = parts(said, self.id, *lines)
        if not whole:
            raise Invalid(AnswerEmpty(), field=self.id)
        value = {
            name: one_of(
                whole.get(name, "-"),
                f"{self.id}.{name}",
                {str(n): n for n in range(len(line.levels))},
            )
            for name, line in lines.items()
        }
        moved = notches(self.start, value)
        if self.most is not None and moved > self.most:
            raise Invalid(NotchesTooMany(moved=moved, most=self.most), field=self.id)
        return value

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        """Each case with its levels, in the order of the rows."""
        said = (
            f"{strings(label)} ({', '.join(str(value[f'{case}.{one.id}']) for one in self.lines)})"
            for case, label in self.cases.items()
        )
        return " · ".join(said)

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                name: {"type": "integer", "minimum": 0, "maximum": len(line.levels) - 1}
                for name, line in self._places()
            },
            "required": [name for name, _line in self._places()],
            "additionalProperties": False,
        }

    def strings(self) -> tuple[str, ...]:
        rows = (string for line in self.lines for string in (line.label, *line.levels))
        return (*self.cases.values(), *rows)

    def said_with(self, value: Value) -> tuple[str, ...]:
        return tuple(self.cases.values())


def notches(before: Mapping[str, int], after: Mapping[str, int]) -> int:
    """How many notches lie between two such values, all rows taken together."""
    return sum(abs(after[name] - level) for name, level in before.items())
