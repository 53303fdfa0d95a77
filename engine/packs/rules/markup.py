"""Which Markdown a string may contain: emphasis, lists, blockquotes, https links, images with a
description. No raw HTML."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from engine.packs.sidecar import Entry
from engine.values.faults import Fault

_REFUSED = {"heading_open": "heading", "fence": "code", "code_block": "indent", "hr": "line"}
"""Which case of ``markup-refused`` a token is."""
_SIGNS = re.compile(r"[#<\[`~\t]|    |^[\W\d_]*[-=*_][\W\d_]*$", re.MULTILINE)
"""What all markup checked here contains: a sign, an indent, or a line of signs only. Most strings
are plain prose, and parsing each of them would take most of the time of a check."""


class _Open(MarkdownIt):
    """A parser that keeps every kind of link: they are checked here, not dropped."""

    def validateLink(self, url: str) -> bool:
        return True


_MARKDOWN = _Open("commonmark")


def check_markup(file: str, entry: Entry, images: Collection[str]) -> Iterator[Fault]:
    """Every fault in the Markdown of one string. ``images`` are the file names that the module
    has."""
    if not _SIGNS.search(entry.text):
        return
    for token in _MARKDOWN.parse(entry.text):
        line = entry.text_line + (token.map[0] if token.map else 0)
        if token.type in _REFUSED:
            yield Fault(file, line, 1, f"markup-refused.{_REFUSED[token.type]}")
        elif token.type == "html_block":
            yield _raw_html(file, line, 1, token.content)
        for child, place in _children(token):
            yield from _check_inline(file, line + place, child, entry, images)


def image_names(entry: Entry) -> set[str]:
    """The file names of the images that a string shows."""
    if "![" not in entry.text:  # every image begins like this; most strings have none
        return set()
    tokens = (child for token in _MARKDOWN.parse(entry.text) for child in token.children or ())
    return {str(token.attrs.get("src", "")) for token in tokens if token.type == "image"}


def _children(token: Token) -> Iterator[tuple[Token, int]]:
    place = 0
    for child in token.children or ():
        place += child.type in ("softbreak", "hardbreak")
        yield child, place


def _check_inline(
    file: str, line: int, token: Token, entry: Entry, images: Collection[str]
) -> Iterator[Fault]:
    if token.type == "html_inline":
        yield _raw_html(file, line, _column(entry, line, token.content), token.content)
    if token.type == "link_open" and not str(token.attrs["href"]).startswith("https://"):
        address = str(token.attrs["href"])
        yield Fault(
            file,
            line,
            _column(entry, line, address),
            "link-not-https",
            {"address": address},
        )
    if token.type == "image":
        name = str(token.attrs["src"])
        column = _column(entry, line, "![")
        if not token.content.strip():
            yield Fault(
                file,
                line,
                column,
                "alt-missing",
                {"image": name},
            )
        if name not in images:
            yield Fault(
                file,
                line,
                column,
                "image-missing",
                {"image": name},
            )


def _raw_html(file: str, line: int, column: int, content: str) -> Fault:
    return Fault(file, line, column, "raw-html", {"html": content.strip()[:40]})


def _column(entry: Entry, line: int, needle: str) -> int:
    lines = entry.text.split("\n")
    return max(0, lines[min(line - entry.text_line, len(lines) - 1)].find(needle)) + 1
