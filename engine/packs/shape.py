"""Validates a YAML document into a value of the format, reporting every mismatch in the author's
terms at its line and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.packs.base import Frozen
from engine.packs.document import Document
from engine.values.faults import Fault, Value, nearest

M = TypeVar("M", bound=Frozen)
_TYPES = {
    "string_type": "text",
    "int_type": "whole",
    "int_parsing": "whole",
    "int_from_float": "decimals",
    "float_type": "number",
    "float_parsing": "number",
    "finite_number": "finite",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "tuple_type": "list",
    "dict_type": "mapping",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
}
"""Which case of ``wrong-type`` an error of pydantic is."""
_BOUNDS = {
    "greater_than": ("more-than", "gt"),
    "greater_than_equal": ("least", "ge"),
    "less_than": ("less-than", "lt"),
    "less_than_equal": ("most", "le"),
}
"""Which case of ``out-of-range``, and what pydantic calls its bound."""
Said = tuple[str, dict[str, Value]]
"""The case of a fault, and its values."""


def shape(document: Document, model: type[M]) -> tuple[M | None, tuple[Fault, ...]]:
    """The document as a ``model``, or None with the faults of its shape. An unreadable document
    yields neither."""
    if document.value is None and document.faults:
        return None, ()
    if not isinstance(document.value, Mapping):
        return None, (document.fault((), "not-a-mapping"),)
    try:
        return model.model_validate(document.value), ()
    except ValidationError as error:
        errors = [e for e in error.errors(include_url=False) if not _follows(e, error)]
        return None, tuple(dict.fromkeys(_fault(document, e) for e in errors))


def _follows(error: ErrorDetails, every: ValidationError) -> bool:
    """Whether a list is too short only because its items are invalid, which is already reported."""
    at = error["loc"]
    return error["type"] == "too_short" and any(
        e["loc"][: len(at)] == at != e["loc"] for e in every.errors(include_url=False)
    )


def _fault(document: Document, error: ErrorDetails) -> Fault:
    path, kind, ctx = tuple(error["loc"]), error["type"], error.get("ctx", {})
    said = document.marked.written.get(path, error["input"]) if document.marked else error["input"]
    case, values = _said(kind, path, error, {**ctx, "said": said})
    path = (*path, "kind") if kind == "union_tag_invalid" else path
    is_key = kind == "extra_forbidden" or path[-1:] == ("[key]",)
    return document.fault(tuple(step for step in path if step != "[key]"), case, values, key=is_key)


def _said(kind: str, path: tuple[Any, ...], error: ErrorDetails, ctx: Mapping[str, Any]) -> Said:
    """The fault of one error of pydantic."""
    if kind == "string_pattern_mismatch" or (
        kind == "string_type" and _is_number_for_name(path, error)
    ):
        return _misshapen(path, ctx["said"])
    if kind in _TYPES:
        return f"wrong-type.{_TYPES[kind]}", {}
    if kind in _BOUNDS:
        bound, name = _BOUNDS[kind]
        return f"out-of-range.{bound}", {"said": str(error["input"]), "bound": ctx[name]}
    match kind:
        case "extra_forbidden" | "union_tag_invalid" | "literal_error":
            return _unknown(kind, path, error, ctx)
        case "missing" if isinstance(path[-1], int):
            return "field-missing.item", {}
        case "missing" | "union_tag_not_found":
            return "field-missing", {"field": path[-1] if kind == "missing" else "kind"}
        case "too_short" | "string_too_short":
            return "too-few", {"field": _field(path), "least": ctx["min_length"]}
        case "too_long" | "string_too_long":
            return "too-many", {"field": _field(path), "most": ctx["max_length"]}
        case "value_error":
            case, values = ctx["error"].args
            return case, values
    return "value-wrong", {"field": _field(path)}


def _is_number_for_name(path: tuple[Any, ...], error: ErrorDetails) -> bool:
    """Whether YAML read a version or an id as a number; quoting it would only get it refused for
    another reason."""
    return path[-1] in ("version", "id") and isinstance(error["input"], int | float)


def _misshapen(path: tuple[Any, ...], said: object) -> Said:
    """The fault of a malformed version or id."""
    return "not-a-version" if path[-1] == "version" else "not-an-id", {"said": str(said)}


def _unknown(kind: str, path: tuple[Any, ...], error: ErrorDetails, ctx: Mapping[str, Any]) -> Said:
    """The fault of a name that the format does not define: a field, a kind, a value."""
    if kind == "extra_forbidden":
        name = str(path[-1])
        hint = nearest(name, sorted(set(_fields(Frozen))))
        return "field-unknown", {"field": name, "hint": hint}
    name = str(ctx["tag"] if kind == "union_tag_invalid" else error["input"])
    listed = str(ctx.get("expected_tags") or ctx["expected"]).replace(" or ", ",")
    known = [word.strip(" '") for word in listed.split(",")]
    return "value-unknown", {"said": name, "hint": nearest(name, known)}


def _field(path: tuple[Any, ...]) -> str:
    return next(
        (step for step in reversed(path) if isinstance(step, str) and step != "[key]"), "this"
    )


def _fields(model: type[Frozen]) -> Iterator[str]:
    yield from model.model_fields
    for child in model.__subclasses__():
        yield from _fields(child)
