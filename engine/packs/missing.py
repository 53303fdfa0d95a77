"""Finds the strings that a sidecar lacks and reports them: one by one, or together when many are
missing in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from engine.packs.model import ModuleSpec
from engine.packs.sidecar import Sidecar
from engine.values.faults import Fault

MANY, NAMED = 5, 12
"""More than ``MANY`` missing in one place are reported as one fault, which names the first
``NAMED``."""

Missing = tuple[str, int]
"""A string id and the line of the heading it should follow."""


def missing_strings(spec: ModuleSpec, sidecar: Sidecar) -> Iterator[Missing]:
    """Each required string that the sidecar lacks, with the line of the heading it should
    follow."""
    line = 1
    for string in spec.strings():
        entry = sidecar.entries.get(string)
        if entry is None:
            yield string, line
        else:
            line = entry.line


def told(
    sidecar: Sidecar,
    missing: Iterable[Missing],
    case: str,
    each: Callable[[str, int], Fault],
) -> Iterator[Fault]:
    """The faults for strings that a sidecar lacks: ``each`` makes one for a single string; many in
    one place become one fault of that ``case``.

    A file without any string gets one fault, or none if it could not be read: that is already
    reported, and what it lacks is unknown.
    """
    if not sidecar.entries:
        if not sidecar.faults:
            yield Fault(sidecar.file, 1, 1, "sidecar-empty")
        return
    for line, group in groupby(missing, key=lambda one: one[1]):
        strings = [string for string, _ in group]
        if len(strings) <= MANY:
            yield from (each(string, line) for string in strings)
        else:
            named = (*strings[:NAMED], *(("…",) if len(strings) > NAMED else ()))
            yield Fault(sidecar.file, line, 1, case, {"count": len(strings), "strings": named})
