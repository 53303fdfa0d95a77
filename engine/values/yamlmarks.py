"""Reads YAML 1.2 (core schema) into plain values and the line and column of each. Meaning is not
checked here.

Whatever makes YAML dangerous or ambiguous is refused: duplicate keys, anchors and aliases, tags,
several documents, keys that are not plain text, deep nesting, big files, bytes that are not UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from yamlcore import CCoreLoader

from engine.values.faults import Fault, Faults, Value, too_large

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_NUMBER = 2**63 - 1
"""Beyond this, no database stores a whole number, and Python may refuse to print it."""

Path = tuple[str | int, ...]
Mark = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True)
class Marked:
    """A document with the position of every value. ``data`` consists of dict (keys are text as
    written), list, str, int, float, bool and None.

    ``written`` holds each number and boolean as its author wrote it: ``017``, which YAML reads as
    17.
    """

    name: str
    data: Any
    written: Mapping[Path, str]
    values: Mapping[Path, Mark]
    keys: Mapping[Path, Mark]

    def mark(self, path: Path) -> Mark:
        """Where the value at ``path`` begins; if there is none, where its nearest known parent
        begins."""
        return _nearest(self.values, path)

    def key_mark(self, path: Path) -> Mark:
        """Where the key of ``path`` is; for a list item or a missing key, the same as ``mark``."""
        return self.keys.get(path) or self.mark(path)


def load(data: bytes, name: str, most: int | None = None) -> Marked:
    """The single document in ``data``; a UTF-8 byte order mark is accepted. Raises ``Faults`` with
    every fault found, or for more than ``most`` values, names and lists."""
    text = decode(data, name)
    try:
        return _construct(_events(text, name, most), name)
    except yaml.MarkedYAMLError as error:
        raise Faults([_syntax(error, name, text)]) from error
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode("utf-8", "ignore")  # libyaml counts bytes
        line, column = _position(before)
        raise Faults([Fault(name, line, column, "character-refused")]) from error


def decode(data: bytes, name: str) -> str:
    """The text in ``data``, without a byte order mark. Raises ``Faults`` if it is over 1 MB or not
    UTF-8."""
    if len(data) > MAX_BYTES:
        raise Faults([too_large(name, len(data), MAX_BYTES)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        line, column = _position(before)
        raise Faults([Fault(name, line, column, "not-utf-8")]) from error


def _position(before: str) -> Mark:
    """The position just after this text."""
    lines = re.split(r"\r\n|\n|\r", before)
    return len(lines), len(lines[-1]) + 1


def _syntax(error: yaml.MarkedYAMLError, name: str, text: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if mark and text[mark.index : mark.index + 1] == "\t":
        return Fault(name, line, column, "tab-refused")
    said = tuple(part for part in (error.context, error.problem) if part)
    return Fault(name, line, column, "not-yaml", {"said": said})


def _too_many(name: str, most: int, event: yaml.Event) -> Fault:
    return Fault(name, *_mark(event), "too-many.values", {"most": most})


def _events(text: str, name: str, most: int | None) -> list[yaml.Event]:
    """The events of the single document, without those of its start and end, checked before
    anything recursive runs.

    Raises ``Faults`` for what the events alone show, ``yaml.YAMLError`` if the syntax is wrong.
    """
    events: list[yaml.Event] = []
    faults: list[Fault] = []
    depth = documents = 0
    for event in yaml.parse(text, Loader=CCoreLoader):
        if most is not None and len(events) > most:
            raise Faults([_too_many(name, most, event)])
        if isinstance(event, yaml.ScalarEvent) and not event.anchor and not event.tag:
            events.append(event)  # the most common case
            continue
        at = (name, *_mark(event))
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            faults.append(Fault(*at, "alias-refused", {"name": str(anchor)}))
        elif anchor:
            faults.append(Fault(*at, "anchor-refused", {"name": anchor}))
        if tag:
            faults.append(Fault(*at, "tag-refused", {"tag": tag}))
        documents += isinstance(event, yaml.DocumentStartEvent)
        if isinstance(event, yaml.DocumentStartEvent) and documents == 2:
            faults.append(Fault(*at, "second-document"))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise Faults([*faults, Fault(*at, "nested-too-deep", {"most": MAX_DEPTH})])
        if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
            events.append(event)
    if faults:
        raise Faults(faults)
    return events


def _construct(events: Sequence[yaml.Event], name: str) -> Marked:
    building = _Building(name, iter(events))
    data = building.value(next(building.events), ()) if events else None
    if building.faults:
        raise Faults(building.faults)
    return Marked(name, data, building.written, building.values, building.keys)


class _Building:
    """One pass over the events that builds values and records marks and faults."""

    def __init__(self, name: str, events: Iterator[yaml.Event]) -> None:
        self.name, self.events = name, events
        self.values: dict[Path, Mark] = {(): (1, 1)}
        self.keys: dict[Path, Mark] = {}
        self.written: dict[Path, str] = {}
        self.faults: list[Fault] = []
        self._loader = CCoreLoader("")

    def value(self, event: yaml.Event, path: Path) -> Any:
        """The value that begins with ``event``; consumes all of its events."""
        self.values[path] = _mark(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        return [self.value(item, (*path, number)) for number, item in enumerate(self._rest())]

    def _rest(self) -> Iterator[yaml.Event]:
        """The first event of each remaining item of a collection, up to its end."""
        while not isinstance(event := next(self.events), yaml.CollectionEndEvent):
            yield event

    def _pass_over(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.CollectionStartEvent):
            for inner in self._rest():
                self._pass_over(inner)

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Any:
        tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag == self._loader.DEFAULT_SCALAR_TAG:
            return event.value
        try:
            value = self._loader.construct_object(yaml.ScalarNode(tag, event.value))
        except (ValueError, OverflowError):  # a number of thousands of digits
            value = None
        else:
            if isinstance(value, int | float):
                self.written[path] = event.value
            if not isinstance(value, int) or abs(value) <= MAX_NUMBER:
                return value
        self._fault(event, "number-too-long")
        return None

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key in self._rest():
            if not isinstance(key, yaml.ScalarEvent):
                self._pass_over(key)
                self._pass_over(next(self.events))
                self._fault(key, "key-not-text")
                continue
            if key.value in found:
                self._pass_over(next(self.events))
                first = self.keys[(*path, key.value)][0]
                self._fault(key, "key-twice", {"key": key.value, "line": first})
                continue
            self.keys[(*path, key.value)] = _mark(key)
            found[key.value] = self.value(next(self.events), (*path, key.value))
        return found

    def _fault(self, at: yaml.Event, case: str, values: Mapping[str, Value] | None = None) -> None:
        self.faults.append(Fault(self.name, *_mark(at), case, values or {}))


def _mark(event: yaml.Event) -> Mark:
    start = event.start_mark
    return (start.line + 1, start.column + 1) if start else (1, 1)


def _nearest(marks: Mapping[Path, Mark], path: Path) -> Mark:
    while path not in marks:
        path = path[:-1]
    return marks[path]
