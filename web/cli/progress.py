"""How far a slotting has come, on a terminal while it runs; nothing where nobody watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from engine.slotting.values import Progress, Tell

PHASES = {
    "fit": "Looking at what fits where",
    "start": "Making a first plan",
    "improve": "Looking for a better plan",
    "conflicts": "Looking for the limits that conflict",
}


@contextmanager
def slotting_progress(console: Console | None = None) -> Iterator[Tell]:
    """What to tell progress to; shown on ``console`` (the error stream unless given)."""
    shown = console or Console(stderr=True)
    if not shown.is_terminal:
        yield lambda progress: None
        return
    with shown.status("") as status:
        yield lambda progress: status.update(progress_line(progress))


def progress_line(progress: Progress) -> str:
    """One line; of a plan, what it is worth in points and what none can exceed."""
    line = PHASES[progress.phase]
    if progress.best is None or progress.bound is None:
        return f"{line}…"
    share = f" ({progress.best / progress.bound:.1%})" if progress.bound else ""
    return f"{line}: {progress.best} points of at most {progress.bound}{share}"
