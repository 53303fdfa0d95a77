"""The values of slotting: what it knows about a module, the teacher's limits, and the plan that it
returns."""

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
    """A module as slotting sees it. ``key`` and ``after`` (its prerequisites) are ``pack/module``;
    ``kind`` is the kind of its activity.

    ``text`` is its cover and its outline keywords, in the outline's language; ``group_size`` and
    ``maturity`` are the lowest and highest values that it suits.
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
    """What the teacher sets: experience minutes per week, modules pinned to sections, modules
    banned, and a window of days.

    A pin needs no link between module and section (the teacher sees one), but every other limit
    applies to it too.
    """

    weekly_minutes: int = 12
    pins: frozenset[Pair] = frozenset()
    bans: frozenset[str] = frozenset()
    not_before: date | None = None
    not_after: date | None = None


@dataclass(frozen=True)
class Placement:
    """A module placed in a section, with the reasons. ``fit`` is in 0–1."""

    section: str
    module: str
    minutes: int
    fit: float
    reasons: tuple[Reason, ...]
    pinned: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A module without a place, with the reasons."""

    module: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Plan:
    """A plan. Every module given is either placed or left out: placements are in the order of the
    course, modules left out in the order of their keys."""

    placements: tuple[Placement, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def pairs(self) -> frozenset[Pair]:
        """The placements as (module, section) pairs."""
        return frozenset((placement.module, placement.section) for placement in self.placements)


@dataclass(frozen=True)
class Progress:
    """How far a slotting has come. ``best`` is the value of the best plan so far and ``bound`` an
    upper bound on every plan, in the units of ``Problem.value``; None while unknown."""

    phase: Literal["fit", "start", "improve", "conflicts"]
    best: int | None = None
    bound: int | None = None


Tell = Callable[[Progress], None]
"""Called with the progress of a slotting whenever it changes."""


class Conflicts(RelectureError):
    """The limits cannot all hold. ``reasons`` holds one reason for each minimal set of limits that
    conflict."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(LimitsConflict(self.reasons))


@dataclass(frozen=True)
class Suggestion:
    """The section that suits a module best (None if none does), its fit in 0–1, and the reasons for
    it, or for there being none.

    ``placed``: the module is there already.
    """

    section: str | None
    fit: float
    reasons: tuple[Reason, ...]
    placed: bool = False
