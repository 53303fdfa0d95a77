"""The meshing table: each says of every task whether they know how, are able and want to; then
something happens, each may hand one task over, and mends what nobody does within their hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from pydantic import Field

from engine.forms.base import Option, Value
from engine.forms.choice import Choice
from engine.forms.form import Form
from engine.forms.grid import Grid
from engine.forms.hours import Hours, Offer, Row
from engine.packs.activities.base import Acts, Problem, Quote, Reading, Screen
from engine.packs.activities.endings import GameEnding, check_endings, ending_of
from engine.packs.activities.mesh_faults import (
    helpless_faults,
    other_faults,
    task_faults,
    voice_faults,
)
from engine.packs.activities.mesh_tables import MeshTables, Speaker
from engine.packs.activities.meshing import (
    LINES,
    Doer,
    Levels,
    MeshVoice,
    Month,
    Other,
    Remedy,
    Share,
    Task,
    as_value,
    by_task,
    doers,
    missing,
    takes,
    too_many,
)
from engine.packs.activities.together import OUT, Step, Together, mine
from engine.packs.base import Slug

SAID, GIVE, MEND, END = "lines", "give", "mend", "end"
"""The steps; the field of each is called like it."""
NONE = "-"
"""The option of handing nothing over, or of leaving a task to somebody else: no task and no remedy
can be called so."""
MINUTES_A_TASK = 0.3
"""To say three levels of it."""
MINUTES_TO_COMPARE = 1.0
"""To read what the others said."""


class Mesh(Together):
    """``activity: {kind: mesh}``. A seat says ``{"lines": {"<task>.<question>": 0–2}}``, then
    ``{"give": task | "-"}`` if it has a task to hand over, then ``{"mend": {task: remedy | "-"}}``
    if nobody does some task."""

    kind: Literal["mesh"]
    roles: tuple[Slug, ...] = Field(min_length=2, max_length=8)
    starts: Month
    hours: int = Field(ge=1, le=500)
    tasks: tuple[Task, ...] = Field(min_length=2, max_length=10)
    remedies: tuple[Remedy, ...] = ()
    voices: dict[Slug, MeshVoice] = Field(default_factory=dict)
    others: dict[Slug, Other] = Field(default_factory=dict)
    endings: tuple[GameEnding, ...] = Field(min_length=2)

    # --- words

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language must have."""
        return (
            *("situation", "ask", "scene", "give", "give.none", "mend", "mend.none", OUT),
            *(s for line in LINES for s in (line.label, *line.levels)),
            *self.seats,
            *(f"brief.{role}" for role in self.roles),
            *(f"task.{task.id}" for task in self.tasks),
            *(f"other.{other}" for other in self.others),
            *(s for one in self.remedies for s in (f"remedy.{one.id}", f"remedy.{one.id}.after")),
            *(s for one in self.endings for s in (f"ending.{one.id}", f"ending.{one.id}.trace")),
        )

    def optional_strings(self) -> tuple[str, ...]:
        """A shorter ``.quote`` of each task and remedy."""
        return (
            *(f"task.{task.id}.quote" for task in self.tasks),
            *(f"remedy.{one.id}.quote" for one in self.remedies),
        )

    def holes(self, string_id: str) -> frozenset[str]:
        """The hours that are known when a string is read."""
        if string_id in ("situation", "ask"):
            return frozenset({"hours"})
        if string_id in ("give", "mend"):
            return frozenset({"hours", "left", "twice", "missing"})
        if string_id.startswith("ending.") and not string_id.endswith(".trace"):
            return frozenset({"hours", "mine", "twice", "missing"})
        return frozenset()

    @property
    def variables(self) -> tuple[str, ...]:
        """What the conditions of an ending know.

        Of each task, how many do it in the end (``done-``), and whether this seat is one of them
        (``does-``), handed it over (``gave-``), or keeps it though somebody else does it too
        (``kept-``). Of each of the others who can be asked, whether somebody did (``asked-``).
        How many tasks nobody does (``gaps``) or several do (``doubles``), the hours done
        ``twice`` and ``missing``; those of this seat (``mine``), how many of them are more than
        it has (``over``), and those that its remedies took (``spent``).
        """
        tasks = (f"{n}-{t.id}" for t in self.tasks for n in ("done", "gave", "kept", "does"))
        asked = (f"asked-{name}" for name, one in self.others.items() if one.speaks)
        sums = ("gaps", "doubles", "twice", "missing", "mine", "over", "spent")
        return (*tasks, *asked, *sums)

    # --- what was said and done

    def _everybody(self) -> range:
        return range(1, len(self.roles) + 1)

    def said(self, done: Acts, seat: int) -> dict[str, Levels]:
        """What a seat says of each task; nothing until it has."""
        value = _of(done, seat, SAID)
        return by_task(value, self.tasks) if value else {}

    def asked(self, done: Acts) -> set[str]:
        """The others who were asked."""
        by = {one.by for seat in self._everybody() for one in self.taken(done, seat)}
        return {name for name, one in self.others.items() if one.speaks and name in by}

    def gave(self, done: Acts, seat: int) -> str | None:
        """The task that a seat handed over."""
        task = _of(done, seat, GIVE)
        return task if task and task != NONE else None

    def carried(self, done: Acts, seat: int) -> list[Task]:
        """The tasks that a seat does by what it said, but for the one that it handed over."""
        said, gave = self.said(done, seat), self.gave(done, seat)
        return [
            task
            for task in self.tasks
            if task.id in said and takes(said[task.id]) and task.id != gave
        ]

    def taken(self, done: Acts, seat: int) -> list[Remedy]:
        """The remedies that a seat took, in the order of the tasks."""
        chosen = set((_of(done, seat, MEND) or {}).values())
        order = [task.id for task in self.tasks]
        own = [one for one in self.remedies if one.id in chosen]
        return sorted(own, key=lambda one: order.index(one.task))

    def left(self, done: Acts, seat: int) -> int:
        """The hours that a seat has for remedies."""
        return max(0, self.hours - sum(task.hours for task in self.carried(done, seat)))

    def doers(self, done: Acts) -> dict[str, tuple[Doer, ...]]:
        """Who does each task, by what was said and done so far."""
        shares = [
            Share(self.seats[seat - 1], self.carried(done, seat), self.taken(done, seat))
            for seat in self._everybody()
        ]
        return {task.id: tuple(doers(task.id, shares, self.others)) for task in self.tasks}

    def sums(self, done: Acts, seat: int) -> dict[str, int]:
        """What conditions and words know (``variables``)."""
        its, carried = self.doers(done), {one.id for one in self.carried(done, seat)}
        taken, gave = self.taken(done, seat), self.gave(done, seat)
        sums: dict[str, int] = {}
        name = self.seats[seat - 1]
        for task in self.tasks:
            count = len(its[task.id])
            sums |= {
                f"done-{task.id}": count,
                f"gave-{task.id}": int(task.id == gave),
                f"kept-{task.id}": int(task.id in carried and count > 1),
                f"does-{task.id}": int(any(name == one.name for one in its[task.id])),
            }
        asked, spent = self.asked(done), sum(one.hours for one in taken)
        own = sum(task.hours for task in self.tasks if task.id in carried) + spent
        return sums | {
            **{f"asked-{n}": int(n in asked) for n, one in self.others.items() if one.speaks},
            "gaps": sum(not one for one in its.values()),
            "doubles": sum(len(one) > 1 for one in its.values()),
            "twice": sum(too_many(task.hours, len(its[task.id])) for task in self.tasks),
            "missing": sum(missing(task.hours, len(its[task.id])) for task in self.tasks),
            "mine": own,
            "over": max(0, own - self.hours),
            "spent": spent,
        }

    # --- the steps

    def step(self, done: Acts) -> Step:
        """Everybody says their line; whoever does something may hand one over; then each mends what
        nobody does. Where there is nothing to hand over or to mend, nobody is asked."""
        for key, form in ((SAID, self._line), (GIVE, self._give), (MEND, self._mend)):
            waits = (seat for seat in self._everybody() if _of(done, seat, key) is None)
            forms = {seat: form(done, seat) for seat in waits}
            if asked := {seat: one for seat, one in forms.items() if one.fields}:
                return Step(key, asked)
        return Step(END)

    def _line(self, done: Acts, seat: int) -> Form:
        return Form((Grid(SAID, {t.id: f"task.{t.id}" for t in self.tasks}, LINES, short=True),))

    def _give(self, done: Acts, seat: int) -> Form:
        own = [Option(task.id, f"task.{task.id}") for task in self.carried(done, seat)]
        if not own:
            return Form()
        return Form((Choice(GIVE, (*own, Option(NONE, "give.none"))),))

    def _mend(self, done: Acts, seat: int) -> Form:
        rows = self._rows(done, seat)
        return Form((Hours(MEND, rows, self.left(done, seat)),)) if rows else Form()

    def _rows(self, done: Acts, seat: int) -> dict[str, Row]:
        """The remedies of each task that nobody does. Nobody takes up again what they handed
        over."""
        rows, gave = {}, self.gave(done, seat)
        held = {task.id for one in self._everybody() for task in self.carried(done, one)}
        for task in self.tasks:
            offers = [
                Offer(one.id, f"remedy.{one.id}", one.hours)
                for one in self.remedies
                if one.task == task.id and not (one.by is None and gave == task.id)
            ]
            if task.id not in held and offers:
                leave = Offer(NONE, "mend.none", 0)
                rows[task.id] = Row(f"task.{task.id}", (leave, *offers))
        return rows

    def voice(self, done: Acts, seat: int) -> dict[str, Value]:
        """What the recorded voice of a seat says, hands over and takes, as far as it may."""
        voice, step = self.voices[self.roles[seat - 1]], self.step(done)
        if step.key == SAID:
            return {SAID: as_value(voice.lines, self.tasks)}
        if step.key == GIVE:
            own = {task.id for task in self.carried(done, seat)}
            return {GIVE: voice.gives if voice.gives in own else NONE}
        value, left = {}, self.left(done, seat)
        for task, row in self._rows(done, seat).items():
            wished = voice.takes.get(task)
            priced = {one.id: one.hours for one in row.offers}
            value[task] = wished if wished and priced.get(wished, left + 1) <= left else NONE
            left -= priced[value[task]]
        return {MEND: value}

    # --- what a seat sees

    def look(self, done: Acts, seat: int) -> Screen:
        """The tasks; then all lines, each with who said it, and what nobody or several do; then
        what was handed over; at the end who does what, when, how and with whom."""
        key, tables = self.step(done).key, MeshTables(self.tasks, self.starts)
        told: tuple[str, ...]
        if key == SAID:
            told = ("situation", f"brief.{self.roles[seat - 1]}", "ask")
            values = {"hours": str(self.hours)}
            return Screen(SAID, None, told, Form(), rows=(tables.of_tasks(),), values=values)
        # what others do in the step at hand is theirs until all have
        shown = tuple(act for act in done if key not in act.said)
        sums, speakers = self.sums(shown, seat), self._speakers(shown)
        lines = tables.of_lines(speakers)
        everybody = [one.said for one in speakers]
        hours = tables.of_hours(self.doers(shown), everybody, over=key == END)
        values = {name: str(sums[name]) for name in ("mine", "twice", "missing")}
        values |= {"hours": str(self.hours), "left": str(self.left(shown, seat))}
        scene = Screen(key, None, (), Form(), values=values)
        if key == GIVE:
            told = ("scene", "give") if self.carried(shown, seat) else ("scene",)
            return replace(scene, texts=told, rows=(lines, hours))
        if key == MEND:
            told = () if self.carried(shown, seat) or self.gave(shown, seat) else ("scene",)
            gave = [(self.seats[one - 1], self.gave(done, one)) for one in self._everybody()]
            rows = (tables.of_handed_over(gave), hours, lines)
            return replace(scene, texts=(*told, "mend"), rows=rows)
        told = (*self._after(done), f"ending.{ending_of(self.endings, sums)}")
        spoken = (lines,) if self.asked(done) else ()
        return replace(scene, texts=told, rows=(tables.of_year(self.doers(shown)), hours, *spoken))

    def _speakers(self, done: Acts) -> list[Speaker]:
        """Everybody of whom something is said, and by whom."""
        asked = self.asked(done)
        seats = [Speaker(self.seats[seat - 1], self.said(done, seat)) for seat in self._everybody()]
        for name, one in self.others.items():
            if one.said_by is not None:
                by = None if name in asked else f"seat.{one.said_by}"
                said = one.lines if name in asked else one.guessed
                seats.append(Speaker(f"other.{name}", said, by))
        return seats

    def _after(self, done: Acts) -> tuple[str, ...]:
        """What came of each remedy that somebody took, once."""
        taken = {one.id for seat in self._everybody() for one in self.taken(done, seat)}
        return tuple(f"remedy.{one.id}.after" for one in self.remedies if one.id in taken)

    def quoted(self, done: Acts, seat: int) -> dict[str, Quote]:
        """At the end: ``kept``, the first task that this seat keeps though another has it, and
        ``kept.with``, who; ``gave``: the one it handed over; ``gap``: the first that nobody does;
        ``remedy``: the first that it took; ``twice``, ``missing``, ``mine``: hours, and
        ``first.twice``, ``first.missing``, when the lines appeared; ``ending``. Always
        ``role``."""
        quotes: dict[str, Quote] = {"role": self.seats[seat - 1]}
        if self.step(done).forms:
            return quotes
        sums, whose, name = self.sums(done, seat), self.doers(done), self.seats[seat - 1]
        kept = next((task.id for task in self.tasks if sums[f"kept-{task.id}"]), None)
        if kept:
            other = next(one.name for one in whose[kept] if one.name != name)
            quotes |= {"kept": f"task.{kept}.quote", "kept.with": other}
        if gave := self.gave(done, seat):
            quotes["gave"] = f"task.{gave}.quote"
        if gap := next((task for task, its in whose.items() if not its), None):
            quotes["gap"] = f"task.{gap}.quote"
        if taken := self.taken(done, seat):
            quotes["remedy"] = f"remedy.{taken[0].id}.quote"
        lines = tuple(act for act in done if SAID in act.said)
        first = self.sums(lines, seat)
        quotes |= {name: sums[name] for name in ("twice", "missing", "mine")}
        quotes |= {f"first.{name}": first[name] for name in ("twice", "missing")}
        return quotes | {"ending": f"ending.{ending_of(self.endings, sums)}.trace"}

    def quotable(self) -> Mapping[str, bool]:
        """Nobody need keep, hand over or mend anything."""
        certain = ("role", "twice", "missing", "mine", "first.twice", "first.missing", "ending")
        may = ("kept", "kept.with", "gave", "gap", "remedy", OUT)
        return dict.fromkeys(certain, True) | dict.fromkeys(may, False)

    def cost(self, words: Callable[[str], int]) -> Reading:
        """Every text once, the remedies of two tasks with what came of one each, and an ending."""
        once = ["situation", f"brief.{self.roles[0]}", "ask", "scene", "give", "give.none"]
        once += ["mend", "mend.none", *(f"task.{task.id}" for task in self.tasks)]
        once += [f"remedy.{one.id}" for one in self.remedies]
        told: float = sum(map(words, once))
        told += sum(words(s) for line in LINES for s in (line.label, *line.levels))
        if self.remedies:
            after = [words(f"remedy.{one.id}.after") for one in self.remedies]
            told += 2 * sum(after) / len(after)
        told += sum(words(f"ending.{one.id}") for one in self.endings) / len(self.endings)
        minutes = MINUTES_A_TASK * len(self.tasks) + MINUTES_TO_COMPARE
        return Reading(told, 3, minutes)

    def faults(self) -> Iterator[Problem]:
        """Names that are there twice or not at all, lines that are incomplete, months that run
        backwards, tasks that nothing can help, and endings that cannot be reached."""
        yield from task_faults(self.tasks, self.remedies, self.others, self.starts)
        yield from voice_faults(self.voices, self.roles, self.tasks, self.remedies)
        yield from other_faults(self.others, self.roles, self.tasks, self.remedies)
        yield from helpless_faults(self.tasks, self.remedies, self.voices)
        yield from check_endings(self.endings, self.variables)


def _of(done: Acts, seat: int, field: str) -> Value:
    """What a seat said in that field; None until it has."""
    return next((act.said[field] for act in mine(done, seat) if field in act.said), None)
