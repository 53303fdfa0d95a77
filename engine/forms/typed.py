"""Typed text: cleaned when it comes in, turned into safe Markdown when it is shown."""

from __future__ import annotations

import re
import unicodedata

from engine.forms.reasons import AnswerEmpty, AnswerMalformed, AnswerTooLong
from engine.values.errors import Invalid
from engine.values.lines import one_line

QUOTED_AT_MOST = 300
"""How many characters of a free text are quoted in another; the full text is on the path."""
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BIDI_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def read(raw: object, field: str, limit: int, *, lines: bool = False, needed: bool = True) -> str:
    """Cleaned text of at most ``limit`` characters, on one line unless ``lines``. Raises
    ``Invalid``: ``answer-empty`` if it is ``needed``, ``answer-too-long`` (limit, length) or
    ``answer-malformed``."""
    if not isinstance(raw, str | None):
        raise Invalid(AnswerMalformed(), field=field)
    text = (raw or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > limit:
        raise Invalid(AnswerTooLong(limit=limit, length=len(text)), field=field)
    text = _clean(text) if lines else one_line(_clean(text))
    if needed and not any(c.isprintable() and not c.isspace() for c in text):
        raise Invalid(AnswerEmpty(), field=field)
    return text


def escape(text: str) -> str:
    """Typed text as Markdown that renders exactly those characters, on one line (CommonMark 2.4:
    backslash escapes)."""
    return _PUNCTUATION.sub(r"\\\1", one_line(text))


def escape_lines(text: str) -> str:
    """Typed text as Markdown, keeping its line breaks but dropping empty lines."""
    return "\\\n".join(escape(line) for line in text.splitlines() if line.strip())


def cut(text: str) -> str:
    """``text`` on one line, truncated to the length of a quote."""
    text = one_line(text)
    return text if len(text) <= QUOTED_AT_MOST else f"{text[:QUOTED_AT_MOST].rsplit(' ', 1)[0]}…"


def _clean(text: str) -> str:
    """Text in composed form (NFC), without control characters other than newlines (a tab becomes a
    space), lone surrogates or bidi overrides."""
    kept = (
        c
        for c in text.replace("\t", " ")
        if c == "\n"
        or (
            unicodedata.category(c) not in ("Cc", "Cs")
            and unicodedata.bidirectional(c) not in _BIDI_CONTROLS
        )
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()
