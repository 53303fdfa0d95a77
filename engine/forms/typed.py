"""What somebody typed: made clean when it comes in, made safe Markdown when it is shown."""

from __future__ import annotations

import re
import unicodedata

from engine.values.errors import Invalid

QUOTED_AT_MOST = 300
"""Characters of a free text that another text quotes; the rest is on the path."""
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BREAKABLE = re.compile(r"[^\S\u00a0\u202f]+")
_BIDI_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def read(raw: object, field: str, limit: int, *, lines: bool = False, needed: bool = True) -> str:
    """Clean text of at most ``limit`` characters, on one line unless ``lines``. Raises
    ``Invalid("answer-empty")`` when it is ``needed``, ``("answer-too-long", limit, length)`` and
    ``("answer-malformed")``."""
    if not isinstance(raw, str | None):
        raise Invalid("answer-malformed", field=field)
    text = (raw or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > limit:
        raise Invalid("answer-too-long", field=field, limit=limit, length=len(text))
    text = _clean(text) if lines else one_line(_clean(text))
    if needed and not any(c.isprintable() and not c.isspace() for c in text):
        raise Invalid("answer-empty", field=field)
    return text


def one_line(text: str) -> str:
    """``text`` with every run of spaces and newlines as one space; French no-break spaces stay."""
    return _BREAKABLE.sub(" ", text).strip()


def escape(text: str) -> str:
    """Typed text as Markdown that shows exactly those characters, on one line (CommonMark 2.4:
    backslash escapes)."""
    return _PUNCTUATION.sub(r"\\\1", one_line(text))


def escape_lines(text: str) -> str:
    """Typed text as Markdown, line by line as it was typed; empty lines go."""
    return "\\\n".join(escape(line) for line in text.splitlines() if line.strip())


def cut(text: str) -> str:
    """``text`` on one line, its end left out beyond what a quote may hold."""
    text = one_line(text)
    return text if len(text) <= QUOTED_AT_MOST else f"{text[:QUOTED_AT_MOST].rsplit(' ', 1)[0]}…"


def _clean(text: str) -> str:
    """Composed characters; no control character but newlines (a tab is a space), no lone
    surrogate, no bidi override."""
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
