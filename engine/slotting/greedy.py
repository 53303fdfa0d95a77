"""The simple way to a plan: repeatedly add the pair that adds the most value. Used as a start for
the solver and as its fallback."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from engine.slotting.problem import AIM, ALIKE, Choice, Problem
from engine.slotting.values import Pair


def greedy(problem: Problem, start: Choice) -> Choice:
    """A plan that keeps every limit, made from one that does by repeatedly adding the pair that
    adds the most value, until none adds any.

    The value that a pair adds never grows as others are placed, so only the pair that seems best
    has to be evaluated again (Minoux 1978).
    """
    draft = _Draft(problem, start)
    waiting: dict[str, list[Pair]] = defaultdict(list)
    heap = [(-draft.most(pair), -draft.most(pair), pair) for pair in problem.gains]
    heapify(heap)
    while heap:
        seemed, most, pair = heappop(heap)
        missing = next((after for after in problem.after(pair[0]) if after not in draft.at), None)
        if not draft.room(pair) or draft.too_early(pair):
            continue
        if missing is not None:
            waiting[missing].append(pair)
        elif (adds := draft.adds(pair)) < -seemed:
            if adds > 0:
                heappush(heap, (-adds, most, pair))
        else:
            draft.place([pair])
            for freed in waiting.pop(pair[0], ()):
                heappush(heap, (-draft.most(freed), -draft.most(freed), freed))
    return frozenset(draft.at.items())


class _Draft:
    """A plan under construction, with running totals of everything that decides on the next
    pair."""

    def __init__(self, problem: Problem, start: Choice) -> None:
        self.problem = problem
        self.at: dict[str, str] = {}
        self._taken: set[str] = set()
        self._served: set[str] = set()
        self._spent = Counter[int]()
        self._kinds = Counter[tuple[str, int]]()
        self._weeks = frozenset(problem.ground.week.values())
        self.place(start)

    def place(self, pairs: Iterable[Pair]) -> None:
        for pair in pairs:
            module, week = self.problem.ground.modules[pair[0]], self.problem.week(pair)
            self.at[pair[0]] = pair[1]
            self._taken.add(pair[1])
            self._served.update(module.aims)
            self._spent[week] += module.minutes
            self._kinds[module.kind, week] += 1

    def room(self, pair: Pair) -> bool:
        """Same as ``Problem.room``, from the running totals."""
        spent = self._spent[self.problem.week(pair)] + self.problem.minutes(pair)
        return (
            pair[0] not in self.at
            and pair[1] not in self._taken
            and spent <= self.problem.limits.weekly_minutes
        )

    def too_early(self, pair: Pair) -> bool:
        """Whether a prerequisite of the module is placed, but not before."""
        order = self.problem.ground.order
        return any(
            order[self.at[after]] >= order[pair[1]]
            for after in self.problem.after(pair[0])
            if after in self.at
        )

    def most(self, pair: Pair) -> int:
        """The most value that a pair could ever add."""
        return self.problem.gains[pair] + AIM * len(self.problem.ground.modules[pair[0]].aims)

    def adds(self, pair: Pair) -> int:
        """The value that a pair adds to the plan."""
        module, week = self.problem.ground.modules[pair[0]], self.problem.week(pair)
        alike = sum(
            self._kinds[module.kind, first] + self._kinds[module.kind, first + 1] > 0
            for first in (week - 1, week)
            if first in self._weeks
        )
        new = [aim for aim in module.aims if aim not in self._served]
        return self.problem.gains[pair] + AIM * len(new) - ALIKE * alike
