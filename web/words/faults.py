"""Faults in words, for whoever wrote the file: what is wrong and what to do, in their language."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engine.values.faults import Fault, Hint, Value
from web.words.marking import _
from web.words.messages import translated
from web.words.sentences_faults import FAULTS, HINTS

MAX_SAID = 2_000
"""The maximum characters of what is wrong, and of what to do."""
WARNING = _("warning:")


def said(fault: Fault, language: str) -> tuple[str, str]:
    """What is wrong, and what to do: two phrases."""
    values = {name: _value(value, language) for name, value in fault.values.items()}
    what, fix = (translated(language, phrase) % values for phrase in FAULTS[fault.case])
    return _brief(what), _brief(fix)


def line(fault: Fault, language: str) -> str:
    """A fault on one line that editors can follow: ``file:line:column: what is wrong — what to
    do``."""
    warning = f"{translated(language, WARNING)} " if fault.severity == "warning" else ""
    return f"{fault.place}: {warning}{' — '.join(said(fault, language))}"


def as_json(fault: Fault, language: str) -> dict[str, Any]:
    """A fault for programs, which know it by its ``code``."""
    what, fix = said(fault, language)
    known = asdict(fault) | {"code": fault.code, "what": what, "fix": fix}
    return {name: known[name] for name in _FOR_PROGRAMS}


_FOR_PROGRAMS = ("file", "line", "column", "code", "what", "fix", "severity")


def hint(found: Hint, language: str) -> str:
    """A hint in words."""
    first, last = (found.names[0], found.names[-1]) if found.names else ("", "")
    values = {"names": ", ".join(found.names), "first": first, "last": last}
    return translated(language, HINTS[found.id]) % values


def _value(value: Value, language: str) -> str:
    if isinstance(value, Hint):
        return hint(value, language)
    if isinstance(value, tuple):
        return ", ".join(value)
    return number(value, language) if isinstance(value, int | float) else value


def number(value: float, language: str) -> str:
    """A number as people write it in that language."""
    return f"{value:g}".replace(".", "," if language == "fr" else ".")


def _brief(phrase: str) -> str:
    return phrase if len(phrase) <= MAX_SAID else f"{phrase[: MAX_SAID - 1]}…"
