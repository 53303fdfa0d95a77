"""``make bench``: the table of measures, what each is today and whether its goal is met. Both sides
of a ratio are measured in one run on one machine; ``ONLY=launch`` runs one measure, ``FULL=1`` lets
those that extrapolate run whole."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from tests.bench.row import Row, table
from web.site import logs

MEASURES = (
    "launch",
    "handover",
    "mails",
    "touch",
    "months",
    "clients",
    "tables",
    "progress",
    "desk",
    "path",
    "weight",
    "slotting",
    "startup",
    "packs",
    "scale",
    "bringing",
)
"""One file each in this folder, with a function ``rows``."""


def measured(name: str, *, tiny: bool = False) -> list[Row]:
    """The rows of one measure; ``tiny`` only shows that it runs."""
    return list(import_module(f"tests.bench.{name}").rows(tiny=tiny))


if __name__ == "__main__":
    logs.configure("ERROR")
    chosen = os.environ.get("ONLY", "").split(",") if os.environ.get("ONLY") else MEASURES
    if unknown := set(chosen) - set(MEASURES):
        sys.exit(f"no such measure: {', '.join(sorted(unknown))}. There are: {', '.join(MEASURES)}")
    found: list[Row] = []
    for name in chosen:
        print(f"measuring {name}…", file=sys.stderr, flush=True)
        found += measured(name)
    print(table(found))
