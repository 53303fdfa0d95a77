"""Normalises words for comparison, ignoring case, accents, ligatures and endings; used by every
room that compares what people wrote."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_STEMMERS = {"fr": "french", "en": "english"}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SEPARATORS = re.compile(r"[^0-9a-z]+")


def bare(text: str) -> str:
    """Lower case without accents or ligatures: « Œuvre commencée » gives ``oeuvre commencee``."""
    plain = _NOT_ASCII.sub(
        lambda c: "" if unicodedata.combining(c[0]) else c[0],
        unicodedata.normalize("NFKD", text.casefold()),
    )
    return plain.replace("œ", "oe").replace("æ", "ae")


def fold(text: str) -> str:
    """``bare``, with every run of other characters replaced by one space: ``"Durée (min)"`` gives
    ``"duree min"``."""
    return _SEPARATORS.sub(" ", bare(text)).strip()


@lru_cache(maxsize=32_768)
def stem(word: str, language: str) -> str:
    """The stem (Snowball) of a word in lower case; ``language`` is fr or en.

    Cached because stemming takes most of the time of a comparison, and texts repeat the same words.
    """
    import snowballstemmer  # loads every language, and only comparing words needs it

    return str(snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word))
