"""What is wrong with a pack, and where: the value that reading and linting give, and the error that carries them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from engine.errors import RelectureError

Severity = Literal["fault", "warning"]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong. ``line`` and ``column`` count from 1; ``what`` and ``fix`` are plain English for the pack's author.

    A ``warning`` is worth a look and refuses nothing.
    """

    file: str
    line: int
    column: int
    code: str
    what: str
    fix: str
    severity: Severity = "fault"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what} — {self.fix}"

    def as_json(self) -> dict[str, Any]:
        """All fields, fit for JSON."""
        return asdict(self)


class PackFaults(RelectureError):
    """A pack that cannot be read. ``faults`` has all of them, in order of file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = in_order(faults)
        super().__init__("pack-faults", count=len(self.faults), faults=[str(fault) for fault in self.faults])


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Each fault once, by file, line and column."""
    return tuple(sorted(set(faults)))


def too_large(file: str, size: int, most: int) -> Fault:
    """The fault of a file (or pack) of ``size`` bytes where ``most`` are allowed."""
    return Fault(file, 1, 1, "file-too-large", f"{size / 1e6:.1f} MB is too much", f"keep it under {most / 1e6:g} MB")


def nearest(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """``did you mean “x”?`` when one known name is close, else ``otherwise``, else the few that exist."""
    names = list(dict.fromkeys(known))
    if close := difflib.get_close_matches(name, names, n=1, cutoff=0.6):
        return f"did you mean “{close[0]}”?"
    if otherwise:
        return otherwise
    if not names:
        return "none exists yet; declare it first"
    return f"use one of: {', '.join(names[:12])}{'…' if len(names) > 12 else ''}"
