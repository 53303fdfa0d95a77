"""Reads a course written in YAML into an outline. Field names may be French or English, as in a CSV
file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from engine.curriculum.build import Cell, CellReader, Row, build
from engine.curriculum.names import AUDIENCE, COURSE, SECTION, hint, named, spoken
from engine.curriculum.outline import Outline
from engine.values.yamlmarks import Marked, Path, load

MAX_VALUES = 30_000
"""In one file: 500 sections have a tenth of it."""


def read_yaml(data: bytes, name: str) -> Outline:
    """The outline in ``data`` (UTF-8, 1 MB at most). Raises ``Faults`` with every fault found."""
    return outline_in(load(data, name, MAX_VALUES))


def outline_in(file: Marked) -> Outline:
    """The outline in a document. Raises ``Faults`` with every fault found."""
    reader = CellReader(file.name)
    language = spoken(str(path[-1]) for path in file.keys)
    course = _fields(reader, file, (), COURSE, language)
    audience = (
        _fields(reader, file, course["audience"], AUDIENCE, language)
        if "audience" in course
        else {}
    )
    sections = [
        Row(file.mark(path), _cells(file, _fields(reader, file, path, SECTION, language)))
        for path in _items(reader, file, course.get("sections"))
    ]
    return build(reader, _cells(file, course), _cells(file, audience), sections)


def _fields(
    reader: CellReader,
    file: Marked,
    path: Path,
    known: Mapping[str, tuple[str, ...]],
    language: str | None,
) -> dict[str, Path]:
    """Field name → path of its value, for the mapping at ``path``. An unknown field is a fault,
    with a hint in ``language``, that of the other names."""
    mapping = _at(file, path)
    if not isinstance(mapping, dict):
        reader.refuse(file.mark(path), "not-a-mapping.fields", fields=tuple(known))
        return {}
    found: dict[str, Path] = {}
    for key in mapping:
        field = named(key, known)
        if field is None:
            better = hint(key, known, language)
            reader.refuse(
                file.key_mark((*path, key)), "field-unknown.course", field=key, hint=better
            )
        elif field in found:
            first = str(found[field][-1])
            reader.refuse(file.key_mark((*path, key)), "said-twice", field=key, first=first)
        else:
            found[field] = (*path, key)
    return found


def _items(reader: CellReader, file: Marked, path: Path | None) -> list[Path]:
    sections = None if path is None else _at(file, path)
    if path is not None and sections is not None and not isinstance(sections, list):
        reader.refuse(file.mark(path), "wrong-type.sections")
    return (
        [(*path, number) for number in range(len(sections))]
        if path is not None and isinstance(sections, list)
        else []
    )


def _cells(file: Marked, fields: Mapping[str, Path]) -> dict[str, Cell]:
    return {
        name: Cell(_said(file, path), file.mark(path))
        for name, path in fields.items()
        if _at(file, path) is not None
    }


def _said(file: Marked, path: Path) -> Any:
    """The value at ``path``, numbers as they were written, since « 017 » may be the title of a
    section."""
    value = _at(file, path)
    if isinstance(value, list):
        return [file.written.get((*path, number), item) for number, item in enumerate(value)]
    return value if isinstance(value, bool) else file.written.get(path, value)


def _at(file: Marked, path: Path) -> Any:
    return reduce(lambda data, step: data[step], path, file.data)
