"""Reasons as values: deciders say *why* with a code and parameters; the shell puts them into words,
in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reason:
    """A code (``kebab-case``) and the JSON-compatible values its sentence needs."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """``{"code": …, "params": {…}}``, for a JSON column."""
        return {"code": self.code, "params": dict(self.params)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reason:
        """The inverse of ``as_json``."""
        return cls(data["code"], data.get("params", {}))
