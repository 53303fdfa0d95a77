"""YAML 1.2 (core schema) read once for everybody: plain values, and the line and column of each. No meaning is checked here.

What is refused is what makes YAML dangerous or ambiguous: duplicate keys, anchors and aliases, tags, several documents,
keys that are no plain text, deep nesting, big files, bytes that are not UTF-8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from yamlcore import CCoreLoader

from engine.faults import Fault, Faults

MAX_BYTES = 1_000_000
MAX_DEPTH = 32

Path = tuple[str | int, ...]
Mark = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True)
class Marked:
    """``data`` is made of dict (keys are text as written), list, str, int, float, bool and None; marks know where it stood."""

    name: str
    data: Any
    values: Mapping[Path, Mark]
    keys: Mapping[Path, Mark]

    def mark(self, path: Path) -> Mark:
        """Where the value at ``path`` begins; when there is none, where its nearest known parent begins."""
        return _nearest(self.values, path)

    def key_mark(self, path: Path) -> Mark:
        """Where the key of ``path`` stands; for a list item or a missing key, as ``mark``."""
        return self.keys.get(path) or self.mark(path)

    def fault(self, path: Path, what: str, fix: str, *, at_key: bool = False) -> Fault:
        """A fault at that path's value, or at its key."""
        line, column = self.key_mark(path) if at_key else self.mark(path)
        return Fault(self.name, line, column, what, fix)


def load(data: bytes, name: str, max_bytes: int = MAX_BYTES) -> Marked:
    """The one document in ``data``; a UTF-8 byte order mark is accepted. Raises ``Faults`` with every fault found."""
    text = _decode(data, name, max_bytes)
    try:
        if faults := _refusals(text, name):
            raise Faults(faults)
        return _construct(text, name)
    except yaml.MarkedYAMLError as error:
        raise Faults([_syntax(error, name)]) from error
    except yaml.reader.ReaderError as error:
        line, column = _position(text, error.position)
        raise Faults([Fault(name, line, column, "YAML does not allow this character.", "Delete it or type it anew.")]) from error


def _decode(data: bytes, name: str, max_bytes: int) -> str:
    if len(data) > max_bytes:
        raise Faults([Fault(name, 1, 1, f"The file has {len(data)} bytes; at most {max_bytes} are read.", "Shorten it.")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        line, column = _position(before, len(before))
        raise Faults([Fault(name, line, column, "The file is not UTF-8 text.", "Save it again in UTF-8.")]) from error


def _position(text: str, index: int) -> Mark:
    before = text[:index]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _syntax(error: yaml.MarkedYAMLError, name: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    said = ", ".join(part for part in (error.context, error.problem) if part)
    return Fault(name, line, column, f"This is not YAML: {said}.",
                 "Check the indentation (spaces only) and put text that holds “: ” or “ #” between quotes.")


def _refusals(text: str, name: str) -> list[Fault]:
    """What events alone tell, before anything recursive runs. ``yaml.YAMLError`` when the syntax is wrong."""
    faults: list[Fault] = []
    depth = documents = 0
    for event in yaml.parse(text, Loader=CCoreLoader):
        at = (name, *_mark(event))
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            faults.append(Fault(*at, f"“*{anchor}” is an alias.", "Write the value out."))
        elif anchor:
            faults.append(Fault(*at, f"“&{anchor}” is an anchor.", "Remove it and write each value out."))
        if tag:
            faults.append(Fault(*at, f"“{tag}” is a tag.", "Remove it; put quotes around what must stay text."))
        documents += isinstance(event, yaml.DocumentStartEvent)
        if isinstance(event, yaml.DocumentStartEvent) and documents == 2:
            faults.append(Fault(*at, "A second document begins here.", "Keep one document in a file."))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return [*faults, Fault(*at, f"Values are nested deeper than {MAX_DEPTH} levels.", "Flatten them.")]
    return faults


def _construct(text: str, name: str) -> Marked:
    loader = CCoreLoader(text)
    try:
        building = _Building(name, loader)
        node = loader.get_single_node()
        data = None if node is None else building.value(node, ())
    finally:
        loader.dispose()
    if building.faults:
        raise Faults(building.faults)
    return Marked(name, data, building.values, building.keys)


class _Building:
    """One walk over the node tree: values out, marks and faults kept on the way."""

    def __init__(self, name: str, loader: CCoreLoader) -> None:
        self.name, self.loader = name, loader
        self.values: dict[Path, Mark] = {(): (1, 1)}
        self.keys: dict[Path, Mark] = {}
        self.faults: list[Fault] = []

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.values[path] = _mark(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, number)) for number, item in enumerate(node.value)]
        try:
            return self.loader.construct_object(node)
        except (ValueError, OverflowError):  # a number of thousands of digits
            self._fault(node, "This number is too long.", "Put quotes around it if it is text.")

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fault(key, "A key must be plain text.", "Write a word followed by a colon.")
                continue
            if key.value in found:
                first = self.keys[(*path, key.value)][0]
                self._fault(key, f"“{key.value}” stands here twice, first on line {first}.", "Keep one of the two.")
                continue
            self.keys[(*path, key.value)] = _mark(key)
            found[key.value] = self.value(value, (*path, key.value))
        return found

    def _fault(self, node: yaml.Node, what: str, fix: str) -> None:
        self.faults.append(Fault(self.name, *_mark(node), what, fix))


def _mark(thing: yaml.Node | yaml.Event) -> Mark:
    start = thing.start_mark
    return (start.line + 1, start.column + 1) if start else (1, 1)


def _nearest(marks: Mapping[Path, Mark], path: Path) -> Mark:
    while path not in marks:
        path = path[:-1]
    return marks[path]
