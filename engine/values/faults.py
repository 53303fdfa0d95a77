"""A fault in a file that a person wrote: where it is, which one it is, what it quotes; and the
error that carries all of them. The words are in ``web/words/sentences_faults.py``."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.values.errors import RelectureError
from engine.values.reasons import Reason

Severity = Literal["fault", "warning"]
MAX_QUOTED = 240
"""The maximum characters kept of one value that a fault quotes."""
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


@dataclass(frozen=True)
class Hint:
    """What to write instead of an unknown name: the sentence by its id, and the names in it."""

    id: str
    names: tuple[str, ...] = ()


Value = str | int | float | tuple[str, ...] | Hint
"""What fills a hole in the words of a fault."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong. ``line`` and ``column`` count from 1. ``case`` (kebab-case) picks the words:
    what is wrong and what to do; ``values`` fill their holes. A ``warning`` is worth a look but
    refuses nothing.

    Unlike a reason a fault has no class of its own: making a hundred of them would take as long as
    checking a module. A test holds that each case has its words, and each hole its value.

    Faults are printed on terminals and may quote file names and contents: control characters are
    kept as escapes and long quotations are shortened.
    """

    file: str
    line: int
    column: int
    case: str
    values: Mapping[str, Value] = field(default_factory=dict, hash=False)
    severity: Severity = "fault"

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", printable(self.file))
        object.__setattr__(self, "values", {k: _brief(v) for k, v in self.values.items()})

    @property
    def code(self) -> str:
        """What programs know it by: cases such as ``wrong-type.text`` differ in words alone."""
        return self.case.partition(".")[0]

    @property
    def place(self) -> str:
        """Where it is, as editors read it: ``file:line:column``."""
        return f"{self.file}:{self.line}:{self.column}"

    def __str__(self) -> str:
        return f"{self.place}: {self.severity} {self.case} {dict(self.values)}"


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


def _brief(value: Value) -> Value:
    if isinstance(value, Hint):
        return Hint(value.id, tuple(_quoted(name) for name in value.names))
    if isinstance(value, tuple):
        return tuple(_quoted(one) for one in value)
    return _quoted(value) if isinstance(value, str) else value


def _quoted(text: str) -> str:
    safe = printable(text)
    return safe if len(safe) <= MAX_QUOTED else f"{safe[: MAX_QUOTED - 1]}…"


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults without duplicates, by file, line and column."""
    found = dict.fromkeys(faults)
    return tuple(sorted(found, key=lambda f: (f.file, f.line, f.column, f.case, str(f.values))))


def too_large(file: str, size: int, most: int) -> Fault:
    """The fault of a file (or pack) of ``size`` bytes where at most ``most`` are allowed."""
    values = {"size": round(size / 1e6, 1), "most": most / 1e6}
    return Fault(file, 1, 1, "file-too-large", values)


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name most similar to ``name``; None if none is close."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)), None)


def nearest(name: str, known: Iterable[str], otherwise: str = "") -> Hint:
    """``did you mean “x”?`` if a known name is close, else the hint ``otherwise``, else a list of
    known names."""
    names = tuple(dict.fromkeys(known))
    if close := closest(name, names):
        return Hint("did-you-mean", (close,))
    if otherwise:
        return Hint(otherwise)
    if not names:
        return Hint("none-yet")
    return Hint("one-of", (*names[:12], *(("…",) if len(names) > 12 else ())))
