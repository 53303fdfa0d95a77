"""Generates the JSON Schema of the format from the models that read it: both files in one
document."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from engine.packs.model import Manifest, ModuleSpec

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REF = "#/$defs/"


def schema() -> dict[str, Any]:
    """One schema for two documents: ``pack.yaml`` (``#/$defs/Manifest``) or ``module.yaml``
    (``#/$defs/ModuleSpec``)."""
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (Manifest, "validation"),
        (ModuleSpec, "validation"),
    ]
    refs, whole = models_json_schema(models, ref_template=_REF + "{model}")
    roots = list(refs.values())
    used = _used(roots, whole["$defs"])
    defs = {name: _unwrapped(value) for name, value in whole["$defs"].items() if name in used}
    return {
        "$schema": DIALECT,
        "title": "Relecture content pack, format 1",
        "anyOf": roots,
        "$defs": defs,
    }


def _used(roots: Any, defs: Mapping[str, Any]) -> set[str]:
    """The definitions that some reference leads to. Parsed conditions are not among them, since
    conditions are text in a file."""
    found: set[str] = set()
    pending = [roots]
    while pending:
        names = set(re.findall(rf"{re.escape(_REF)}(\w+)", json.dumps(pending.pop()))) - found
        found |= names
        pending += [defs[name] for name in names]
    return found


def _unwrapped(definition: dict[str, Any]) -> dict[str, Any]:
    """The definition with its description on one line, since docstrings are wrapped."""
    if "description" in definition:
        definition["description"] = " ".join(definition["description"].split())
    return definition
