"""What a meshing table is made of, and what is computed from it: who does a task, which ones two
do, which nobody wants, and the hours that both cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from engine.forms.base import Value
from engine.forms.grid import Line
from engine.packs.base import Frozen, Slug

QUESTIONS = ("knows", "able", "wants")
"""Knowing how, being able and wanting to (savoir, pouvoir, vouloir agir)."""
YES = 2
"""The level of each that counts: 0 is no, 1 is not yet."""
Level = Annotated[int, Field(ge=0, le=YES)]
Levels = tuple[Level, Level, Level]
"""What somebody says of one task: a level for each of ``QUESTIONS``."""
Said = Mapping[str, Levels]
"""What somebody says of each task."""
Month = Annotated[int, Field(ge=1, le=12)]
State = Literal["nobody-wants", "nobody-can"]
LINES = tuple(
    Line(question, question, tuple(f"{question}.{level}" for level in range(YES + 1)))
    for question in QUESTIONS
)
"""The three questions as a form shows them."""


class Task(Frozen):
    """Something that somebody has to do, from one month of the year to another; ``hours`` are those
    of one who does it, and also what it costs everybody later if nobody does."""

    id: Slug
    hours: int = Field(ge=1, le=200)
    since: Month = Field(alias="from")
    until: Month = Field(alias="to")


class Remedy(Frozen):
    """What a seat can do for a task that nobody does, in ``hours``. ``by`` does the task then: one
    of the others, or (None) the seat itself."""

    id: Slug
    task: Slug
    hours: int = Field(ge=0, le=200)
    by: Slug | None = None


class MeshVoice(Frozen):
    """What a seat says of each task when nobody sits there, what it hands over, and the remedy that
    it takes for each task that nobody does."""

    lines: dict[Slug, Levels]
    gives: Slug | None = None
    takes: dict[Slug, Slug] = Field(default_factory=dict)


class Other(Frozen):
    """Somebody who is not at the table. Until they are asked, a seat speaks for them (``guessed``,
    ``said_by``); asked, they speak for themselves (``lines``). What is not named they neither know,
    nor can, nor want. One for whom nobody speaks is paid, and does what they are paid for."""

    said_by: Slug | None = None
    guessed: dict[Slug, Levels] = Field(default_factory=dict)
    lines: dict[Slug, Levels] = Field(default_factory=dict)

    @property
    def speaks(self) -> bool:
        """Whether they can be asked."""
        return self.said_by is not None

    def accepts(self, task: str) -> bool:
        """Whether they do it, asked or paid."""
        return not self.speaks or takes(self.lines.get(task, (0, 0, 0)))


@dataclass(frozen=True)
class Doer:
    """Who does a task in the end: the string id of their name, those of whom they do it ``along``
    with, and the label of the remedy that brought them, if one did."""

    name: str
    along: tuple[str, ...] = ()
    how: str | None = None


@dataclass(frozen=True)
class Share:
    """What falls to a seat (``name`` is a string id): the tasks that it does by its own line, and
    the remedies that it took."""

    name: str
    carried: Sequence[Task]
    taken: Sequence[Remedy]


def doers(task: str, shares: Sequence[Share], others: Mapping[str, Other]) -> Iterator[Doer]:
    """Who does a task: seats by their line or by a remedy, then those whom a remedy brings."""
    own: list[tuple[str, str | None]] = []
    brought: dict[str, list[tuple[str, str]]] = {}
    for share in shares:
        if any(one.id == task for one in share.carried):
            own.append((share.name, None))
        for one in share.taken:
            if one.task == task and one.by is None:
                own.append((share.name, f"remedy.{one.id}"))
            elif one.task == task and one.by and others[one.by].accepts(task):
                brought.setdefault(one.by, []).append((share.name, f"remedy.{one.id}"))
    every = [name for name, _how in own] + [f"other.{name}" for name in brought]
    for name, how in own:
        yield Doer(name, tuple(one for one in every if one != name), how)
    for other, by in brought.items():
        yield Doer(f"other.{other}", tuple(name for name, _how in by), by[0][1])


def takes(levels: Levels) -> bool:
    """Whether who says that does the task: all three are a yes."""
    return min(levels) >= YES


def by_task(value: Mapping[str, Value], tasks: Sequence[Task]) -> dict[str, Levels]:
    """What a form's value (``<task>.<question>`` → level) says of each task."""
    return {
        task.id: tuple(value[f"{task.id}.{question}"] for question in QUESTIONS) for task in tasks
    }


def as_value(said: Said, tasks: Sequence[Task]) -> dict[str, int]:
    """The same, as the form holds it."""
    return {
        f"{task.id}.{question}": level
        for task in tasks
        for question, level in zip(QUESTIONS, said[task.id], strict=True)
    }


def why_nobody(task: str, everybody: Sequence[Said]) -> State:
    """Why nobody does a task: somebody could, but does not want to; or nobody could."""
    could = (said.get(task, (0, 0, 0)) for said in everybody)
    able = any(knows >= YES and able >= YES for knows, able, _wants in could)
    return "nobody-wants" if able else "nobody-can"


def too_many(hours: int, doers: int) -> int:
    """The hours done twice: those of each who does the same beside the first."""
    return hours * max(0, doers - 1)


def missing(hours: int, doers: int) -> int:
    """The hours that everybody pays later, if nobody does it."""
    return 0 if doers else hours


def place_in_year(month: int, starts: int) -> int:
    """How many months a month lies after the first of the rolling twelve."""
    return (month - starts) % 12
