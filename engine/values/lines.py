"""Text as it can be kept and shown, whoever wrote it. Titles and names are one line: none adds a
paragraph to a mail, or turns round the words beside it."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters that are no white space
    "\u200b\u2060\ufeff"  # spaces without width
    "\u202a-\u202e\u2066-\u2069"  # bidi embeddings, overrides and isolates
    "\ud800-\udfff]+"  # halves of surrogate pairs, which nothing can encode
)
_BREAKABLE = re.compile(r"[^\S\u00a0\u202f]+")


def one_line(text: str) -> str:
    """``text`` without characters that control a device or the direction of writing, every run of
    spaces and line breaks (U+2028 is one) collapsed to one space; French no-break spaces are
    kept."""
    return _BREAKABLE.sub(" ", _UNSEEN.sub("", text)).strip()


def lines_of(text: str) -> str:
    """``text`` with ``\\n`` for every line end and an ordinary space for each that does not break,
    without control characters and whatever nothing can encode."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c)[0] != "C")
