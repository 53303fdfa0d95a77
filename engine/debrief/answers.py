"""Reading an answer from a form: strict, whole or not at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping

from engine.debrief.values import Answer
from engine.debrief.words import one_line
from engine.packs.prompts import (
    GRADES,
    HAPPENED,
    Choice,
    DidItHappen,
    Plan,
    Prompt,
    Recall,
    Scale,
    Text,
)
from engine.values.errors import Invalid

TEXT_LIMIT = 2000
LINE_LIMIT = 300
"""Characters of one part of a plan, or of the line that follows it up."""


def read_answer(prompt: Prompt, form: Mapping[str, str]) -> Answer:
    """The answer in ``form`` to ``prompt``; its fields are the keys of ``Answer``, all text.

    Raises ``Invalid("answer-empty", field)``, ``("answer-too-long", field, limit, length)`` in
    characters, or ``("answer-not-offered", field)``.
    """
    match prompt:
        case Recall():
            return {"grade": int(_one_of(form, "grade", _numbers(len(GRADES))))}
        case Scale():
            return {"point": int(_one_of(form, "point", _numbers(prompt.points)))}
        case Choice():
            return {"option": _one_of(form, "option", prompt.options)}
        case Text():
            return {"text": _words(form, "text", TEXT_LIMIT)}
        case Plan():
            return {part: _words(form, part, LINE_LIMIT, lines=False) for part in ("if", "then")}
        case DidItHappen():
            return {
                "happened": _one_of(form, "happened", HAPPENED),
                "note": _words(form, "note", LINE_LIMIT, lines=False, needed=False),
            }


def _numbers(last: int) -> tuple[str, ...]:
    return tuple(str(n) for n in range(1, last + 1))


def _one_of(form: Mapping[str, str], field: str, offered: Collection[str]) -> str:
    value = form.get(field, "")
    if not value:
        raise Invalid("answer-empty", field=field)
    if value not in offered:
        raise Invalid("answer-not-offered", field=field)
    return value


def _words(
    form: Mapping[str, str], field: str, limit: int, *, lines: bool = True, needed: bool = True
) -> str:
    text = form.get(field, "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > limit:
        raise Invalid("answer-too-long", field=field, limit=limit, length=len(text))
    text = _clean(text) if lines else one_line(_clean(text))
    if needed and not any(c.isprintable() and not c.isspace() for c in text):
        raise Invalid("answer-empty", field=field)
    return text


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


_BIDI_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
