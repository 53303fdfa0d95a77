"""Every kind of reason there is, from every room; and a value for each that they hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from engine.spacing.reasons import YouCame
from engine.values.reasons import Reason, kinds, types_of

ROOT = Path(__file__).parents[1]
VALUES: dict[type, Any] = {
    str: "2027-01-12",
    int: 2,
    float: 0.5,
    date: date(2027, 1, 12),
    datetime: datetime(2027, 1, 12, 23, 30, tzinfo=UTC),
    time: time(8, 40),
}
"""A value of each type; the ``str`` looks like a day and is none."""


def every(of: type[Reason] = Reason) -> tuple[type[Reason], ...]:
    """Every kind of reason (of a group)."""
    for room in ("engine", "lti", "web"):
        for file in sorted((ROOT / room).rglob("reasons.py")):
            import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    import_module("engine.values.faults")
    return kinds(of)


def codes(of: type[Reason] = Reason) -> set[str]:
    """The codes of every kind of reason (of a group)."""
    return {kind.code for kind in every(of)}


def example(kind: type[Reason]) -> Reason:
    """A reason of that kind, with every value that it can have."""
    return kind(**{name: _value(declared) for name, declared in types_of(kind).items()})


def _value(declared: Any) -> Any:
    origin, inner = get_origin(declared), get_args(declared)
    if origin is Annotated or origin in (Union, UnionType):
        return _value(inner[0])
    if origin is tuple:
        each = inner[:1] * 2 if inner[-1] is ... else inner
        return tuple(_value(one) for one in each)
    if declared is Reason:
        return YouCame()
    return VALUES.get(declared, {})
