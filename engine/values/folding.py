"""Words made comparable: case, accents, ligatures and endings aside, for every room that
compares what people wrote."""

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
    """``bare``, and every run of other signs a single space: ``"Durée (min)"`` gives ``"duree
    min"``."""
    return _SEPARATORS.sub(" ", bare(text)).strip()


@lru_cache(maxsize=32_768)
def stem(word: str, language: str) -> str:
    """The stem (Snowball) of a word in lower case; ``language`` is fr or en.

    Stemming is what comparing takes most of its time for, and texts say the same words again and
    again.
    """
    import snowballstemmer  # every language at once, which only comparing words needs

    return str(snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word))
