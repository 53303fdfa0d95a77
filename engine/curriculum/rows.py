"""Converts an outline to plain JSON and back, for a database column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from engine.curriculum.outline import Audience, Outline, Section


def outline_to_json(outline: Outline) -> dict[str, Any]:
    """The outline as JSON-compatible data; dates are ISO strings."""
    data = asdict(outline)
    data["starts_on"] = _iso(outline.starts_on)
    data["sections"] = [
        asdict(s) | {"starts": _iso(s.starts), "ends": _iso(s.ends), "tags": list(s.tags)}
        for s in outline.sections
    ]
    return data


def outline_from_json(data: Mapping[str, Any]) -> Outline:
    """The inverse of ``outline_to_json``."""
    sections = tuple(
        Section(
            **{
                **s,
                "starts": _date(s["starts"]),
                "ends": _date(s["ends"]),
                "tags": tuple(s["tags"]),
            }
        )
        for s in data["sections"]
    )
    return Outline(
        **{
            **data,
            "audience": Audience(**data["audience"]),
            "sections": sections,
            "starts_on": _date(data["starts_on"]),
        }
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
