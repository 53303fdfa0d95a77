"""Parses a sidecar (``fr.md``): one ``## string-id`` heading per string, its Markdown beneath, with
line numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from engine.packs.texts import count_words
from engine.values.faults import Fault, Faults, Value
from engine.values.lines import one_line
from engine.values.yamlmarks import decode

HEADING = re.compile(
    r"##[ \t]+(?P<id>[a-z0-9][a-z0-9.-]*)"
    r"(?:[ \t]+<!--[ \t]*(?P<lang>[a-z]{2})[ \t]+(?P<hash>[0-9a-f]{8})[ \t]*-->)?[ \t]*"
)
TITLE = "cover.title"
_HEADING_LIKE = re.compile(r"##(?!#)")


@dataclass(frozen=True)
class Entry:
    """One string: its words, the line of its heading, the line of its first words, and the source
    hash in its heading (or None)."""

    id: str
    text: str
    line: int
    text_line: int
    source: str | None

    @cached_property
    def words(self) -> int:
        """The number of words that a reader reads."""
        return count_words(self.text)


@dataclass(frozen=True)
class Sidecar:
    """The strings of one module in one language, by id."""

    file: str
    entries: dict[str, Entry]
    faults: tuple[Fault, ...] = ()

    def texts(self) -> dict[str, str]:
        """String id → Markdown; the title on the cover is one line."""
        texts = {entry.id: entry.text for entry in self.entries.values()}
        return texts | {name: one_line(texts[name]) for name in (TITLE,) if name in texts}


def parse(file: str, data: bytes) -> Sidecar:
    """Reads a sidecar. Never raises: any errors are in ``faults``. BOM and CRLF are accepted."""
    try:
        text = decode(data, file)
    except Faults as refused:
        return Sidecar(file, {}, refused.faults)
    entries: dict[str, Entry] = {}
    found: list[Fault] = []
    for line, head, body in _sections(text):
        heading = HEADING.fullmatch(head)
        if heading is None:
            values: dict[str, Value] = {"heading": head.strip()[:60]}
            found.append(Fault(file, line, 1, "heading-not-understood", values))
        elif (twin := entries.get(heading["id"])) is not None:
            values = {"string": twin.id, "line": twin.line}
            found.append(Fault(file, line, 4, "string-twice", values))
        else:
            entries[heading["id"]] = _entry(heading, line, body)
    found += [
        Fault(file, e.line, 4, "string-empty", {"string": e.id})
        for e in entries.values()
        if not e.text
    ]
    return Sidecar(file, entries, tuple(found))


def _sections(text: str) -> list[tuple[int, str, list[str]]]:
    sections: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if _HEADING_LIKE.match(line):
            sections.append((number, line, []))
        elif sections:
            sections[-1][2].append(line)
    return sections


def _entry(heading: re.Match[str], line: int, body: list[str]) -> Entry:
    blank = next((i for i, words in enumerate(body) if words.strip()), 0)
    return Entry(
        heading["id"], "\n".join(body[blank:]).rstrip(), line, line + 1 + blank, heading["hash"]
    )
