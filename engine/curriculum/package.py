"""What an archive of a course says of it, whichever program made it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Protocol

from engine.curriculum.vocabulary import Field
from engine.sheets.markup import walk
from engine.sheets.values import Row
from engine.values.reasons import Reason

FIELDS: Mapping[int, Field] = {0: "title", 1: "text", 2: "starts", 3: "ends"}
DEEPEST = 60
_BLOCK = re.compile(r"(?i)</?(?:p|div|br|li|h[1-6]|tr|ul|ol)\b[^<>]{0,500}>")
_TAG = re.compile(r"<[^<>]{0,2000}>")


class Members(Protocol):
    """The members of an archive that may be read."""

    @property
    def names(self) -> frozenset[str]:
        """The names of all."""

    def read(self, name: str) -> bytes:
        """What one holds, empty if it is not there. Raises ``Unreadable``."""


@dataclass(frozen=True)
class Package:
    """The title of a course, a row of each section (see ``FIELDS``), what was left out of it, and
    the code of its language; empty where it says none."""

    title: str
    rows: tuple[Row, ...]
    left_out: tuple[Reason, ...] = ()
    language: str = ""


@dataclass
class Node:
    """An element of a small document: its attributes, its text, the elements inside."""

    name: str
    said: Mapping[str, str]
    text: str = ""
    inside: list[Node] = field(default_factory=list)

    def child(self, name: str) -> str:
        """The text of the first such element inside; empty if there is none."""
        return next((one.text.strip() for one in self.inside if one.name == name), "")

    def all(self, *path: str) -> Iterator[Node]:
        """The elements at the end of that path."""
        if not path:
            yield self
        for one in self.inside:
            if path and one.name == path[0]:
                yield from one.all(*path[1:])


def document(data: bytes, kind: str) -> Node:
    """The root of an XML document, and nothing deeper than ``DEEPEST``. Raises ``Unreadable``."""
    root = Node("", {})
    above = [root]

    def begin(name: str, said: Mapping[str, str]) -> None:
        made = Node(name, said)
        if len(above) <= DEEPEST:
            above[-1].inside.append(made)
        above.append(made)

    def text(said: str) -> None:
        above[-1].text += said

    def end(_name: str) -> None:
        above.pop()

    if data.strip():
        walk(data, kind, begin, end, text)
    return root


def plain(markup: str) -> str:
    """The words of an HTML text, a line for each block."""
    text = unescape(_TAG.sub("", _BLOCK.sub("\n", markup[:100_000])))
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def row(number: int, title: str, texts: Iterable[str], *days: date | None) -> Row:
    """The row of a section."""
    return Row(number, (title, "\n".join(filter(None, texts)), *(day or "" for day in days)))
