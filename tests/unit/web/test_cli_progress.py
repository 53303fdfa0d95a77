"""What a terminal shows while a course is slotted."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from engine.slotting.values import Progress
from web.cli.progress import progress_line, slotting_progress


def test_the_best_plan_is_shown_beside_what_none_can_exceed() -> None:
    assert progress_line(Progress("fit")) == "Looking at what fits where…"
    line = progress_line(Progress("improve", best=750, bound=1000))
    assert line == "Looking for a better plan: 750 points of at most 1000 (75%)"
    assert progress_line(Progress("improve", best=0, bound=0)).endswith("0 points of at most 0")


def test_a_terminal_shows_progress_and_a_file_holds_none() -> None:
    shown = {}
    for terminal in (True, False):
        stream = StringIO()
        with slotting_progress(Console(file=stream, force_terminal=terminal, width=100)) as tell:
            tell(Progress("improve", 750, 1000))
        shown[terminal] = stream.getvalue()
    assert "750 points of at most 1000" in shown[True] and shown[False] == ""
