"""Whether a text names what it must not: hidden words found by spelling, by stem and by beginning, whatever the accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import snowballstemmer

_WORD = re.compile(r"[^\W\d_]+")
_LANGUAGES = {"fr": "french", "en": "english"}
BEGINNING = 5
"""From how many letters on a hidden word also forbids all words that begin with it (``parten`` forbids « partenaires »)."""


def fold(text: str) -> str:
    """Lower case without accents: « Œuvre commencée » gives ``oeuvre commencee``."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in bare if not unicodedata.combining(c))


def named(text: str, hidden: Sequence[str], lang: str) -> Iterator[tuple[str, int]]:
    """Each hidden word (or phrase) that ``text`` names, with the place in ``text`` (from 0) where it does."""
    stem = snowballstemmer.stemmer(_LANGUAGES[lang]).stemWord
    words = list(_WORD.finditer(text))

    def same(written: str, forbidden: str) -> bool:
        one, other = fold(written), fold(forbidden)
        begins = len(other) >= BEGINNING and one.startswith(other)
        return one == other or begins or fold(stem(written.lower())) == fold(stem(forbidden.lower()))

    for phrase in hidden:
        parts = _WORD.findall(phrase)
        for i in range(len(words) - len(parts) + 1 if parts else 0):
            if all(same(words[i + j][0], part) for j, part in enumerate(parts)):
                yield phrase, words[i].start()
