"""The map: actors are placed between two axes, the nearest to the corner have the chairs, one of
the others is called, something happens, and a few may be placed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from pydantic import Field

from engine.forms.base import Option, Value
from engine.forms.choice import Choice
from engine.forms.form import Form
from engine.forms.plane import Plane, moved
from engine.forms.reasons import NothingMoved
from engine.forms.text import Text
from engine.packs.activities.base import (
    ALONE,
    Acts,
    Cell,
    Heard,
    Problem,
    Quote,
    Reading,
    Rows,
    Screen,
    Typed,
)
from engine.packs.activities.endings import GameEnding, check_endings, ending_of, known
from engine.packs.activities.seating import (
    Actor,
    MapVoice,
    Places,
    chairs_by_group,
    check_actors,
    check_groups,
    check_map_voice,
    check_reach,
    counted,
    ranked,
    ties,
    with_places,
)
from engine.packs.activities.seating_rows import (
    groups_table,
    outcome_table,
    standing_table,
    ties_table,
)
from engine.packs.activities.together import FOREVER, OUT, Step, Together, mine
from engine.packs.activities.way import Way
from engine.packs.base import Slug
from engine.packs.reasons import WhoMoved

MAP, CALL, ADDED = "map", "call", "added"
"""The fields: where all stand, who is called, the name of whom the learner adds."""
EXTRA = "_added"
"""Whom the learner adds, among the actors of the form; no id of a pack can be this."""
MINUTES_TO_PLACE = 0.27
"""To place one actor on both axes the first time; to move one takes as long as any decision."""
TABLES, NUMBERS = 3, 3
"""How often the map is read as a table, and the words that its cells are worth beside each name."""


class StakeholderMap(Together):
    """``activity: {kind: map}``. Acts: ``{"map": {"<actor>.x": step, …}}`` by the first seat, with
    ``"added"`` where it may add somebody, then by each other seat in turn; ``{"call": actor}`` by
    all; ``{"map": …}`` by each other seat in turn, and last by the first."""

    kind: Literal["map"]
    actors: tuple[Actor, ...] = Field(min_length=3, max_length=20)
    groups: tuple[Slug, ...] = Field(default=(), max_length=8)
    steps: int = Field(default=10, ge=3, le=20)
    chairs: int = Field(ge=1, le=19)
    moves: int | None = Field(default=None, ge=1, le=20)
    added: int = Field(default=0, ge=0, le=1)
    voices: dict[Slug, MapVoice] = Field(default_factory=dict)
    endings: tuple[GameEnding, ...] = Field(min_length=2)

    # --- words

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language must have."""
        ids = [actor.id for actor in self.actors]
        return (
            "situation",
            *self.seats,
            *(f"brief.{role}" for role in self.roles),
            *(f"actor.{one}" for one in ids),
            *("axis.x", "axis.y", "place", "chairs", "call"),
            *(f"told.{one}" for one in ids),
            *(("added", "added.place") if self.added else ()),
            *(s for role in self.roles[1:] for s in (f"voice.{role}", f"voice.{role}.again")),
            *("scene", "again", "chair", "standing", "counts", "counts.not"),
            *(("groups", *(f"group.{one}" for one in self.groups)) if self.groups else ()),
            *(("ties", "needs", "unless") if ties(self.actors) else ()),
            *(s for one in self.endings for s in (f"ending.{one.id}", f"ending.{one.id}.trace")),
            *((OUT,) if self.roles else ()),
        )

    def optional_strings(self) -> tuple[str, ...]:
        """A shorter ``.quote`` of each actor."""
        return tuple(f"actor.{actor.id}.quote" for actor in self.actors)

    def holes(self, string_id: str) -> frozenset[str]:
        """The limits, where one places; the sums, at the end."""
        if string_id in ("place", "call", "scene", "again"):
            return frozenset({"chairs", "moves", "steps"})
        if string_id.startswith("ending.") and not string_id.endswith(".trace"):
            return frozenset({"chairs", "counted", "moved", "came"})
        return frozenset()

    @property
    def variables(self) -> tuple[str, ...]:
        """What the conditions of an ending know: who has a chair at first and in the end, and whom
        this seat called (1 or 0); how many chairs each group has in the end; what those on chairs
        count at first and in the end; how many were moved after the scene, and came to a chair by
        it; whether somebody was added."""
        ids = [actor.id for actor in self.actors]
        by_actor = (f"{name}-{one}" for name in ("seated", "first", "called") for one in ids)
        by_group = (f"group-{one}" for one in self.groups)
        return (*by_actor, *by_group, "counted", "counted-first", "moved", "came", ADDED)

    # --- the game

    @property
    def _seats(self) -> int:
        return max(1, len(self.roles))

    def places(self, done: Acts) -> Places:
        """Where all stand after ``done``; nobody anywhere before anything is done."""
        return next((act.said[MAP] for act in reversed(done) if MAP in act.said), {})

    def ranking(self, done: Acts) -> tuple[str, ...]:
        """The actors of the pack from the nearest to the corner to the farthest."""
        return ranked(self.places(done), self.actors, self.steps)

    def seated(self, done: Acts) -> tuple[str, ...]:
        """Who has a chair after ``done``."""
        return self.ranking(done)[: self.chairs]

    def _before(self, done: Acts) -> Acts:
        """What was done until the chairs were shown."""
        return done[: self._seats]

    def step(self, done: Acts) -> Step:
        """The first seat places all, the others in turn one each; all call somebody; the others in
        turn move one each, and the first seat moves last."""
        seats = self._seats
        if not done:
            return Step("place", {ALONE: Form((*self._names(), self._plane({})))})
        if len(done) < seats:
            return self._turn("place", done, len(done) + 1)
        if len(done) < 2 * seats:
            called = {act.seat for act in done[seats:]}
            left = (seat for seat in range(1, seats + 1) if seat not in called)
            return Step("call", {seat: Form((self._call(done, seat),)) for seat in left})
        if len(done) < 3 * seats:
            turn = len(done) - 2 * seats + 2
            return self._turn("again", done, turn if turn <= seats else ALONE)
        return Step("end")

    def _turn(self, key: str, done: Acts, seat: int) -> Step:
        """The step in which a seat may move: the first up to the limit, each other one actor."""
        most = self.moves if seat == ALONE else 1
        named = key if seat == ALONE else f"{key}-{self.roles[seat - 1]}"
        return Step(named, {seat: Form((self._plane(self.places(done), most),))})

    def _names(self) -> tuple[Text, ...]:
        return (Text(ADDED, lines=False, needed=False, asks=ADDED),) if self.added else ()

    def _plane(self, start: Places, most: int | None = None) -> Plane:
        names = {actor.id: f"actor.{actor.id}" for actor in self.actors}
        if self.added if not start else f"{EXTRA}.x" in start:
            names[EXTRA] = "added.place"
        optional = () if start else (EXTRA,)
        return Plane(MAP, names, "axis.x", "axis.y", self.steps, start, most, optional)

    def _call(self, done: Acts, seat: int) -> Choice:
        """One of those without a chair; nobody calls themself, unless no other is left."""
        role = self.roles[seat - 1] if self.roles else ""
        left = self.ranking(done)[self.chairs :]
        others = [one for one in left if one != role] or left
        listed = [actor.id for actor in self.actors if actor.id in others]
        return Choice(CALL, tuple(Option(one, f"actor.{one}") for one in listed))

    def voice(self, done: Acts, seat: int) -> dict[str, Value]:
        """What the recorded voice of a seat places or moves: nothing, for a seat without one. The
        first seat's begins with all in the middle. It calls the first that it may."""
        role = self.roles[seat - 1] if self.roles else ""
        voice = self.voices.get(role, MapVoice())
        if not done:
            middle = {f"{actor.id}.{a}": self.steps // 2 for actor in self.actors for a in "xy"}
            names = {ADDED: ""} if self.added else {}
            return {**names, MAP: with_places(middle, voice.first)}
        if self._seats <= len(done) < 2 * self._seats:
            return {CALL: self._call(done, seat).options[0].id}
        aims = voice.first if len(done) < self._seats else voice.again
        return {MAP: with_places(self.places(done), aims)}

    def sums(self, done: Acts, seat: int) -> dict[str, int]:
        """What conditions and words know (``variables``), once all is done."""
        before, seated = self.seated(self._before(done)), self.seated(done)
        called = self._called(done, seat)
        sums: dict[str, int] = {}
        for actor in self.actors:
            sums[f"seated-{actor.id}"] = int(actor.id in seated)
            sums[f"first-{actor.id}"] = int(actor.id in before)
            sums[f"called-{actor.id}"] = int(actor.id == called)
        by_group = chairs_by_group(self.groups, self.actors, seated)
        sums |= {f"group-{one}": number for one, number in by_group.items()}
        return sums | {
            "counted": counted(seated, self.actors),
            "counted-first": counted(before, self.actors),
            "moved": len(moved(self.places(self._before(done)), self.places(done))),
            "came": len(set(seated) - set(before)),
            ADDED: int(f"{EXTRA}.x" in self.places(done)),
        }

    def _called(self, done: Acts, seat: int) -> str:
        return next((str(act.said[CALL]) for act in mine(done, seat) if CALL in act.said), "")

    def way(self, acts: Acts, seat: int) -> Way:
        """This seat's own steps: it places or moves, calls, moves again."""
        table = self.standing(acts, acts[-1].at if acts else FOREVER, waits=True)
        over = len(mine(table.done, seat))
        return Way(over, 3 - over, 3 - over)

    # --- what a seat sees

    def look(self, done: Acts, seat: int) -> Screen:
        """The story so far, and the map as a table: who stands where, who has a chair."""
        limits = {"chairs": self.chairs, "moves": self.moves or len(self.actors)}
        values = {name: str(n) for name, n in (limits | {"steps": self.steps}).items()}
        called = self._called(done, seat)
        told = f"told.{called}" if called else None
        tables = (self._table(done, seat), *self._moves(done)) if done else ()
        heard = self._heard(done)
        if len(done) < self._seats:
            brief = (f"brief.{self.roles[seat - 1]}",) if self.roles else ()
            texts = ("situation", *brief, "place")
            return Screen("place", None, texts, Form(), rows=tables, values=values)
        if len(done) < 2 * self._seats:
            texts = () if told else ("call",)
            return Screen("call", told, texts, Form(), heard=heard, rows=tables, values=values)
        if len(done) < 3 * self._seats:
            texts = ("scene", "again")
            return Screen("again", told, texts, Form(), heard=heard, rows=tables, values=values)
        sums = self.sums(done, seat)
        ending = f"ending.{ending_of(self.endings, sums)}"
        values |= {name: str(sums[name]) for name in ("counted", "moved", "came")}
        before, seated = self.seated(self._before(done)), self.seated(done)
        outcome = outcome_table(self.ranking(done), before, seated, self.actors)
        by_group = groups_table(self.groups, self.actors, before, seated)
        tables = (outcome, *by_group, *ties_table(self.actors), *self._moves(done))
        return Screen("end", None, (ending,), Form(), heard=heard, rows=tables, values=values)

    def _table(self, done: Acts, seat: int) -> Rows:
        """Who has a chair, the nearest to the corner first; and where all stand, unless the seat
        has the map itself before it."""
        places, name = self.places(done), done[0].said.get(ADDED, "")
        names: list[tuple[str, Cell]] = [(one, f"actor.{one}") for one in self.ranking(done)]
        if (
            name or f"{EXTRA}.x" in places
        ):  # without a name, or once it was erased: in the author's words
            names.append((EXTRA, Typed(str(name)) if name else "added.place"))
        form = self.step(done).forms.get(seat, Form())
        placing = any(one.id == MAP for one in form.fields)
        return standing_table(names, self.seated(done), None if placing else places)

    def _moves(self, done: Acts) -> tuple[Rows, ...]:
        """Whom each seat moved, the last placing only, if there is more than one seat."""
        if not self.roles or len(done) < 2:
            return ()
        late = 2 * self._seats
        since = late if len(done) > late else 1
        acts = [(n, act) for n, act in enumerate(done) if n >= since and MAP in act.said]
        rows: list[tuple[Cell, ...]] = []
        for n, act in acts:
            names = moved(self.places(done[:n]), act.said[MAP])
            labels: list[Cell] = [
                "added.place" if one == EXTRA else f"actor.{one}" for one in names
            ]
            rows += [(self.seats[act.seat - 1], one) for one in labels or [NothingMoved()]]
        return (Rows(WhoMoved(), (), tuple(rows)),)

    def _heard(self, done: Acts) -> tuple[Heard, ...]:
        """What recorded voices say of whom they moved, in the last placing."""
        late = 2 * self._seats
        since, end = (late, ".again") if len(done) > late else (1, "")
        return tuple(
            Heard(act.seat, f"voice.{self.roles[act.seat - 1]}{end}", recorded=True)
            for n, act in enumerate(done)
            if n >= since and act.recorded and act.seat > ALONE and MAP in act.said
            if moved(self.places(done[:n]), act.said[MAP])
        )

    def quoted(self, done: Acts, seat: int) -> dict[str, Quote]:
        """``farthest``: who stood farthest from the corner when the chairs were shown; ``called``:
        whom this seat called; ``moved``, ``lost``: the first who came to a chair after the scene,
        and who lost one; ``counted``, ``came``: the sums; ``added``: the first seat's own words;
        ``ending`` and ``role``."""
        quotes: dict[str, Quote] = {"role": self.seats[seat - 1]} if self.roles else {}
        if self.step(done).forms:
            return quotes
        before = self._before(done)
        first, last, sums = self.seated(before), self.seated(done), self.sums(done, seat)
        named = {"farthest": self.ranking(before)[-1], "called": self._called(done, seat)}
        came = [one for one in last if one not in first]
        if came:
            lost = next(one for one in first if one not in last)
            named |= {"moved": came[0], "lost": lost}
        quotes |= {name: f"actor.{one}.quote" for name, one in named.items()}
        name = str(done[0].said.get(ADDED, ""))
        if seat == ALONE and name:
            quotes[ADDED] = Typed(name)
        quotes |= {name: sums[name] for name in ("counted", "came")}
        return quotes | {"ending": f"ending.{ending_of(self.endings, sums)}.trace"}

    def quotable(self) -> Mapping[str, bool]:
        """Nobody need move, nor be added."""
        role = ("role",) if self.roles else ()
        sure = dict.fromkeys((*role, "farthest", "called", "counted", "came", "ending"), True)
        own = {ADDED: False} if self.added else {}
        left = {OUT: False} if self.roles else {}
        return sure | {"moved": False, "lost": False} | own | left

    def cost(self, words: Callable[[str], int]) -> Reading:
        """Every text once, one call and one ending; a decision for the call and for each actor that
        may move."""
        once = [
            "situation",
            "place",
            "call",
            "scene",
            "again",
            *(f"brief.{r}" for r in self.roles[:1]),
        ]
        once += [f"voice.{role}{end}" for role in self.roles[1:] for end in ("", ".again")]
        told: float = sum(map(words, once))
        told += sum(words(f"told.{one.id}") for one in self.actors) / len(self.actors)
        told += sum(words(f"ending.{one.id}") for one in self.endings) / len(self.endings)
        names = sum(words(f"actor.{one.id}") + NUMBERS for one in self.actors)
        placing = MINUTES_TO_PLACE * len(self.actors)
        told += sum(words(f"actor.{one}") for tie in ties(self.actors) for one in tie[::2])
        return Reading(told + TABLES * names, 1 + (self.moves or 3), placing)

    def faults(self) -> Iterator[Problem]:
        """Names that are there twice or not at all, chairs for everybody, voices that do what no
        form would take, endings that nobody reaches."""
        wrong = [*check_actors(self.actors, self.chairs), *check_groups(self.groups, self.actors)]
        yield from wrong
        for role, voice in self.voices.items():
            if role not in self.roles:
                yield Problem(("voices", role), "role-unknown", known(role, self.roles))
                continue
            most = (None, self.moves) if role == self.roles[0] else (1, 1)
            for one in check_map_voice(voice, self.actors, self.steps, most):
                yield Problem(("voices", role, *one.path), one.code, one.params)
        amiss = list(check_endings(self.endings, self.variables))
        yield from amiss
        if not wrong and not amiss:
            yield from check_reach(self.endings, self.actors, self.groups, self.chairs)
