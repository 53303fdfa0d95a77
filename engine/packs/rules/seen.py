"""A string as its reader sees it: the words without Markdown or invisible characters, each letter
with its position."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PAGES = MarkdownIt("commonmark", {"html": False}).disable(
    [
        "heading",
        "lheading",
        "code",
        "fence",
        "reference",
        "html_block",
        "html_inline",
        "autolink",
        "text_join",
    ]
)
"""The parser used for pages (``web/words/markdown.py``), except that escaped characters (``&shy;``,
``\\*``) stay tokens of their own, which still know how they were written."""

_MARKS = frozenset(("Mn", "Cf"))
"""Characters that are not letters of their own: accents that combine with one, and format
characters, which are invisible (Unicode general categories)."""


@dataclass(frozen=True)
class Seen:
    """What a reader sees of a string. ``places[i]`` is the position in the string (from 0) of
    letter ``i`` of ``text``."""

    text: str
    places: tuple[int, ...]


@dataclass
class _Walk:
    """The letters read so far of ``written``, and their positions in it."""

    written: str
    letters: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    aside: list[tuple[str, int]] = field(default_factory=list)
    """Letters read separately, at the end of the paragraph, and their positions."""
    at: int = 0
    """The current position in ``written``."""

    def say(self, words: str, written: str | None = None) -> None:
        """Adds the next words, which are written as they are or as ``written``; those not found get
        the current position."""
        letters = self._next(words, written)
        if _MARKS.isdisjoint(map(unicodedata.category, words)):  # nearly always, and faster
            self.letters += words
            self.places += [place for _, place in letters]
        else:
            for letter, place in letters:
                self.put(letter, place)

    def say_aside(self, words: str) -> None:
        """Adds the next words to what is read at the end of the paragraph."""
        self.aside += [("\n", self.at), *self._next(words)]

    def end(self) -> None:
        """Ends a paragraph."""
        for letter, place in [*self.aside, ("\n", self.at)]:
            self.put(letter, place)
        self.aside.clear()

    def _next(self, words: str, written: str | None = None) -> list[tuple[str, int]]:
        found = self.written.find(written or words, self.at)
        start, step = max(found, self.at), 1 if found >= 0 and written is None else 0
        self.at = found + len(written or words) if found >= 0 else self.at
        return [(letter, start + step * i) for i, letter in enumerate(words)]

    def put(self, letter: str, place: int) -> None:
        """Adds a letter. A combining accent joins the letter before it; format characters and stray
        marks are invisible."""
        kind = unicodedata.category(letter)
        if kind == "Mn" and self.letters:
            joined = unicodedata.normalize("NFC", self.letters[-1] + letter)
            self.letters[-1] = joined if len(joined) == 1 else self.letters[-1]
        elif kind not in _MARKS:
            self.letters.append(letter)
            self.places.append(place)


@lru_cache(maxsize=1_024)  # several rules ask for the strings of the module at hand
def seen(text: str) -> Seen:
    """The visible words of a Markdown string, paragraphs separated; the addresses in a paragraph
    come after its words."""
    found = _Walk(text)
    lines = [0]
    for line in text.split("\n"):
        lines.append(lines[-1] + len(line) + 1)
    for token in _PAGES.parse(text):
        if token.type == "inline" and token.map:
            found.at = max(found.at, lines[token.map[0]])
            _read(found, token.children or [])
            found.end()
    return Seen("".join(found.letters), tuple(found.places))


def _read(found: _Walk, tokens: list[Token]) -> None:
    link: Token | None = None
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            found.put("\n", found.at)
        elif token.type == "image":
            _read(found, token.children or [])
            _address(found, token, "src")
        elif token.type == "link_open":
            link = token
        elif token.type == "link_close" and link is not None:
            _address(found, link, "href")
        elif token.type == "text_special":
            found.say(token.content, token.markup)
        elif token.content:
            found.say(token.content)


def _address(found: _Walk, token: Token, name: str) -> None:
    """Adds an address and its title, apart from the text: a page shows the words before and after a
    link as continuous, and mails print the address."""
    for attribute in (name, "title"):
        found.say_aside(str(token.attrs.get(attribute, "")))
