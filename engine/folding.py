"""Words made comparable: case, accents and ligatures aside, for every room that compares what people wrote."""

from __future__ import annotations

import re
import unicodedata

_SEPARATORS = re.compile(r"[^0-9a-z]+")


def bare(text: str) -> str:
    """Lower case without accents or ligatures: « Œuvre commencée » gives ``oeuvre commencee``."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return plain.replace("œ", "oe").replace("æ", "ae")


def fold(text: str) -> str:
    """``bare``, and every run of other signs a single space: ``"Durée (min)"`` gives ``"duree min"``."""
    return _SEPARATORS.sub(" ", bare(text)).strip()
