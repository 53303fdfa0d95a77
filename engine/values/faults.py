"""A fault in a file that a person wrote: where it is, what is wrong, what to do; and the error that
carries all of them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from engine.values.errors import RelectureError
from engine.values.reasons import Reason

Severity = Literal["fault", "warning"]
MAX_QUOTED, MAX_SAID = 240, 2_000
"""The maximum characters kept of one quotation, and of everything a fault says."""
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_LONG_QUOTATION = re.compile(f"“([^“”]{{{MAX_QUOTED - 1}}})[^“”]{{2,}}”")


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong. ``line`` and ``column`` count from 1; ``code`` is for programs, in
    kebab-case.

    ``what`` says what is wrong and ``fix`` what to do, in plain English: each is a phrase in lower
    case without a full stop. A ``warning`` is worth a look but refuses nothing.

    Faults are printed on terminals and may quote file names and contents: control characters are
    kept as escapes and long quotations are shortened.
    """

    file: str
    line: int
    column: int
    code: str
    what: str
    fix: str
    severity: Severity = "fault"

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", printable(self.file))
        object.__setattr__(self, "what", _brief(self.what))
        object.__setattr__(self, "fix", _brief(self.fix))

    def __str__(self) -> str:
        warning = "warning: " if self.severity == "warning" else ""
        return f"{self.file}:{self.line}:{self.column}: {warning}{self.what} — {self.fix}"

    def as_json(self) -> dict[str, Any]:
        """All fields as JSON-compatible data."""
        return asdict(self)


class FaultyFile(Reason, code="faulty-file"):
    """What was read (``file``: the first that has one) has ``count`` faults."""

    file: str
    count: int


class Faults(RelectureError):
    """A file or pack was refused as a whole. ``faults`` holds every fault found (at least one), by
    file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = in_order(faults)
        super().__init__(FaultyFile(self.faults[0].file, len(self.faults)))

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


def printable(text: str) -> str:
    """``text`` made safe for one line of a terminal: characters that move the cursor, change
    colours, hide text or are invalid become escapes."""
    if text.isprintable():
        return text
    return "".join(repr(c)[1:-1] if unicodedata.category(c) in _UNSEEN else c for c in text)


def _brief(phrase: str) -> str:
    cut = _LONG_QUOTATION.sub(r"“\1…”", printable(phrase))
    return cut if len(cut) <= MAX_SAID else f"{cut[: MAX_SAID - 1]}…"


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults without duplicates, by file, line and column."""
    return tuple(sorted(set(faults)))


def too_large(file: str, size: int, most: int) -> Fault:
    """The fault of a file (or pack) of ``size`` bytes where at most ``most`` are allowed."""
    return Fault(
        file,
        1,
        1,
        "file-too-large",
        f"{size / 1e6:.1f} MB is too much",
        f"keep it under {most / 1e6:g} MB",
    )


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name most similar to ``name``; None if none is close."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)), None)


def nearest(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """``did you mean “x”?`` if a known name is close, else ``otherwise``, else a list of known
    names."""
    names = list(dict.fromkeys(known))
    if close := closest(name, names):
        return f"did you mean “{close}”?"
    if otherwise:
        return otherwise
    if not names:
        return "none exists yet; declare it first"
    return f"use one of: {', '.join(names[:12])}{'…' if len(names) > 12 else ''}"
