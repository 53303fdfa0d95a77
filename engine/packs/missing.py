"""Strings that a sidecar lacks, and how to say so: one by one, or once where a whole stretch is
not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from engine.packs.model import ModuleSpec
from engine.packs.sidecar import Sidecar
from engine.values.faults import Fault

MANY, NAMED = 5, 12
"""From more than this many in one place, strings are told in one fault, which names the first
few."""

Missing = tuple[str, int]
"""A string and the line of the heading that it would come after."""


def missing_strings(spec: ModuleSpec, sidecar: Sidecar) -> Iterator[Missing]:
    """Each needed string that the sidecar has not, with the line of the heading it would come
    after."""
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
    code: str,
    what: str,
    each: Callable[[str, int], Fault],
) -> Iterator[Fault]:
    """The faults of strings that a sidecar lacks: ``each`` of a few, one of ``code`` for many in
    one place (``what`` they are).

    A file without any string has one fault, and none more when it could not be read: that is said
    already, and what it lacks is not known.
    """
    if not sidecar.entries:
        if not sidecar.faults:
            yield Fault(
                sidecar.file,
                1,
                1,
                "sidecar-empty",
                "this file holds no string",
                "write “## cover.title” and its words, then the other strings of the module",
            )
        return
    for line, group in groupby(missing, key=lambda one: one[1]):
        strings = [string for string, _ in group]
        if len(strings) <= MANY:
            yield from (each(string, line) for string in strings)
        else:
            named = ", ".join(strings[:NAMED]) + ("…" if len(strings) > NAMED else "")
            yield Fault(
                sidecar.file,
                line,
                1,
                code,
                f"{len(strings)} strings {what}: {named}",
                "write “## …” and its words for each after this; if the file was cut short, "
                "bring its end back",
            )
