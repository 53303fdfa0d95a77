"""Reasons as values: deciders and refusals say *why* with a kind of reason and typed values; the
shell puts them into words, in the reader's language.

Each room has its reasons in a ``reasons.py``: one class for each sentence that a person may read,
``class TooEarly(Reason, code="too-early")``, whose annotations are the values of that sentence.
The annotations also tell how a value is formatted: a ``date`` as a day, a ``time`` as an hour, a
``Share`` as a percentage, a ``Title`` as the title of what it identifies, a ``Vocabulary`` id as
its word; a ``str`` is shown as it is.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from enum import Enum
from typing import (
    Annotated,
    Any,
    ClassVar,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

T = TypeVar("T")


class Said(Enum):
    """How a value is said, where its type alone does not tell."""

    SHARE = "as a percentage"
    TITLE = "by the title of what it is the id of"
    PIN = "as a module and the section that it is pinned to"
    NOT = "not at all: it is for programs and logs"


@dataclass(frozen=True)
class Vocabulary:
    """Marks an id of a closed set; the words of each are kept under ``name``."""

    name: str


Share = Annotated[float, Said.SHARE]
"""A part of a whole, 0–1."""
Title = Annotated[str, Said.TITLE]
"""The id of something that has a title: a module, a section."""
Pin = Annotated[tuple[str, str], Said.PIN]
"""The ids of a module and of the section that it is pinned to."""
Unsaid = Annotated[T, Said.NOT]
"""A value that no sentence holds."""

_KINDS: dict[str, list[type[Reason]]] = {}
"""Every kind of reason by the codes that rows hold it under. Two kinds share one only where one
was renamed."""
_TYPES: dict[type[Reason], Mapping[str, Any]] = {}


@dataclass_transform(frozen_default=True)
@dataclass(frozen=True)
class Reason:
    """Why something is so. Subclasses are frozen dataclasses of their annotations; one without a
    ``code`` (kebab-case) only groups others. ``formerly`` is the code under which older rows hold
    it."""

    code: ClassVar[str]

    def __init_subclass__(cls, *, code: str | None = None, formerly: str | None = None) -> None:
        if inspect.get_annotations(cls):
            dataclass(frozen=True)(cls)
        if code is not None:
            if any(kind.code == code for kind in _KINDS.get(code, ())):
                raise TypeError(f"two kinds of reason have the code {code}")
            cls.code = code
            for name in filter(None, (code, formerly)):
                _KINDS.setdefault(name, []).append(cls)

    def __str__(self) -> str:
        code, params = self.as_json().values()
        return f"{code} {params}" if params else code

    def as_json(self) -> dict[str, Any]:
        """``{"code": …, "params": {…}}``, for a JSON column; values that are None are left out."""
        return {"code": self.code, "params": values_as_json(self)}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Reason:
        """The inverse of ``as_json``, for rows of older versions too: values that the kind no
        longer has are ignored, and what cannot be read is returned as an ``UnknownReason``."""
        params = data.get("params", {})
        for kind in _KINDS.get(data["code"], ()):
            try:
                return kind(**_arguments(kind, params))
            except (KeyError, TypeError, ValueError):
                continue
        return UnknownReason(data["code"], params)


class UnknownReason(Reason, code="unknown-reason"):
    """A reason that was stored by a version that knew it, and that this one does not."""

    name: str
    params: Unsaid[Mapping[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """As it was stored."""
        return {"code": self.name, "params": dict(self.params)}


def kinds(of: type[Reason] = Reason) -> tuple[type[Reason], ...]:
    """Every kind of reason (of a group) whose module was imported, in the order of codes."""
    found = (kind for code in sorted(_KINDS) for kind in _KINDS[code] if kind.code == code)
    return tuple(kind for kind in found if issubclass(kind, of))


def types_of(kind: type[Reason]) -> Mapping[str, Any]:
    """The declared type of each value of a kind, ``Annotated`` where it says more."""
    if kind not in _TYPES:
        hints = get_type_hints(kind, include_extras=True)
        _TYPES[kind] = {field.name: hints[field.name] for field in fields(kind)}
    return _TYPES[kind]


def marks(declared: Any) -> tuple[object, ...]:
    """How a value of that declared type is said: the metadata of ``Annotated``, whether or not
    it may be None."""
    if get_origin(declared) in (Union, types.UnionType):
        return tuple(mark for one in get_args(declared) for mark in marks(one))
    return declared.__metadata__ if get_origin(declared) is Annotated else ()


def values_as_json(reason: Reason) -> dict[str, Any]:
    """The values of a reason, fit for JSON, by name."""
    values = {field.name: getattr(reason, field.name) for field in fields(reason)}
    return {name: _as_json(value) for name, value in values.items() if value is not None}


def _as_json(value: Any) -> Any:
    if isinstance(value, Reason):
        return value.as_json()
    if isinstance(value, tuple):
        return [_as_json(one) for one in value]
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else value


def _arguments(kind: type[Reason], params: Mapping[str, Any]) -> dict[str, Any]:
    """What ``kind`` is made with. Raises ``TypeError`` or ``ValueError`` for what it cannot."""
    return {
        name: _read(declared, params[name])
        for name, declared in types_of(kind).items()
        if params.get(name) is not None
    }


def _read(declared: Any, value: Any) -> Any:
    """A value of the declared type, from JSON. Raises ``TypeError`` or ``ValueError``."""
    origin = get_origin(declared)
    if origin is Annotated:
        return _read(get_args(declared)[0], value)
    if origin is tuple:
        return _read_several(get_args(declared), value)
    if origin in (Union, types.UnionType):
        return _read_first(get_args(declared), value)
    if declared is Reason:
        return Reason.from_json(value)
    if declared in (date, datetime, time):
        return declared.fromisoformat(value)
    wanted = (int, float) if declared is float else declared
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no {declared}")
    return value


def _read_several(declared: tuple[Any, ...], values: Any) -> tuple[Any, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{values!r} is no list")
    each = declared[:1] * len(values) if declared[-1] is ... else declared
    return tuple(_read(one, value) for one, value in zip(each, values, strict=True))


def _read_first(declared: tuple[Any, ...], value: Any) -> Any:
    for one in declared:
        if one is not types.NoneType:
            try:
                return _read(one, value)
            except (TypeError, ValueError):
                continue
    raise TypeError(f"{value!r} is none of {declared}")
