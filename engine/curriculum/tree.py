"""Reads a calendar kept as YAML, as site generators do: weeks that hold days that hold sessions.
What stands above holds for what stands below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from engine.curriculum.headings import meanings
from engine.curriculum.limits import MAX_ROWS
from engine.curriculum.vocabulary import Field
from engine.curriculum.weeks import split_week, week_of
from engine.sheets.values import Row
from engine.values.yamlmarks import Marked, Path

FIELDS: Mapping[int, Field] = dict(
    enumerate(("week", "starts", "ends", "minutes", "title", "text", "tags"))
)
"""What the cells of the rows are."""
HEADINGS = ("week", "starts", "ends", "duration", "title", "text", "tags")
_ORDER = {field: number for number, field in FIELDS.items()}
_INHERITED = ("week", "starts", "ends")


def rows_of(file: Marked) -> tuple[Row, ...]:
    """A row of each session, from the top of the file on, up to one more than a table may have."""
    return tuple(islice(_rows(file, (), file.data, {}), MAX_ROWS + 1))


def _rows(file: Marked, path: Path, node: Any, above: Mapping[str, str]) -> Iterator[Row]:
    if isinstance(node, list):
        for number, one in enumerate(node):
            yield from _rows(file, (*path, number), one, above)
        return
    if not isinstance(node, dict):
        return
    own = _own(file, path, node)
    title = own.get("title", "")
    known = {**above, **{name: said for name, said in own.items() if name in _INHERITED}}
    if title and week_of(title) is not None and split_week(title)[0] is None:
        known["week"] = own.get("week", title)
        title = "" if _sessions(node) else title
    if title and not any(_placed(one) for one in _sessions(node)):
        yield Row(file.mark(path)[0], _cells({**known, **own, "title": title}, node))
        return
    for key, one in node.items():
        yield from _rows(file, (*path, key), one, known)


def _own(file: Marked, path: Path, node: Mapping[str, Any]) -> dict[str, str]:
    """The fields that a mapping says itself, as they are written."""
    found: dict[str, tuple[int, str]] = {}
    for key, value in node.items():
        written = file.written.get((*path, key), value)
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            written = ", ".join(value)
        if isinstance(written, (dict, list, bool)) or written in (None, ""):
            continue
        for one in meanings(str(key))[:1]:
            if one.field not in found or one.rank < found[one.field][0]:
                found[one.field] = (one.rank, str(written).strip())
    return {field: said for field, (_rank, said) in found.items()}


def _sessions(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every mapping below this one that has a title."""
    found: list[Mapping[str, Any]] = []
    waiting = [value for value in node.values() if isinstance(value, (dict, list))]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += [value for value in one if isinstance(value, (dict, list))]
        else:
            waiting += [value for value in one.values() if isinstance(value, (dict, list))]
            if any(m.field == "title" for key in one for m in meanings(str(key))[:1]):
                found.append(one)
    return found


def _placed(node: Mapping[str, Any]) -> bool:
    """Whether a mapping says itself when or how long."""
    fields = {m.field for key in node for m in meanings(str(key))[:1]}
    return bool(fields & {"week", "starts", "minutes"})


def _cells(own: Mapping[str, str], node: Mapping[str, Any]) -> tuple[str, ...]:
    cells = [own.get(field, "") for field in FIELDS.values()]
    names = [str(v) for one in _sessions(node) for k, v in one.items() if _is_title(k)]
    text = "\n".join(filter(None, (own.get("text", ""), *names)))
    cells[_ORDER["text"]] = text
    return tuple(cells)


def _is_title(key: object) -> bool:
    return any(one.field == "title" for one in meanings(str(key))[:1])
