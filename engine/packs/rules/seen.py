"""A string as its reader sees it: words without the marks of Markdown or anything invisible,
each letter with its place."""

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
"""The parser of the pages (``web/markdown.py``), but that what was escaped (``&shy;``, ``\\*``)
stays a token of its own, which still knows how it was written."""

_MARKS = frozenset(("Mn", "Cf"))
"""What is no letter of its own: accents that join one, and format characters, which are not seen
(Unicode's general categories)."""


@dataclass(frozen=True)
class Seen:
    """What a reader reads of a string. ``places[i]`` is the place in the string (from 0) that
    letter ``i`` of ``text`` comes from."""

    text: str
    places: tuple[int, ...]


@dataclass
class _Walk:
    """The letters read so far of ``written``, and their places in it."""

    written: str
    letters: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    aside: list[tuple[str, int]] = field(default_factory=list)
    """Letters that are read apart, once the paragraph ends, and their places."""
    at: int = 0
    """Where in ``written`` the walk has come to."""

    def say(self, words: str, written: str | None = None) -> None:
        """Adds the words that stand next, written as they are or as ``written``; those not found
        are put where the walk is."""
        letters = self._next(words, written)
        if _MARKS.isdisjoint(map(unicodedata.category, words)):  # nearly always, and faster
            self.letters += words
            self.places += [place for _, place in letters]
        else:
            for letter, place in letters:
                self.put(letter, place)

    def say_aside(self, words: str) -> None:
        """Adds the words that stand next to what is read when the paragraph ends."""
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
        """Adds a letter. An accent of its own joins the letter before it; format characters and
        stray marks are not seen."""
        kind = unicodedata.category(letter)
        if kind == "Mn" and self.letters:
            joined = unicodedata.normalize("NFC", self.letters[-1] + letter)
            self.letters[-1] = joined if len(joined) == 1 else self.letters[-1]
        elif kind not in _MARKS:
            self.letters.append(letter)
            self.places.append(place)


@lru_cache(maxsize=1_024)  # each rule asks anew for the strings of the module at hand
def seen(text: str) -> Seen:
    """The words of a Markdown string, paragraphs apart; the addresses in a paragraph come after
    its words."""
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
    """An address and the title beside it: the page shows words before and after as one, and
    mails write the address out."""
    for attribute in (name, "title"):
        found.say_aside(str(token.attrs.get(attribute, "")))
