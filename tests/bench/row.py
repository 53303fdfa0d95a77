"""What a measure says: a figure, its goal, whether it is met; and the few ways to take one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time


@dataclass(frozen=True)
class Goal:
    """A bound: a figure of at least, or at most, so much."""

    bound: float
    least: bool

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {_short(self.bound)}"

    def met_by(self, figure: float) -> bool:
        """Whether the figure is on the right side."""
        return figure >= self.bound if self.least else figure <= self.bound


def at_least(bound: float) -> Goal:
    """More is better."""
    return Goal(bound, least=True)


def at_most(bound: float) -> Goal:
    """Less is better."""
    return Goal(bound, least=False)


@dataclass(frozen=True)
class Row:
    """One line of the table. ``unit`` is empty for a ratio; ``note`` says what stands behind the
    figure. Without a goal it only informs."""

    what: str
    today: float
    unit: str = ""
    goal: Goal | None = None
    note: str = ""

    @property
    def met(self) -> str:
        """yes, no, or nothing where there is no goal."""
        return "" if self.goal is None else "yes" if self.goal.met_by(self.today) else "NO"

    def cells(self) -> tuple[str, ...]:
        """The line as text."""
        figure = f"{_short(self.today)} {self.unit}".strip()
        return self.what, figure, str(self.goal or ""), self.met, self.note


def table(rows: Sequence[Row]) -> str:
    """Rows under each other, in columns."""
    lines = [("measure", "today", "goal", "met", ""), *(row.cells() for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(4)]
    return "\n".join(
        "  ".join((*(cell.ljust(w) for cell, w in zip(line, widths, strict=False)), line[4]))
        for line in lines
    )


@dataclass(frozen=True)
class Took:
    """Seconds of wall, and of this process's processor, whatever its neighbours do."""

    wall: float
    busy: float


def took(run: Callable[[], object]) -> Took:
    """How long it takes, once."""
    wall, busy = perf_counter(), process_time()
    run()
    return Took(perf_counter() - wall, process_time() - busy)


def milliseconds(run: Callable[[], object], times: int = 30) -> float:
    """The median of some runs, after one to warm up."""
    run()
    return median(took(run).wall for _ in range(times)) * 1000


def p95(taken: Sequence[float]) -> float:
    """The 95th percentile of seconds, in milliseconds."""
    return sorted(taken)[int(len(taken) * 0.95)] * 1000


def _short(figure: float) -> str:
    """Three digits that matter."""
    return f"{figure:.0f}" if abs(figure) >= 100 else f"{figure:.3g}"
