"""Migrations, oldest first; run by ``engine.storage.migrate``. What they are called tells their
order, so that nobody has to load Alembic to know whether one is missing."""

from __future__ import annotations

from pathlib import Path

HOME = Path(__file__).parent
_DATED = len("20261122_0342")


def revisions() -> tuple[str, ...]:
    """The revisions this version knows, oldest first: each migration's file is named after the day
    and minute it was written."""
    files = (HOME / "versions").glob("[0-9]*.py")
    return tuple(sorted(path.name[:_DATED] for path in files))
