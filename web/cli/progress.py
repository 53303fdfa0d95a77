"""Shows the progress of a slotting on a terminal; prints nothing if there is no terminal."""

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
    """A function to report progress to, shown on ``console`` (by default on the error stream)."""
    shown = console or Console(stderr=True)
    if not shown.is_terminal:
        yield lambda progress: None
        return
    with shown.status("") as status:
        yield lambda progress: status.update(progress_line(progress))


def progress_line(progress: Progress) -> str:
    """The progress on one line; for a plan, its value in points and the upper bound."""
    line = PHASES[progress.phase]
    if progress.best is None or progress.bound is None:
        return f"{line}…"
    share = f" ({progress.best / progress.bound:.1%})" if progress.bound else ""
    return f"{line}: {progress.best} points of at most {progress.bound}{share}"
