"""Validates a YAML document into a value of the format, reporting every mismatch in the author's
terms at its line and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.packs.base import Frozen
from engine.packs.document import Document
from engine.values.faults import Fault, nearest

M = TypeVar("M", bound=Frozen)
_TYPES = {
    "string_type": ("text is needed here", "put it between quotes"),
    "int_type": ("a whole number is needed here", "write a number such as 3, without quotes"),
    "int_parsing": ("a whole number is needed here", "write a number such as 3, without quotes"),
    "int_from_float": ("a whole number is needed here", "write it without decimals"),
    "float_type": ("a number is needed here", "write a number such as 1 or 0.5, without quotes"),
    "float_parsing": ("a number is needed here", "write a number such as 1 or 0.5, without quotes"),
    "finite_number": ("a finite number is needed here", "write a number such as 1 or 0.5"),
    "bool_type": ("true or false is needed here", "write true or false"),
    "bool_parsing": ("true or false is needed here", "write true or false"),
    "tuple_type": ("a list is needed here", "write [a, b] or one “- item” a line"),
    "dict_type": ("a mapping is needed here", "write “name: value”, one a line, indented"),
    "model_type": ("a mapping is needed here", "write “name: value”, one a line, indented"),
    "model_attributes_type": (
        "a mapping is needed here",
        "write “name: value”, one a line, indented",
    ),
}
_BOUNDS = {
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
}


def shape(document: Document, model: type[M]) -> tuple[M | None, tuple[Fault, ...]]:
    """The document as a ``model``, or None with the faults of its shape. An unreadable document
    yields neither."""
    if document.value is None and document.faults:
        return None, ()
    if not isinstance(document.value, Mapping):
        fault = document.fault(
            (),
            "not-a-mapping",
            "this file holds no “name: value” lines",
            "write its fields, one a line",
        )
        return None, (fault,)
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
    code, what, fix = _words(kind, path, error, {**ctx, "said": said})
    path = (*path, "kind") if kind == "union_tag_invalid" else path
    is_key = kind == "extra_forbidden" or path[-1:] == ("[key]",)
    return document.fault(
        tuple(step for step in path if step != "[key]"), code, what, fix, key=is_key
    )


def _words(
    kind: str, path: tuple[Any, ...], error: ErrorDetails, ctx: Mapping[str, Any]
) -> tuple[str, str, str]:
    """Code, what is wrong and what to do, for one pydantic error type."""
    if kind == "string_pattern_mismatch" or (
        kind == "string_type" and _is_number_for_name(path, error)
    ):
        return _misshapen(path, ctx["said"])
    if kind in _TYPES:
        return "wrong-type", *_TYPES[kind]
    if kind in _BOUNDS:
        return (
            "out-of-range",
            f"{error['input']} is out of range",
            f"write {_BOUNDS[kind].format(**ctx)}",
        )
    match kind:
        case "extra_forbidden" | "union_tag_invalid" | "literal_error":
            return _unknown(kind, path, error, ctx)
        case "missing" if isinstance(path[-1], int):
            return "field-missing", "an item is missing here", "write both, such as [1, 2]"
        case "missing" | "union_tag_not_found":
            name = path[-1] if kind == "missing" else "kind"
            return "field-missing", f"“{name}” is missing", f"add “{name}: …” here"
        case "too_short" | "string_too_short":
            return (
                "too-few",
                f"“{_field(path)}” needs at least {ctx['min_length']}",
                "add what is missing",
            )
        case "too_long" | "string_too_long":
            return (
                "too-many",
                f"“{_field(path)}” may have at most {ctx['max_length']}",
                "shorten it",
            )
        case "value_error":
            what, fix = ctx["error"].args
            return "value-wrong", what, fix
    return (
        "value-wrong",
        f"“{_field(path)}” does not fit the format",
        "compare it with docs/pack.schema.json",
    )


def _is_number_for_name(path: tuple[Any, ...], error: ErrorDetails) -> bool:
    """Whether YAML read a version or an id as a number; quoting it would only get it refused for
    another reason."""
    return path[-1] in ("version", "id") and isinstance(error["input"], int | float)


def _misshapen(path: tuple[Any, ...], said: object) -> tuple[str, str, str]:
    """The fault of a malformed version or id."""
    if path[-1] == "version":
        return "not-a-version", f"“{said}” is not a version", "write three numbers, such as 1.0.0"
    return (
        "not-an-id",
        f"“{said}” is not an id",
        "use lower-case letters, digits and hyphens, a letter first",
    )


def _unknown(
    kind: str, path: tuple[Any, ...], error: ErrorDetails, ctx: Mapping[str, Any]
) -> tuple[str, str, str]:
    """The fault of a name that the format does not define: a field, a kind, a value."""
    if kind == "extra_forbidden":
        name = str(path[-1])
        return (
            "field-unknown",
            f"“{name}” is not a field of this format here",
            nearest(name, sorted(set(_fields(Frozen)))),
        )
    name = str(ctx["tag"] if kind == "union_tag_invalid" else error["input"])
    listed = str(ctx.get("expected_tags") or ctx["expected"]).replace(" or ", ",")
    known = [word.strip(" '") for word in listed.split(",")]
    return "value-unknown", f"“{name}” is not possible here", nearest(name, known)


def _field(path: tuple[Any, ...]) -> str:
    return next(
        (step for step in reversed(path) if isinstance(step, str) and step != "[key]"), "this"
    )


def _fields(model: type[Frozen]) -> Iterator[str]:
    yield from model.model_fields
    for child in model.__subclasses__():
        yield from _fields(child)
