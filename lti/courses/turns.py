"""Turns of the worker: work on courses that goes on for as long as its registration has time in one
tick, and what is left for the next one."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.storage.claims import ContextRow
from engine.values.clock import Clock
from lti.services.budget import Budget

Steps = Generator[None, None, bool]
"""Work on one course that may stop after each step; returns whether it was done. Between two steps
it holds no transaction."""


@dataclass(frozen=True)
class LeftSteps:
    """Work that goes on in the next tick, and when it began (wall time)."""

    steps: Steps
    began: datetime


Left = dict[ContextRow, LeftSteps]


@dataclass
class Turn:
    """One tick, which ends at ``until`` (wall time). ``left`` outlives it."""

    clock: Clock
    until: datetime
    left: Left
    budget: Budget = field(default_factory=Budget)

    def go_on(self, course: ContextRow, steps: Steps) -> bool:
        """Does the steps, or what was left of those of this course, to their end or for as long as
        there is time for its registration; returns whether they were done."""
        whose, wall = (course.tenant, course.registration), self.clock.wall
        mine = self.left.pop(course, None) or LeftSteps(steps, wall())
        while self.budget.has_left(whose) and wall() < self.until:
            try:
                with self.budget.spending(whose, wall):
                    next(mine.steps)
            except StopIteration as end:
                return bool(end.value)
        self.left[course] = mine
        return False

    def drop_older_than(self, age: timedelta) -> None:
        """Forgets what has been left for that long: by then any worker may begin it anew."""
        for course, mine in list(self.left.items()):
            if self.clock.wall() - mine.began >= age:
                self.left.pop(course).steps.close()
