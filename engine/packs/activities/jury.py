"""What a grid of criteria is made of: rows with their anchored levels, what a recorded voice gives
and moves, and who has the place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from engine.forms.grid import Line, notches
from engine.packs.activities.base import Problem
from engine.packs.base import Frozen, Slug

Level = Annotated[int, Field(ge=0, le=5)]
Levels = Mapping[str, int]
"""A level for each row of each case, by ``<case>.<row>``."""


class Row(Frozen):
    """One criterion. Each of its ``levels`` has its own words, from 0 up; a notch of it counts
    ``weight``."""

    id: Slug
    levels: int = Field(default=4, ge=2, le=6)
    weight: int = Field(default=1, ge=1, le=10)

    @property
    def line(self) -> Line:
        """The row as a form shows it."""
        anchors = tuple(f"row.{self.id}.{level}" for level in range(self.levels))
        return Line(self.id, f"row.{self.id}", anchors)

    @property
    def middle(self) -> int:
        """What a seat without a recorded voice gives."""
        return (self.levels - 1) // 2


class JuryVoice(Frozen):
    """What a seat gives when nobody sits there: by case, a level for each row in order; and what it
    moves them to, when it does."""

    first: dict[Slug, tuple[Level, ...]]
    again: dict[Slug, tuple[Level, ...]] = Field(default_factory=dict)


def named(levels: Mapping[str, Sequence[int]], rows: Sequence[Row]) -> dict[str, int]:
    """A voice's levels as the form holds them."""
    return {
        f"{case}.{row.id}": level
        for case, its in levels.items()
        for row, level in zip(rows, its, strict=True)
    }


def towards(start: Levels, aim: Levels, most: int) -> dict[str, int]:
    """``start``, moved towards ``aim`` row by row until ``most`` notches are spent."""
    levels, left = dict(start), most
    for name, level in aim.items():
        step = max(-left, min(left, level - start[name]))
        levels[name] += step
        left -= abs(step)
    return levels


def total(levels: Levels, case: str, rows: Sequence[Row]) -> int:
    """What a case has in all."""
    return sum(row.weight * levels[f"{case}.{row.id}"] for row in rows)


def place(totals: Mapping[str, int], tie: str) -> str:
    """The case that has the place: that of the highest total; of several, ``tie`` if it is one of
    them, or else the first."""
    best = [case for case, its in totals.items() if its == max(totals.values())]
    return tie if tie in best else best[0]


def check_voice(
    voice: JuryVoice, cases: Sequence[str], rows: Sequence[Row], most: int
) -> Iterator[Problem]:
    """What a recorded voice gives that no form could."""
    sound = True
    for part, said in (("first", voice.first), ("again", voice.again)):
        for problem in _check_levels(said, cases, rows):
            sound = False
            yield Problem((part, *problem.path), problem.code, problem.params)
    for case in cases:
        if case not in voice.first:
            sound = False
            yield Problem(("first",), "levels-missing", {"case": case})
    if sound:
        first, again = named(voice.first, rows), named(voice.again, rows)
        moved = notches({name: first[name] for name in again}, again)
        if moved > most:
            yield Problem(("again",), "voice-moves-too-far", {"moved": moved, "most": most})


def _check_levels(
    said: Mapping[str, Sequence[int]], cases: Sequence[str], rows: Sequence[Row]
) -> Iterator[Problem]:
    for case, levels in said.items():
        if case not in cases:
            yield Problem((case,), "case-unknown", {"name": case, "known": list(cases)})
        elif len(levels) != len(rows):
            yield Problem((case,), "levels-count", {"count": len(levels), "rows": len(rows)})
        else:
            for i, (row, level) in enumerate(zip(rows, levels, strict=True)):
                if level >= row.levels:
                    params = {"level": level, "row": row.id, "most": row.levels - 1}
                    yield Problem((case, i), "level-unknown", params)
