"""What the papers name: tests by their file and name."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`((?:attack|integration|unit|browser|peers)/[\w/]+\.py)::(\w+)`")


def read(paper: str) -> str:
    """The text of a paper, by its path from the root."""
    return (ROOT / paper).read_text(encoding="utf-8")


def named_in(text: str) -> set[tuple[str, str]]:
    """The tests that a text names: the file, from ``tests/`` on, and the function."""
    return set(NAMED.findall(text))


def missing(named: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of them that do not exist."""
    return sorted(
        (file, test)
        for file, test in named
        if not (path := ROOT / "tests" / file).exists()
        or f"def {test}(" not in path.read_text(encoding="utf-8")
    )
