"""The values of slotting: what it knows of a module, the teacher's limits, and the plan it
answers with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.slotting.reasons import LimitsConflict
from engine.values.errors import RelectureError
from engine.values.reasons import Reason

Pair = tuple[str, str]
"""Module key and section id."""


@dataclass(frozen=True)
class Candidate:
    """A module as slotting sees it. ``key`` and ``after`` are ``pack/module``; ``kind`` is that of
    its activity.

    ``text`` is its cover and its outline keywords, in the outline's language; ``group_size`` and
    ``maturity`` are the lowest and the highest that it suits.
    """

    key: str
    kind: str
    minutes: int
    group_size: tuple[int, int]
    mode: str
    maturity: tuple[int, int]
    after: tuple[str, ...]
    tags: tuple[str, ...]
    aims: tuple[str, ...]
    languages: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Limits:
    """What the teacher sets: experience minutes a week, modules pinned to sections, modules banned,
    a window of days.

    A pin needs no link between module and section (the teacher sees one); every other limit holds
    for it too.
    """

    weekly_minutes: int = 12
    pins: frozenset[Pair] = frozenset()
    bans: frozenset[str] = frozenset()
    not_before: date | None = None
    not_after: date | None = None


@dataclass(frozen=True)
class Placement:
    """A module set into a section, with the reasons why. ``fit`` is in 0–1."""

    section: str
    module: str
    minutes: int
    fit: float
    reasons: tuple[Reason, ...]
    pinned: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A module without a place, with the reasons why."""

    module: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Plan:
    """Every module given is in one of the two: placements in the order of the course, left out
    in that of their keys."""

    placements: tuple[Placement, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def pairs(self) -> frozenset[Pair]:
        """The bare placements."""
        return frozenset((placement.module, placement.section) for placement in self.placements)


@dataclass(frozen=True)
class Progress:
    """How far a slotting has come. ``best`` is what the best plan so far is worth, ``bound`` what
    no plan can exceed, in the units of ``Problem.value``; None while unknown."""

    phase: Literal["fit", "start", "improve", "conflicts"]
    best: int | None = None
    bound: int | None = None


Tell = Callable[[Progress], None]
"""Is told how far a slotting has come, whenever that changes."""


class Conflicts(RelectureError):
    """The limits cannot all hold. ``reasons`` holds one reason for each smallest set of limits
    that conflict."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(LimitsConflict(self.reasons))


@dataclass(frozen=True)
class Suggestion:
    """The section that suits a module best (None: none does), its fit in 0–1, and the reasons why,
    or why none does.

    ``placed``: it is there already.
    """

    section: str | None
    fit: float
    reasons: tuple[Reason, ...]
    placed: bool = False
