"""A fault in a file that a person wrote: where it stands, what is wrong, what to do. Packs and outlines share it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.errors import RelectureError


@dataclass(frozen=True, order=True)
class Fault:
    """One fault. ``line`` and ``column`` count from 1; ``what`` is wrong and ``fix`` says what to do, each one sentence."""

    file: str
    line: int
    column: int
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what} {self.fix}"


class Faults(RelectureError):
    """A file was refused whole. ``faults`` holds every fault found, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("faulty-file", file=self.faults[0].file, count=len(self.faults))

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))
