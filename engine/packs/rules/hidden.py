"""Whether a text names what it must not: hidden words found by spelling, by stem and by
beginning, whatever the accents, in what its reader sees of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.packs.rules.seen import seen
from engine.values.folding import bare, stem

_WORD = re.compile(r"[^\W\d_]+")
Forms = tuple[str, str]
"""A word bare of accents, and its stem."""
BEGINNING = 5
"""From how many letters on a hidden word also forbids all words that begin with it (``parten``
forbids « partenaires »)."""


def named(text: str, hidden: Sequence[str], lang: str) -> Iterator[tuple[str, int]]:
    """Each hidden word (or phrase) that a reader of ``text`` (Markdown) sees, with the place in
    ``text`` (from 0) where it is."""
    read = seen(text)
    words = [
        (read.places[found.start()], _forms(found[0], lang)) for found in _WORD.finditer(read.text)
    ]
    for phrase in hidden:
        parts = [_forms(part, lang) for part in _WORD.findall(seen(phrase).text)]
        for i in range(len(words) - len(parts) + 1 if parts else 0):
            if all(_same(words[i + j][1], part) for j, part in enumerate(parts)):
                yield phrase, words[i][0]


def _forms(word: str, lang: str) -> Forms:
    return bare(word), bare(stem(word.lower(), lang))


def _same(written: Forms, forbidden: Forms) -> bool:
    begins = len(forbidden[0]) >= BEGINNING and written[0].startswith(forbidden[0])
    return begins or written[0] == forbidden[0] or written[1] == forbidden[1]
