"""A course written in YAML, as an outline. Field names may be French or English, as in a CSV file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from engine.curriculum.build import Cell, Desk, OutlineFaults, build
from engine.curriculum.names import AUDIENCE, COURSE, SECTION, named, nearest
from engine.curriculum.outline import Outline
from engine.faults import Faults
from engine.yamlmarks import Marked, Path, load


def read_yaml(data: bytes, name: str) -> Outline:
    """The outline in ``data`` (UTF-8, 1 MB at most). Raises ``OutlineFaults`` with every fault found."""
    try:
        file = load(data, name)
    except Faults as refused:
        raise OutlineFaults(refused.faults) from refused
    desk = Desk(name)
    course = _fields(desk, file, (), COURSE)
    audience = _fields(desk, file, course["audience"], AUDIENCE) if "audience" in course else {}
    sections = [_fields(desk, file, path, SECTION) for path in _items(desk, file, course.get("sections"))]
    return build(desk, _cells(file, course), _cells(file, audience), [_cells(file, section) for section in sections])


def _fields(desk: Desk, file: Marked, path: Path, known: Mapping[str, tuple[str, ...]]) -> dict[str, Path]:
    """Field name → path of its value, of the mapping at ``path``. What the course format does not know is a fault."""
    mapping = _at(file, path)
    if not isinstance(mapping, dict):
        desk.refuse(file.mark(path), "Here a list of “name: value” lines is needed.", f"Write some of: {', '.join(known)}.")
        return {}
    found: dict[str, Path] = {}
    for key in mapping:
        field = named(key, known)
        if field is None:
            near = nearest(key, known)
            desk.refuse(file.key_mark((*path, key)), f"“{key}” is not known here.",
                        f"Did you mean “{near}”?" if near else f"What may stand here: {', '.join(known)}.")
        elif field in found:
            desk.refuse(file.key_mark((*path, key)), f"“{key}” says again what “{found[field][-1]}” says.", "Keep one of them.")
        else:
            found[field] = (*path, key)
    return found


def _items(desk: Desk, file: Marked, path: Path | None) -> list[Path]:
    sections = None if path is None else _at(file, path)
    if path is not None and sections is not None and not isinstance(sections, list):
        desk.refuse(file.mark(path), "The sections must be a list.", "Begin each section with a dash.")
    return [(*path, number) for number in range(len(sections))] if path is not None and isinstance(sections, list) else []


def _cells(file: Marked, fields: Mapping[str, Path]) -> dict[str, Cell]:
    return {name: Cell(_at(file, path), file.mark(path)) for name, path in fields.items() if _at(file, path) is not None}


def _at(file: Marked, path: Path) -> Any:
    return reduce(lambda data, step: data[step], path, file.data)
