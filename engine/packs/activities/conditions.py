"""The conditions of a scenario (``money >= 10``, ``not chose soir-1.ines``): parsed once, then
evaluated against a play."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import PlainValidator, WithJsonSchema

COMPARISONS: Final[Mapping[str, Callable[[int, int], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_COMPARE = rf"({_NAME})\s*(>=|<=|==|!=|>|<)\s*(-?\d{{1,9}})"
_EVENT = rf"(not\s+)?(?:chose\s+({_NAME})\.({_NAME})|seen\s+({_NAME}))"
FORMS = (
    '"<variable> <op> <number>" (op: >= <= == != > <), "chose <node>.<choice>", "seen <node>", or '
    'these two after "not"'
)


@dataclass(frozen=True)
class Trail:
    """What a condition can refer to: the current variables, every ``(node, choice)`` made, every
    node seen (the current one included)."""

    numbers: Mapping[str, int]
    chosen: tuple[tuple[str, str], ...]
    seen: frozenset[str]


@dataclass(frozen=True)
class Compare:
    """``money >= 10``."""

    variable: str
    op: str
    number: int

    def holds(self, trail: Trail) -> bool:
        """Whether the comparison is true; an undeclared variable counts as 0."""
        return COMPARISONS[self.op](trail.numbers.get(self.variable, 0), self.number)


@dataclass(frozen=True)
class Chose:
    """``chose soir-1.ines``, or ``not chose …`` when ``wanted`` is False."""

    node: str
    choice: str
    wanted: bool

    def holds(self, trail: Trail) -> bool:
        """Whether that choice was ever made at that node."""
        return ((self.node, self.choice) in trail.chosen) is self.wanted


@dataclass(frozen=True)
class Seen:
    """``seen soir-1``, or ``not seen …`` when ``wanted`` is False."""

    node: str
    wanted: bool

    def holds(self, trail: Trail) -> bool:
        """Whether the play ever reached that node."""
        return (self.node in trail.seen) is self.wanted


def parse(text: object) -> Compare | Chose | Seen:
    """Parses one condition. Raises ``ValueError(case, values)``, those of a fault, if its form is
    unknown."""
    if isinstance(text, Compare | Chose | Seen):
        return text
    written = text.strip() if isinstance(text, str) else ""
    if found := re.fullmatch(_EVENT, written):
        negated, node, choice, seen = found.groups()
        return Seen(seen, not negated) if seen else Chose(node, choice, not negated)
    if found := re.fullmatch(_COMPARE, written):
        return Compare(found[1], found[2], int(found[3]))
    raise ValueError("value-wrong.condition", {"text": str(text)})


Condition = Annotated[
    Compare | Chose | Seen,
    PlainValidator(parse),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^\s*({_COMPARE}|{_EVENT})\s*$",
            "description": f"One of {FORMS}.",
        }
    ),
]
"""A condition as a model field: text in YAML, parsed on validation."""


def hold(conditions: tuple[Condition, ...], trail: Trail) -> bool:
    """Whether all of them hold (true when there are none)."""
    return all(condition.holds(trail) for condition in conditions)
