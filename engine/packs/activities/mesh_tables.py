"""The tables of a mesh: the tasks, what everybody says of them, what nobody or several do, and who
does what, when, how and with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.packs.activities.base import Cell, Rows
from engine.packs.activities.meshing import (
    Doer,
    Said,
    Task,
    missing,
    place_in_year,
    too_many,
    why_nobody,
)
from engine.packs.reasons import (
    AsTheySaid,
    HandedOver,
    HoursMissing,
    HoursTwice,
    HoursWord,
    How,
    InAll,
    MonthSpan,
    Nobody,
    NothingDone,
    OneMonth,
    SaidBy,
    TaskName,
    TheLines,
    Themselves,
    TheTasks,
    ThreeLevels,
    TwiceOrNot,
    When,
    Who,
    WhoDoesWhat,
    WithWhom,
)
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Speaker:
    """What is said of somebody (``name`` is a string id) ``by`` themselves (None), or by a seat."""

    name: str
    said: Said
    by: str | None = None


@dataclass(frozen=True)
class MeshTables:
    """Tables of these tasks, in a year that begins with the month ``starts``."""

    tasks: Sequence[Task]
    starts: int

    def of_tasks(self) -> Rows:
        """What there is to do, when, and the hours of one who does it."""
        rows = tuple((f"task.{one.id}", _when(one), one.hours) for one in self.tasks)
        return Rows(TheTasks(), (TaskName(), When(), HoursWord()), rows)

    def of_lines(self, speakers: Sequence[Speaker]) -> Rows:
        """The mesh itself: a column for each, under it who said so."""
        by: tuple[Cell, ...] = tuple(one.by or Themselves() for one in speakers)
        rows: list[tuple[Cell, ...]] = [
            (f"task.{task.id}", *(_levels(one.said, task.id) for one in speakers))
            for task in self.tasks
        ]
        head: tuple[Cell, ...] = (TaskName(), *(one.name for one in speakers))
        return Rows(TheLines(), head, ((SaidBy(), *by), *rows))

    def of_hours(
        self, doers: Mapping[str, Sequence[Doer]], everybody: Sequence[Said], *, over: bool
    ) -> Rows:
        """Who does each task, the hours that are done twice, and those that are missing. While it
        is not ``over``, it says of what nobody does whether somebody could."""
        rows: list[tuple[Cell, ...]] = []
        twice = lost = 0
        for task in self.tasks:
            names = tuple(one.name for one in doers[task.id])
            nobody = Nobody(why="nobody-does" if over else why_nobody(task.id, everybody))
            hours = too_many(task.hours, len(names)), missing(task.hours, len(names))
            rows.append((f"task.{task.id}", *hours, names or nobody))
            twice, lost = twice + hours[0], lost + hours[1]
        head = (TaskName(), HoursTwice(), HoursMissing(), Who())
        return Rows(TwiceOrNot(), head, (*rows, (InAll(), twice, lost, NothingDone())))

    def of_year(self, doers: Mapping[str, Sequence[Doer]]) -> Rows:
        """Who does what, when, how and with whom, as the months come."""
        rows: list[tuple[Cell, ...]] = []
        for task in sorted(self.tasks, key=lambda one: place_in_year(one.since, self.starts)):
            for one in doers[task.id] or (None,):
                rows.append((f"task.{task.id}", _when(task), *_deed(one)))
        head = (TaskName(), When(), Who(), WithWhom(), How())
        return Rows(WhoDoesWhat(), head, tuple(rows))

    def of_handed_over(self, gave: Sequence[tuple[str, str | None]]) -> Rows:
        """What each (string id) handed over."""
        rows = tuple((name, f"task.{task}" if task else NothingDone()) for name, task in gave)
        return Rows(HandedOver(), (), rows)


def _when(task: Task) -> Reason:
    first, last = (f"{month:02}" for month in (task.since, task.until))
    return OneMonth(month=first) if first == last else MonthSpan(first=first, last=last)


def _levels(said: Said, task: str) -> Cell:
    knows, able, wants = said.get(task, (0, 0, 0))
    return ThreeLevels(knows=knows, able=able, wants=wants)


def _deed(one: Doer | None) -> tuple[Cell, Cell, Cell]:
    if one is None:
        return Nobody(why="nobody-does"), NothingDone(), NothingDone()
    return one.name, one.along or NothingDone(), one.how or AsTheySaid()
