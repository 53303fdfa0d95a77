"""YAML 1.2 read into plain values with the line and column of each, safely: no alias, no tag, bounded depth and size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yamlcore import CCoreLoader

from engine.packs.faults import Fault

Path = tuple[str | int, ...]
"""Where a value stands inside a file: ``("activity", "nodes", "soir-1", "choices", 0)``."""
MAX_BYTES, MAX_DEPTH = 400_000, 24


@dataclass
class Marks:
    """Line and column (from 1) of each key, and of each value, by path."""

    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    scalars: set[Path] = field(default_factory=set)

    def at(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Where ``path`` stands, or the nearest thing around it that is written: a scalar's value, else the key.

        Steps that are not in the file (the names pydantic adds for a union) are passed over.
        """
        here: Path = ()
        for step in path:
            if (*here, step) in self.values:
                here = (*here, step)
        if here in self.scalars and not (key and here in self.keys):
            return self.values[here]
        return self.keys.get(here) or self.values.get(here, (1, 1))


@dataclass(frozen=True)
class Document:
    """One YAML file: its value (None when it could not be read), its marks, its faults."""

    file: str
    value: Any
    marks: Marks
    faults: tuple[Fault, ...]

    def fault(self, path: Path, code: str, what: str, fix: str, *, key: bool = False, warning: bool = False) -> Fault:
        """A fault at ``path`` of this file."""
        return Fault(self.file, *self.marks.at(path, key=key), code, what, fix, "warning" if warning else "fault")


def decode(file: str, data: bytes) -> tuple[str, tuple[Fault, ...]]:
    """Bytes as text, BOM dropped; a fault at the first byte that is not UTF-8."""
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8"), ()
    except UnicodeDecodeError as error:
        before = data.removeprefix(b"\xef\xbb\xbf")[:error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        return "", (Fault(file, line, column, "not-utf-8", "this is not UTF-8 text", "save the file as UTF-8"),)


def too_large(file: str, size: int, most: int) -> Fault:
    """The fault of a file (or pack) of ``size`` bytes where ``most`` are allowed."""
    return Fault(file, 1, 1, "file-too-large", f"{size / 1e6:.1f} MB is too much", f"keep it under {most / 1e6:g} MB")


def load(file: str, data: bytes) -> Document:
    """One YAML 1.2 (core schema) document with its marks. Never raises: what is wrong is in ``faults``."""
    if len(data) > MAX_BYTES:
        return Document(file, None, Marks(), (too_large(file, len(data), MAX_BYTES),))
    text, faults = decode(file, data)
    if faults:
        return Document(file, None, Marks(), faults)
    builder = _Builder(file)
    loader: Any = None
    try:
        loader = CCoreLoader(text)
        builder.read(loader)
    except _Stop:
        return Document(file, None, builder.marks, tuple(builder.faults))
    except yaml.YAMLError as error:
        return Document(file, None, builder.marks, (*builder.faults, _syntax(file, text, error)))
    finally:
        if loader is not None:
            loader.dispose()
    return Document(file, builder.value, builder.marks, tuple(builder.faults))


class _Stop(Exception):
    """Reading cannot go on; the fault is already noted."""


class _Builder:
    """Builds values from the parser's events one by one, so that nothing nests deeper than it may."""

    def __init__(self, file: str) -> None:
        self.file, self.value = file, None
        self.marks, self.faults = Marks(), list[Fault]()

    def read(self, loader: Any) -> None:
        self.loader = loader
        loader.get_event()
        if loader.check_event(yaml.StreamEndEvent):
            return
        loader.get_event()
        self.value = self._node((), 0)
        loader.get_event()
        if not loader.check_event(yaml.StreamEndEvent):
            self._note(loader.peek_event(), "two-documents", "a second YAML document starts here", "keep one document a file")

    def _node(self, path: Path, depth: int) -> Any:
        event = self.loader.get_event()
        self._refuse(event, depth)
        self.marks.values[path] = _position(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, depth + 1)
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._node((*path, i), depth + 1) for i in self._until(yaml.SequenceEndEvent)]
        self.marks.scalars.add(path)
        return self._scalar(event)

    def _until(self, end: type[yaml.Event]) -> Iterator[int]:
        count = 0
        while not self.loader.check_event(end):
            yield count
            count += 1
        self.loader.get_event()

    def _mapping(self, path: Path, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in self._until(yaml.MappingEndEvent):
            event = self.loader.peek_event()
            key = self._key(depth)
            if key in found:
                line = self.marks.keys[(*path, key)][0]
                self._note(event, "duplicate-key", f"“{key}” is already there, on line {line}", "keep one of the two")
                self._aside(depth)
                continue
            if key is None:
                self._aside(depth)
                continue
            self.marks.keys[(*path, key)] = _position(event)
            found[key] = self._node((*path, key), depth)
        return found

    def _aside(self, depth: int) -> None:
        kept, self.marks = self.marks, Marks()
        self._node((), depth)
        self.marks = kept

    def _key(self, depth: int) -> str | None:
        event = self.loader.peek_event()
        if not isinstance(event, yaml.ScalarEvent):
            self._note(event, "key-not-text", "a key must be a plain name", "write a name before the colon")
            self._aside(depth)
            return None
        value = self._scalar(self.loader.get_event())
        if isinstance(value, str):
            return value
        self._note(event, "key-not-text", f"the key “{event.value}” is not text", f'put it between quotes: "{event.value}"')
        return None

    def _scalar(self, event: Any) -> Any:
        tag = self.loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        try:
            return self.loader.construct_object(yaml.ScalarNode(tag, event.value))
        except ValueError:
            self._note(event, "number-too-long", "this number is too long to be read", "put it between quotes if it is text")
            return None

    def _refuse(self, event: Any, depth: int) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._stop(event, "alias", "anchors and aliases (& and *) are not part of this format",
                       "write the value out, or put the text between quotes")
        if getattr(event, "tag", None):
            self._stop(event, "tag", f"the tag “{event.tag}” is not part of this format",
                       "remove it, or put the text between quotes")
        if depth > MAX_DEPTH:
            self._stop(event, "too-deep", f"this is nested more than {MAX_DEPTH} deep", "no part of the format goes that deep")

    def _note(self, event: Any, code: str, what: str, fix: str) -> None:
        self.faults.append(Fault(self.file, *_position(event), code, what, fix))

    def _stop(self, event: Any, code: str, what: str, fix: str) -> None:
        self._note(event, code, what, fix)
        raise _Stop


def _position(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _syntax(file: str, text: str, error: yaml.YAMLError) -> Fault:
    if isinstance(error, yaml.MarkedYAMLError) and (mark := error.problem_mark or error.context_mark):
        what = f"this is not YAML: {error.problem or error.context}"
        return Fault(file, mark.line + 1, mark.column + 1, "not-yaml", what,
                     "look at indentation, colons and quotes here or on the line above")
    at = next((i for i, c in enumerate(text) if not (c.isprintable() or c in "\t\r\n")), 0)
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return Fault(file, line, column, "not-yaml", "a character that YAML does not allow", "remove the invisible character here")
