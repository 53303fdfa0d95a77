"""Shows the progress of a slotting on a terminal; prints nothing if there is no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from engine.slotting.values import Progress, Tell
from web.words.faults import number
from web.words.marking import _ as N_
from web.words.terminal import gettext as _
from web.words.terminal import language

PHASES = {
    "fit": N_("Looking at what fits where"),
    "start": N_("Making a first plan"),
    "improve": N_("Looking for a better plan"),
    "conflicts": N_("Looking for the limits that conflict"),
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
    line = _(PHASES[progress.phase])
    if progress.best is None or progress.bound is None:
        return f"{line}…"
    points = _(
        "%(phase)s: %(best)s points of at most %(bound)s",
        phase=line,
        best=progress.best,
        bound=progress.bound,
    )
    if not progress.bound:
        return points
    share = number(round(100 * progress.best / progress.bound, 1), language())
    return points + " " + _("(%(share)s%%)", share=share)
