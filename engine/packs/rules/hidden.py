"""Finds hidden words in what the reader of a text sees: by spelling, stem or prefix, ignoring
accents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from engine.packs.rules.seen import seen
from engine.values.folding import bare, stem

_WORD = re.compile(r"[^\W\d_]+")
Forms = tuple[str, str]
"""A word without accents, and its stem."""
BEGINNING = 5
"""From this many letters on, a hidden word also forbids all words that begin with it (``parten``
forbids « partenaires »)."""


def named(text: str, hidden: Sequence[str], lang: str) -> list[tuple[str, int]]:
    """Each hidden word (or phrase) visible to a reader of ``text`` (Markdown), with its position in
    ``text`` (from 0); in the order of ``hidden``."""
    read, phrases = seen(text), tuple(hidden)
    words = list(_WORD.finditer(read.text))
    found = [
        (phrase, read.places[word.start()])
        for i, word in enumerate(words)
        for phrase in _begun_by(word[0], phrases, lang)
        if _all_said(words[i:], _parts(phrase, lang), lang)
    ]
    return sorted(found, key=lambda one: phrases.index(one[0]))


def _all_said(words: Sequence[re.Match[str]], parts: Sequence[Forms], lang: str) -> bool:
    """Whether ``words`` begin with all parts of a phrase."""
    said = [_forms(word[0], lang) for word in words[: len(parts)]]
    return len(said) == len(parts) and all(map(_same, said, parts))


# Cached because texts repeat the same words over and over, and stemming a word is slow.


@lru_cache(maxsize=32_768)
def _begun_by(word: str, phrases: tuple[str, ...], lang: str) -> tuple[str, ...]:
    """The phrases whose first word this may be."""
    forms = _forms(word, lang)
    return tuple(p for p in phrases if (parts := _parts(p, lang)) and _same(forms, parts[0]))


@lru_cache(maxsize=1_024)
def _parts(phrase: str, lang: str) -> tuple[Forms, ...]:
    return tuple(_forms(part, lang) for part in _WORD.findall(seen(phrase).text))


@lru_cache(maxsize=32_768)
def _forms(word: str, lang: str) -> Forms:
    return bare(word), bare(stem(word.lower(), lang))


def _same(written: Forms, forbidden: Forms) -> bool:
    begins = len(forbidden[0]) >= BEGINNING and written[0].startswith(forbidden[0])
    return begins or written[0] == forbidden[0] or written[1] == forbidden[1]
