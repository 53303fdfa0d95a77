"""The public-goods game: rounds in which each seat puts something in or keeps it, and a rule that
says what comes of it. What others put in is seen as the pack says, at the end in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from engine.forms.base import Value
from engine.forms.form import Form
from engine.forms.number import Number
from engine.packs.activities.base import (
    ALONE,
    Acts,
    Cell,
    Problem,
    Quote,
    Reading,
    Rows,
    Screen,
)
from engine.packs.activities.endings import GameEnding, check_endings, ending_of, known
from engine.packs.activities.payoffs import Rule
from engine.packs.activities.strategies import AnyStrategy, Played
from engine.packs.activities.together import OUT, Step, Together, mine
from engine.packs.base import Frozen, Slug
from engine.packs.reasons import (
    HowVoicesPlayed,
    InAll,
    RoundNumber,
    Rounds,
    RoundsSoFar,
    ToEach,
)

PUT = "put"
"""The field of a round."""
MINUTES_A_ROUND = 0.3
"""To look at what the others did, beside deciding."""
VARIABLES = ("ran", "kept", "gained", "total", "all", "aims")
"""What the conditions of an ending know: rounds in which it ran; what this seat kept, gained and
has in all, its aim included; what all seats have; how many seats reached their aim."""


class Event(Frozen):
    """What happens before a ``round`` and is nobody's fault; ``multiply`` replaces the rule's."""

    id: Slug
    round: int = Field(ge=2)
    multiply: float | None = Field(default=None, gt=0, le=1000)


class Disclosure(Frozen):
    """What all see of each round from round ``since`` on: nothing, what was put in together, or by
    which seat."""

    since: int = Field(default=1, alias="from", ge=1)
    show: Literal["none", "sum", "seats"]


class PrivateAim(Frozen):
    """Worth something to one seat at the end, if it kept that much; no other seat knows."""

    kept: int = Field(ge=1)
    worth: int = Field(ge=1)


@dataclass(frozen=True)
class Round:
    """One round that is over. ``share`` is what each seat got."""

    played: Played
    share: float

    @property
    def pot(self) -> int:
        """What was put in together."""
        return sum(self.played.put)


class PublicGoods(Together):
    """``activity: {kind: public-goods}``. An act is ``{"put": amount}``: once a round and seat."""

    kind: Literal["public-goods"]
    roles: tuple[Slug, ...] = Field(min_length=2, max_length=12)
    endowment: int = Field(ge=1, le=1000)
    rounds: int = Field(ge=2, le=12)
    payoff: Rule
    disclosure: tuple[Disclosure, ...] = (Disclosure.model_validate({"show": "sum"}),)
    events: tuple[Event, ...] = ()
    aims: dict[Slug, PrivateAim] = Field(default_factory=dict)
    voices: dict[Slug, AnyStrategy] = Field(default_factory=dict)
    endings: tuple[GameEnding, ...] = Field(min_length=2)

    # --- words

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language must have."""
        return (
            "situation",
            "ask",
            "ran",
            "fell",
            *self.seats,
            *(f"brief.{role}" for role in self.roles),
            *(f"voice.{role}" for role in self.roles[1:]),
            *(f"event.{event.id}" for event in self.events),
            *(s for one in self.endings for s in (f"ending.{one.id}", f"ending.{one.id}.trace")),
            "named",
            "out",
        )

    def optional_strings(self) -> tuple[str, ...]:
        """The strategy of the first role, which only a table of several plays by its voice."""
        return (f"voice.{self.roles[0]}",)

    def holes(self, string_id: str) -> frozenset[str]:
        """What was put in and came of it, where a round is told; the sums, at the end."""
        if string_id in ("ran", "fell"):
            return frozenset({"last", "put", "pot", "share"})
        if string_id == "ask":
            return frozenset({"round", "rounds", "left", "kept", "endowment"})
        if string_id.startswith("ending.") and not string_id.endswith(".trace"):
            return frozenset({"ran", "rounds", "kept", "gained", "total", "all"})
        return frozenset()

    # --- the game

    def played(self, done: Acts) -> tuple[Round, ...]:
        """The rounds that are over."""
        seats, found = len(self.roles), []
        for n in range(len(done) // seats):
            acts = sorted(done[n * seats : (n + 1) * seats], key=lambda act: act.seat)
            put = tuple(act.said[PUT] for act in acts)
            ran, share = self.payoff.pays(put, self._factor(n + 1))
            found.append(Round(Played(put, ran), share))
        return tuple(found)

    def _factor(self, number: int) -> float:
        """What multiplies in a round."""
        changed = [e.multiply for e in self.events if e.multiply is not None and e.round <= number]
        return changed[-1] if changed else self.payoff.multiply

    def step(self, done: Acts) -> Step:
        """One round after another: each seat puts in, in any order."""
        over, here = divmod(len(done), len(self.roles))
        if over == self.rounds:
            return Step("end")
        put = {act.seat for act in done[len(done) - here :]}
        left = (seat for seat in range(1, len(self.roles) + 1) if seat not in put)
        form = Form((Number(PUT, 0, self.endowment),))
        return Step(f"round-{over + 1}", dict.fromkeys(left, form))

    def voice(self, done: Acts, seat: int) -> dict[str, Value]:
        """What the recorded strategy of a seat puts in; half, for a seat without one."""
        strategy = self.voices.get(self.roles[seat - 1])
        rounds = [one.played for one in self.played(done)]
        put = strategy.puts(rounds, seat - 1) if strategy else self.endowment / 2
        return {PUT: max(0, min(self.endowment, round(put)))}

    def sums(self, done: Acts, seat: int) -> dict[str, float]:
        """What conditions and words at the end know (``VARIABLES``)."""
        rounds = self.played(done)
        kept = [
            sum(self.endowment - r.played.put[i] for r in rounds) for i in range(len(self.roles))
        ]
        gained = sum(one.share for one in rounds)
        reached = {
            role: self.aims[role].worth
            for role, its in zip(self.roles, kept, strict=True)
            if role in self.aims and its >= self.aims[role].kept
        }
        totals = [
            its + gained + reached.get(role, 0) for role, its in zip(self.roles, kept, strict=True)
        ]
        return {
            "ran": sum(one.played.ran for one in rounds),
            "kept": kept[seat - 1],
            "gained": gained,
            "total": totals[seat - 1],
            "all": sum(totals),
            "aims": len(reached),
        }

    def outcome(self, done: Acts) -> dict[str, float]:
        """The rounds in which it ran, what each seat has in all, and all of them together."""
        totals = {
            role: self.sums(done, seat)["total"] for seat, role in enumerate(self.roles, start=1)
        }
        return {"ran": self.sums(done, ALONE)["ran"]} | totals | {"all": sum(totals.values())}

    def ending(self, done: Acts, seat: int) -> str:
        """The ending of a seat: the first whose conditions hold."""
        return ending_of(self.endings, self.sums(done, seat))

    # --- what a seat sees

    def look(self, done: Acts, seat: int) -> Screen:
        """The brief at first, then what came of the last round, and the rounds so far."""
        rounds = self.played(done)
        sums = {name: _shown(value) for name, value in self.sums(done, seat).items()}
        if len(rounds) == self.rounds:
            ending = f"ending.{self.ending(done, seat)}"
            rows = (self._table(rounds, seat), *self._strategies(done))
            return Screen(
                "end",
                self._told(rounds),
                (ending, "named"),
                Form(),
                rows=rows,
                values=sums | self._last(rounds, seat) | {"rounds": str(self.rounds)},
            )
        number = len(rounds) + 1
        told = [] if rounds else ["situation", f"brief.{self.roles[seat - 1]}"]
        told += [f"event.{event.id}" for event in self.events if event.round == number]
        values = {
            "rounds": str(self.rounds),
            "left": str(self.rounds - len(rounds)),
            "endowment": str(self.endowment),
        }
        return Screen(
            f"round-{number}",
            self._told(rounds),
            (*told, "ask"),
            Form(),
            rows=(self._table(rounds, seat),) if rounds else (),
            values=sums | self._last(rounds, seat) | values | {"round": str(number)},
        )

    def _told(self, rounds: tuple[Round, ...]) -> str | None:
        return ("ran" if rounds[-1].played.ran else "fell") if rounds else None

    def _last(self, rounds: tuple[Round, ...], seat: int) -> dict[str, str]:
        if not rounds:
            return {}
        last = rounds[-1]
        pot = str(last.pot) if self.shows(len(rounds)) != "none" else "…"
        put = str(last.played.put[seat - 1])
        return {"last": str(len(rounds)), "put": put, "pot": pot, "share": _shown(last.share)}

    def shows(self, number: int) -> str:
        """What all see of a round."""
        said = [one.show for one in self.disclosure if one.since <= number]
        return said[-1] if said else "sum"

    def _table(self, rounds: tuple[Round, ...], seat: int) -> Rows:
        """The rounds so far as this seat may see them; at the end, each in full."""
        over = len(rounds) == self.rounds
        rows: list[tuple[Cell, ...]] = []
        for number, one in enumerate(rounds, start=1):
            shows = "seats" if over else self.shows(number)
            put: list[Cell] = [
                amount if shows == "seats" or n == seat else None
                for n, amount in enumerate(one.played.put, start=1)
            ]
            pot: Cell = None if shows == "none" else one.pot
            rows.append((RoundNumber(round=number), pot, round(one.share, 1), *put))
        return Rows(RoundsSoFar(), (Rounds(), InAll(), ToEach(), *self.seats), tuple(rows))

    def _strategies(self, done: Acts) -> tuple[Rows, ...]:
        """At the end, the strategy of each seat that its voice played to the last."""
        played = [
            (name, f"voice.{role}")
            for seat, (name, role) in enumerate(zip(self.seats, self.roles, strict=True), start=1)
            if seat > ALONE and all(act.recorded for act in mine(done, seat))
        ]
        return (Rows(HowVoicesPlayed(), (), tuple(played)),) if played else ()

    def quoted(self, done: Acts, seat: int) -> dict[str, Quote]:
        """``put.1``…: what this seat put into each round; ``ran``, ``kept``, ``total``: the sums,
        ``role``: its seat, and ``ending``, at the end."""
        quotes: dict[str, Quote] = {"role": self.seats[seat - 1]}
        quotes |= {f"put.{n}": act.said[PUT] for n, act in enumerate(mine(done, seat), start=1)}
        if len(self.played(done)) == self.rounds:
            sums = self.sums(done, seat)
            quotes |= {name: round(sums[name], 1) for name in ("ran", "kept", "total", "all")}
            quotes["ending"] = f"ending.{self.ending(done, seat)}.trace"
        return quotes

    def quotable(self) -> Mapping[str, bool]:
        """All of them, each certain, but for what a seat may leave unsaid when it steps out."""
        puts = (f"put.{n}" for n in range(1, self.rounds + 1))
        return dict.fromkeys(("role", *puts, "ran", "kept", "total", "all", "ending"), True) | {
            OUT: False
        }

    def cost(self, words: Callable[[str], int]) -> Reading:
        """The brief, and each round with what came of the one before."""
        told: float = sum(words(s) for s in ("situation", "named", f"brief.{self.roles[0]}"))
        told += sum(words(f"event.{event.id}") for event in self.events)
        told += sum(words(f"voice.{role}") for role in self.roles[1:])
        told += sum(words(f"ending.{one.id}") for one in self.endings) / len(self.endings)
        each = words("ask") + (words("ran") + words("fell")) / 2
        return Reading(told + self.rounds * each, self.rounds, self.rounds * MINUTES_A_ROUND)

    def faults(self) -> Iterator[Problem]:
        """Names that no role has, rounds that never come, and endings that cannot be reached."""
        for name, its in (("aims", self.aims), ("voices", self.voices)):
            for role in its:
                if role not in self.roles:
                    yield Problem((name, role), "role-unknown", known(role, self.roles))
        for i, event in enumerate(self.events):
            if event.round > self.rounds:
                yield Problem(
                    ("events", i, "round"),
                    "round-never",
                    {"round": event.round, "rounds": self.rounds},
                )
        yield from check_endings(self.endings, VARIABLES)


def _shown(value: float) -> str:
    """A sum as it is written in a text."""
    return str(round(value))
