"""An experience at a table: who sits where, whom the table waits for, and what the recorded voices
say in the seats that nobody answers from.

A kind for several says what comes next (``step``), what a recorded voice would say (``voice``) and
what a seat sees (``look``), each from what was done so far. All that has to do with people who
come, leave or take their time is here, once.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol

from pydantic import Field

from engine.forms.base import Value
from engine.forms.form import Form
from engine.forms.text import Text
from engine.packs.activities.base import ALONE, Act, Acts, Problem, Quote, Reading, Screen, Typed
from engine.packs.activities.way import Way
from engine.packs.base import Frozen, Slug
from engine.packs.reasons import ActImpossible
from engine.values.errors import Invalid

TABLE = "table"
"""The name under which an act says that somebody sits down, leaves, or that the table begins. No
field of a kind has it."""
SIT, LEAVE = "sit", "leave"
Pace = Literal["live", "days"]
PACES: tuple[Pace, ...] = ("live", "days")
"""How a table goes on: everybody is there now, or each comes when they can. An act that says one
of them begins the table."""
GATHERING = "gathering"
"""The key of the screen of a table that has not begun."""
OUT = "out"
"""The field and the string of the last step: out of one's role, in a line, if one likes."""
OUT_MINUTES = 2.0
FOREVER = datetime.max.replace(tzinfo=UTC)
MOST_STEPS = 2_000
"""How many acts a table may have, so that one that never ends is found out."""


class Patience(Frozen):
    """How long a table waits for a seat before its recorded voice speaks: ``live`` in minutes, over
    ``days`` in days."""

    live: int = Field(default=3, ge=1, le=60)
    days: int = Field(default=2, ge=1, le=14)

    def of(self, pace: Pace) -> timedelta:
        """How long, at a table of that pace."""
        return timedelta(minutes=self.live) if pace == "live" else timedelta(days=self.days)


@dataclass(frozen=True)
class Step:
    """What a table does next: the seats that still have something to say in it, and the form of
    each. Without forms, the experience has ended.

    Nobody waits for the seats in ``free``, which may say something. A step that ``lasts`` a while
    is over after it, for everybody, and nobody is late."""

    key: str
    forms: Mapping[int, Form] = field(default_factory=dict)
    free: frozenset[int] = frozenset()
    lasts: timedelta | None = None

    @property
    def awaited(self) -> tuple[int, ...]:
        """The seats that have to answer before it is over."""
        return tuple(seat for seat in self.forms if seat not in self.free)


@dataclass(frozen=True)
class Sheet:
    """What a seat is given on paper: its ``name`` (a string id), what it reads as the table begins,
    and the form of its first step, to be filled in by hand."""

    name: str
    screen: Screen


@dataclass(frozen=True)
class Standing:
    """A table at some time: everything ``done`` at it, recorded voices included, who is
    ``present``, and the step at hand, which began at ``since`` and waits ``until`` (None: nobody is
    waited for). ``outs`` holds what
    each seat said when it stepped out of its role. ``pace`` is None until the table has begun;
    ``kind`` is the experience as it is lived here."""

    kind: Lived
    done: Acts
    present: frozenset[int]
    pace: Pace | None
    step: Step
    since: datetime | None
    until: datetime | None
    outs: Mapping[int, str]

    @property
    def over(self) -> bool:
        """Whether the experience has ended, for all its seats."""
        return self.pace is not None and not self.step.forms


def sits(seat: int, at: datetime) -> Act:
    """Somebody sits down, for the first time or again."""
    return Act(seat, {TABLE: SIT}, at)


def leaves(seat: int, at: datetime) -> Act:
    """Somebody gets up: their recorded voice speaks from now on."""
    return Act(seat, {TABLE: LEAVE}, at)


def begins(seat: int, at: datetime, pace: Pace) -> Act:
    """The table begins with who sits at it."""
    return Act(seat, {TABLE: pace}, at)


class Lived(Protocol):
    """An experience as a table lives it, which may differ from table to table."""

    @property
    def patience(self) -> Patience:
        """How long it waits for a seat in a step that does not last a while of its own."""

    def step(self, done: Acts) -> Step:
        """What comes after ``done``, which was all done in turn."""

    def voice(self, done: Acts, seat: int) -> dict[str, Value]:
        """What the recorded voice of a seat says in the step that comes after ``done``: what the
        form of that seat would parse."""

    def look(self, done: Acts, seat: int) -> Screen:
        """What a seat sees after ``done``, but for its form and for whom the table waits: ``key``
        and the form are the step's. Nothing that others keep to themselves is in it."""

    def quoted(self, done: Acts, seat: int) -> dict[str, Quote]:
        """What a prompt addressed to ``seat`` may quote after ``done``."""


class Together(Frozen):
    """What every kind for several has. Seats are numbered from 1 in the order of ``roles``; who
    plays alone has the first. Without roles, it is lived alone only, and nobody steps out of
    one."""

    roles: tuple[Slug, ...] = Field(default=(), max_length=12)
    patience: Patience = Patience()

    @property
    def seats(self) -> tuple[str, ...]:
        """The string ids of the names of its seats, in order."""
        return tuple(f"seat.{role}" for role in self.roles)

    # --- what a kind says

    def paced(self, pace: Pace) -> Together:
        """The experience as it is lived at a table of that pace; most are the same at both. Alone
        it is as at a live table."""
        return self

    def among(self, present: frozenset[int]) -> Lived:
        """The experience as it is lived by those who are there when a table begins; for most it
        makes no difference."""
        return self

    @property
    def paces(self) -> tuple[Pace, ...]:
        """How a table of it can go on."""
        return PACES

    @property
    def volatile(self) -> frozenset[str]:
        """The fields whose words are passed on to the others and are gone when the table ends."""
        return frozenset()

    @abstractmethod
    def step(self, done: Acts) -> Step:
        """As ``Lived.step``."""

    @abstractmethod
    def voice(self, done: Acts, seat: int) -> dict[str, Value]:
        """As ``Lived.voice``."""

    @abstractmethod
    def look(self, done: Acts, seat: int) -> Screen:
        """As ``Lived.look``."""

    @abstractmethod
    def quoted(self, done: Acts, seat: int) -> dict[str, Quote]:
        """As ``Lived.quoted``."""

    def outcome(self, done: Acts) -> Mapping[str, float]:
        """What came of a play, for who designs it and compares plays: name → number, what each
        seat has in the end under its role. Nothing in a kind that has no such numbers."""
        return {}

    @abstractmethod
    def cost(self, words: Callable[[str], int]) -> Reading:
        """The cost of an average play alone, but for stepping out of the role."""

    @abstractmethod
    def faults(self) -> Iterator[Problem]:
        """Every semantic fault of the kind's own, in one pass."""

    def sheets(self) -> tuple[Sheet, ...]:
        """What each seat is given where it is lived in a room, on paper."""
        kind = self.paced("live")
        forms = kind.step(()).forms
        return tuple(
            Sheet(name, replace(kind.look((), seat), form=forms.get(seat, Form())))
            for seat, name in self._named.items()
        )

    # --- what every activity answers

    def screen(self, acts: Acts, seat: int, now: datetime) -> Screen:
        """What ``seat`` sees at ``now``. Raises ``Invalid("act-impossible")``."""
        table = self.standing(acts, now)
        if table.pace is None:
            return Screen(GATHERING, None, (), Form(), seats=self._named, present=table.present)
        seen = table.kind.look(table.done, seat)
        seen = replace(seen, key=table.step.key, seats=self._named, present=table.present)
        if not table.over:
            form, lasts = table.step.forms.get(seat, Form()), table.step.lasts is not None
            awaited = table.step.awaited
            return replace(seen, form=form, awaited=awaited, until=table.until, lasts=lasts)
        if seat in table.outs or not self.roles:
            return replace(seen, finished=True)
        form = Form((Text(OUT, lines=False, needed=False),))
        return replace(seen, form=form, texts=(*seen.texts, OUT), finished=True)

    def quotes(self, acts: Acts, seat: int) -> dict[str, Quote]:
        """What a prompt addressed to ``seat`` may quote, with what they said when they stepped out
        of their role. Seats that nobody answers from any more are played to the end."""
        table = self.standing(acts, FOREVER)
        said = table.outs.get(seat)
        return table.kind.quoted(table.done, seat) | ({OUT: Typed(said)} if said else {})

    def way(self, acts: Acts, seat: int) -> Way:
        """How many steps are done, and how many are to come if everybody answers as their recorded
        voice would."""
        table = self.standing(acts, acts[-1].at if acts else FOREVER, waits=True)
        left = _steps(table)
        return Way(len(_keys(table.kind, table.done)), left, left)

    def reading(self, words: Callable[[str], int]) -> Reading:
        """The cost of an average play."""
        cost = self.cost(words)
        if not self.roles:
            return cost
        return replace(cost, words=cost.words + words(OUT), minutes=cost.minutes + OUT_MINUTES)

    def check(self) -> Iterator[Problem]:
        """Every semantic fault, in one pass; an experience that does not end is one."""
        for i, role in enumerate(self.roles):
            if role in self.roles[:i]:
                yield Problem(("roles", i), "listed-twice", {"id": role, "list": "roles"})
        faults = list(self.faults())
        yield from faults
        if not faults and len(set(self.roles)) == len(self.roles):
            try:
                for pace in self.paces:
                    self.paced(pace).standing((), FOREVER, present=frozenset())
            except EndlessError:
                yield Problem((), "table-endless", {"steps": MOST_STEPS})

    # --- people

    @property
    def _named(self) -> dict[int, str]:
        return dict(enumerate(self.seats, start=1))

    def standing(
        self,
        acts: Acts,
        now: datetime,
        *,
        present: frozenset[int] = frozenset({ALONE}),
        waits: bool = False,
    ) -> Standing:
        """The table at ``now``. A log in which nobody sits down is that of somebody alone, or of
        who is ``present``. With ``waits``, nothing is done in anybody's place.

        Raises ``Invalid("act-impossible", act, at)`` if those acts cannot have happened.
        """
        together = any(TABLE in act.said for act in acts)
        going = _Going(self, frozenset() if together else present, None if together else "live")
        left = deque(acts)
        while True:
            going.settle(left[0].at if left else now, waits=waits and not left)
            if not left:
                return going.standing()
            going.take(left.popleft())


class EndlessError(RuntimeError):
    """A table whose steps never end: the lint keeps such a pack from being installed."""


@dataclass
class _Going:
    """A table as its acts are gone through, one after another."""

    of: Together
    present: frozenset[int]
    pace: Pace | None
    done: list[Act] = field(default_factory=list)
    outs: dict[int, str] = field(default_factory=dict)
    since: datetime | None = None
    """When the step at hand began; None for somebody alone, whom nobody waits for."""
    step: Step = Step(GATHERING)

    def __post_init__(self) -> None:
        self.kind: Lived = self.of

    def settle(self, now: datetime, *, waits: bool) -> None:
        """What recorded voices do until ``now``."""
        self.step = self.kind.step(tuple(self.done))
        while self.pace is not None and self.step.forms and not waits:
            late = self.until is not None and now > self.until
            absent = [seat for seat in self.step.awaited if seat not in self.present]
            if self.since is not None and self.step.lasts is not None:
                absent = []  # while it lasts, it lasts for everybody
            if not absent and not late:
                return
            at = self.since or (self.done[-1].at if self.done else now)
            if not absent:
                absent, at = list(self.step.awaited), self.until or at
                if self.step.lasts is None:  # who is late is away until they take their seat again
                    self.present -= frozenset(absent)
            for seat in absent:
                self.add(Act(seat, self.kind.voice(tuple(self.done), seat), at, recorded=True))

    @property
    def until(self) -> datetime | None:
        """When the voices of who is awaited speak; None: never."""
        if self.since is None or self.pace is None:
            return None
        # Whoever is the only one there keeps nobody waiting, at whatever pace.
        pace = self.pace if len(self.present) > 1 else "days"
        return self.since + (self.step.lasts or self.kind.patience.of(pace))

    def add(self, act: Act) -> None:
        """Adds what was done in the step at hand, and sees what comes next."""
        if len(self.done) >= MOST_STEPS:
            raise EndlessError(self.of)
        before = self.step.key
        self.done.append(act)
        self.step = self.kind.step(tuple(self.done))
        if self.step.key != before and self.since is not None:
            self.since = act.at

    def take(self, act: Act) -> None:
        """Takes one act of the log. Raises ``Invalid``."""
        match act.said.get(TABLE):
            case "sit":
                self.present |= {act.seat}
            case "leave":
                self.present -= {act.seat}
            case "live" | "days" as pace:
                self.pace, self.since = pace, act.at
                self.kind = self.of.paced(pace).among(self.present)
            case _ if self.step.forms and self.pace and act.seat in self.step.forms:
                if not _fits(self.step.forms[act.seat], act.said):
                    raise Invalid(ActImpossible(at=self.step.key))
                self.add(act)
            case _ if self._may_step_out(act):
                self.outs[act.seat] = act.said[OUT]
            case _:
                raise Invalid(ActImpossible(at=self.step.key))

    def _may_step_out(self, act: Act) -> bool:
        over = bool(self.of.roles) and not self.step.forms
        return over and set(act.said) == {OUT} and act.seat not in self.outs

    def standing(self) -> Standing:
        """The table as it stands."""
        until = self.until if self.step.forms else None
        done = tuple(self.done)
        return Standing(
            self.kind, done, self.present, self.pace, self.step, self.since, until, self.outs
        )


def _fits(form: Form, said: Mapping[str, Value]) -> bool:
    """Whether a form may have parsed that; own words may have been erased since."""
    if set(said) != {one.id for one in form.fields}:
        return False
    try:
        return all(one.own_words or one.parse(said) == said[one.id] for one in form.fields)
    except Invalid:
        return False


def _keys(kind: Lived, done: Acts) -> list[str]:
    """The steps that are behind a table, each once, in order."""
    keys = dict.fromkeys(kind.step(done[:n]).key for n in range(len(done)))
    keys.pop(kind.step(done).key, None)
    return list(keys)


def _steps(table: Standing) -> int:
    """How many steps are to come, the one at hand included, if recorded voices went on."""
    kind, done, keys = table.kind, list(table.done), dict[str, None]()
    step: Any = kind.step(tuple(done))
    while step.forms and len(done) < MOST_STEPS:
        keys[step.key] = None
        for seat in step.awaited:
            at = done[-1].at if done else FOREVER
            done.append(Act(seat, kind.voice(tuple(done), seat), at, recorded=True))
        step = kind.step(tuple(done))
    return len(keys)


def mine(done: Sequence[Act], seat: int) -> list[Act]:
    """What one seat did, in order."""
    return [act for act in done if act.seat == seat]
