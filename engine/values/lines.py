"""Titles and names as one line, whoever wrote them: none adds a paragraph to a mail, or turns round
the words beside it."""

from __future__ import annotations

import re

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
