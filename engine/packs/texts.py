"""Functions on the words of one string: its holes ``{…}``, its length, its source hash."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping

HOLE = re.compile(r"\{([a-z][a-z0-9.-]*)\}")
_ADDRESS = re.compile(r"\]\([^)]*\)")
_WORD = re.compile(r"[^\W_]+(?:[-.,'’][^\W_]+)*")


def holes(text: str) -> tuple[str, ...]:
    """The names between braces, in order of first appearance: ``"{who} a {n} ans"`` gives
    ``("who", "n")``."""
    return tuple(dict.fromkeys(HOLE.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with each known hole replaced; an unknown hole is left as it is (the linter refuses
    those beforehand)."""
    return HOLE.sub(lambda hole: values.get(hole[1], hole[0]), text)


def count_words(text: str) -> int:
    """The number of words a reader reads: « l'alliance » and ``dix-huit`` count as one each;
    addresses of links and images do not count."""
    return len(_WORD.findall(_ADDRESS.sub("]", text)))


def source_hash(text: str) -> str:
    """Eight hex digits that identify a source string: the start of the SHA-256 of its words in NFC,
    whitespace collapsed.

    Rewrapping a paragraph, or turning a space into a no-break space, does not make translations
    stale.
    """
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(words.encode()).hexdigest()[:8]
