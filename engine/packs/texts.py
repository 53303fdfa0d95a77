"""What can be said of the words of one string: the holes ``{…}`` it has, how long it is, which
source it stands for."""

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
    """``text`` with each known hole replaced; an unknown hole stays as it is (the linter refuses
    those beforehand)."""
    return HOLE.sub(lambda hole: values.get(hole[1], hole[0]), text)


def count_words(text: str) -> int:
    """How many words a reader reads: « l'alliance » and ``dix-huit`` are one each, addresses of
    links and images none."""
    return len(_WORD.findall(_ADDRESS.sub("]", text)))


def source_hash(text: str) -> str:
    """Eight hex digits that stand for a source string: the start of the SHA-256 of its words in
    NFC, spaces made single.

    Wrapping a paragraph anew, or making a space a no-break space, leaves translations fresh.
    """
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(words.encode()).hexdigest()[:8]
