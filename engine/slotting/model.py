"""The placement problem as the rows and columns of an integer programme."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import Any

import highspy
import numpy as np

from engine.slotting.problem import AIM, ALIKE, Problem
from engine.slotting.values import Pair

MAX_PER_WEEK = 3
"""For up to this many experiences per week, rows limit how many of a given length fit in a week:
they cut off fractional solutions that the minutes alone allow."""

Row = Mapping[int, float]
"""Coefficients by column."""


@dataclass
class _Columns:
    """A programme under construction: the objective coefficient of each column, and the lower and
    upper bounds of columns and rows."""

    worth: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def column(self, worth: float, most: float, least: float = 0) -> int:
        self.worth.append(worth)
        self.least.append(least)
        self.most.append(most)
        return len(self.worth) - 1

    def row(self, terms: Row, high: float, low: float = -highspy.kHighsInf) -> None:
        self.rows.append(terms)
        self.low.append(low)
        self.high.append(high)


def programme(problem: Problem, pairs: Sequence[Pair], whole: bool) -> Any:
    """The model (``highspy.HighsLp``) of the best plan made of ``pairs``, which contain every pin.
    Its first columns are the pairs in that order, 1 for placed; without ``whole``, pairs may be
    placed fractionally."""
    columns = _Columns()
    for pair in pairs:
        columns.column(problem.gains[pair], 1, least=pair in problem.limits.pins)
    for group in (*_groups(pairs, lambda p: p[0]), *_groups(pairs, lambda p: p[1])):
        columns.row(dict.fromkeys(group, 1), 1)
    for group in _groups(pairs, problem.week):
        _minutes(columns, problem, {n: problem.minutes(pairs[n]) for n in group})
    _prerequisites(columns, problem, pairs)
    _aims(columns, problem, pairs)
    _alike(columns, problem, pairs)
    return _lp(columns, len(pairs) if whole else 0)


def _minutes(columns: _Columns, problem: Problem, minutes: Mapping[int, int]) -> None:
    """The minutes of one week, and the same rounded down (Chvátal and Gomory) to the number of
    placements of some length that there is room for."""
    limit = problem.limits.weekly_minutes
    columns.row(minutes, limit)
    for count in range(1, MAX_PER_WEEK + 1):
        length = limit // (count + 1) + 1
        row = {n: taken // length for n, taken in minutes.items() if taken >= length}
        if sum(row.values()) > limit // length:
            columns.row(row, limit // length)


def _prerequisites(columns: _Columns, problem: Problem, pairs: Sequence[Pair]) -> None:
    """No module is placed at or before a section unless all its prerequisites are placed before
    that section.

    Columns that count "placed so far" keep each row short, however many sections there are.
    """
    order = problem.ground.order
    groups: dict[str, list[int]] = defaultdict(list)
    for n in sorted(range(len(pairs)), key=lambda n: order[pairs[n][1]]):
        groups[pairs[n][0]].append(n)
    so_far: dict[str, list[tuple[int, int]]] = {}
    for module in sorted(groups):
        for after in problem.after(module):
            for each in (module, after):
                if each not in so_far:
                    so_far[each] = _so_far(columns, groups.get(each, ()), pairs, order)
            for place, placed in so_far[module]:
                earlier = bisect_left(so_far[after], (place, 0))
                held = {so_far[after][earlier - 1][1]: -1} if earlier else {}
                columns.row({placed: 1, **held}, 0)


def _so_far(
    columns: _Columns, group: Iterable[int], pairs: Sequence[Pair], order: Mapping[str, int]
) -> list[tuple[int, int]]:
    """Pairs of a section's position in the course and the column that is 1 if the module is placed
    there or before."""
    found: list[tuple[int, int]] = []
    for n in group:
        column = n
        if found:
            column = columns.column(0, 1)
            columns.row({column: 1, found[-1][1]: -1, n: -1}, 0, 0)
        found.append((order[pairs[n][1]], column))
    return found


def _aims(columns: _Columns, problem: Problem, pairs: Sequence[Pair]) -> None:
    """One column per aim, at most 1, and above 0 only with a placement that serves the aim."""
    modules = problem.ground.modules
    serving: dict[str, list[int]] = defaultdict(list)
    for n, pair in enumerate(pairs):
        for aim in set(modules[pair[0]].aims):
            serving[aim].append(n)
    for _, group in sorted(serving.items()):
        columns.row({columns.column(AIM, 1): 1, **dict.fromkeys(group, -1)}, 0)


def _alike(columns: _Columns, problem: Problem, pairs: Sequence[Pair]) -> None:
    """One column for each kind of activity and each two consecutive weeks: the number of placements
    beyond the first."""
    modules = problem.ground.modules
    there: dict[tuple[str, int], list[int]] = defaultdict(list)
    for n, pair in enumerate(pairs):
        there[modules[pair[0]].kind, problem.week(pair)].append(n)
    for kind in sorted({kind for kind, _ in there}):
        for week in sorted(set(problem.ground.week.values())):
            near = [*there.get((kind, week), ()), *there.get((kind, week + 1), ())]
            if len(near) > 1:
                excess = columns.column(-ALIKE, len(near))
                columns.row({**dict.fromkeys(near, 1), excess: -1}, 1)


def _lp(columns: _Columns, whole: int) -> Any:
    """Passes everything at once: HiGHS takes milliseconds for arrays, and seconds for rows added
    one by one."""
    lp: Any = highspy.HighsLp()
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.num_col_, lp.num_row_ = len(columns.worth), len(columns.rows)
    lp.col_cost_ = np.array(columns.worth, dtype=float)
    lp.col_lower_ = np.array(columns.least, dtype=float)
    lp.col_upper_ = np.array(columns.most, dtype=float)
    lp.row_lower_ = np.array(columns.low, dtype=float)
    lp.row_upper_ = np.array(columns.high, dtype=float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array([0, *accumulate(map(len, columns.rows))], dtype=np.int32)
    lp.a_matrix_.index_ = np.fromiter(chain.from_iterable(columns.rows), dtype=np.int32)
    values = chain.from_iterable(row.values() for row in columns.rows)
    lp.a_matrix_.value_ = np.fromiter(values, dtype=float)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * whole + [
        highspy.HighsVarType.kContinuous
    ] * (len(columns.worth) - whole)
    return lp


def _groups(pairs: Sequence[Pair], key: Callable[[Pair], Any]) -> list[list[int]]:
    groups: dict[Any, list[int]] = defaultdict(list)
    for n, pair in enumerate(pairs):
        groups[key(pair)].append(n)
    return list(groups.values())
