"""Co-development: at a table, a round by the clock about a real question of somebody there
(``codev_round``); alone, a recorded round (``codev_alone``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from pydantic import Field

from engine.forms.base import Value
from engine.forms.text import Text
from engine.packs.activities.base import ALONE, Acts, Problem, Quote, Reading, Screen
from engine.packs.activities.codev_alone import LISTEN, ON, STOP, Rehearsal
from engine.packs.activities.codev_round import (
    CARD,
    HEARD,
    HOLDS,
    KEPT,
    QUESTION,
    STEPS,
    VARIABLES,
    WORDING,
    Minutes,
    Round,
)
from engine.packs.activities.endings import GameEnding, check_endings
from engine.packs.activities.together import OUT, Lived, Pace, Patience, Step, Together
from engine.packs.base import Slug

LEAST, MOST = 4, 8
"""How many seats a round has; fewer may come."""
UNHURRIED = Patience(live=60)
"""Whoever is the only one at a table keeps nobody waiting while they listen and write."""
ASKS = tuple(f"alone.{one}" for one in (CARD, "covered", WORDING, "act", HOLDS))
"""The strings of what somebody alone is asked."""


class Codev(Together):
    """``activity: {kind: codev}``. Alone, acts are ``{"question": text}``, ``{"listen": "on" |
    "stop"}`` for each passage but the last, ``{"card": text}`` after the stop, ``{"wording":
    text}``, ``{"act": text}`` and, for who stopped, ``{"holds": "holds" | "gone"}``."""

    kind: Literal["codev"]
    recorded: tuple[Slug, ...] = Field(min_length=3, max_length=20)
    minutes: Minutes = Minutes()
    few: Minutes | None = None
    altered: int = Field(default=3, ge=0, le=20)
    endings: tuple[GameEnding, ...] = Field(min_length=1)

    def among(self, present: frozenset[int]) -> Lived:
        """The round of those who are there; whoever is alone hears the recorded one."""
        if len(present) < 2:
            return replace(self._rehearsal(min(present, default=ALONE)), patience=UNHURRIED)
        minutes = self.few if self.few and len(present) < LEAST else self.minutes
        seated = tuple(sorted(present))
        return Round(seated, self.seats, minutes, self.altered, self.endings, self.patience)

    def _rehearsal(self, seat: int = ALONE) -> Rehearsal:
        name = self.seats[seat - 1] if self.roles else None
        return Rehearsal(seat, name, self.recorded, self.endings, self.patience)

    @property
    def paces(self) -> tuple[Pace, ...]:
        """People talk: they are there at the same time."""
        return ("live",)

    @property
    def volatile(self) -> frozenset[str]:
        """The cards, and how others worded the question."""
        return frozenset({CARD, HEARD})

    # --- words

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language must have."""
        return (
            "situation",
            "ask",
            *(f"round.{one}" for one in self.recorded),
            *(f"{LISTEN}.{one}" for one in (ON, STOP)),
            *ASKS,
            *(f"{HOLDS}.{one}" for one in ("holds", "gone")),
            *(self._strings_together() if self.roles else ()),
            *(s for one in self.endings for s in (f"ending.{one.id}", f"ending.{one.id}.trace")),
        )

    def _strings_together(self) -> tuple[str, ...]:
        roles = (f"role.{one}" for one in ("client", "conductor", "consultant"))
        steps = (f"step.{one}" for one in STEPS)
        return (*self.seats, *roles, "few", *steps, "go.on", "asked.same", "asked.other", OUT)

    def optional_strings(self) -> tuple[str, ...]:
        """None."""
        return ()

    def holes(self, string_id: str) -> frozenset[str]:
        """What its reader wrote before."""
        if string_id.startswith("ending.") and not string_id.endswith(".trace"):
            return frozenset(KEPT)
        return {f"alone.{WORDING}": frozenset({QUESTION}), f"alone.{HOLDS}": frozenset({CARD})}.get(
            string_id, frozenset()
        )

    # --- alone

    def step(self, done: Acts) -> Step:
        """The step that comes next for somebody alone."""
        return self._rehearsal().step(done)

    def voice(self, done: Acts, seat: int) -> dict[str, Value]:
        """What is done for whoever is away."""
        return self._rehearsal().voice(done, seat)

    def look(self, done: Acts, seat: int) -> Screen:
        """What somebody alone sees."""
        return self._rehearsal().look(done, seat)

    def quoted(self, done: Acts, seat: int) -> dict[str, Quote]:
        """What a prompt to somebody alone may quote."""
        return self._rehearsal().quoted(done, seat)

    def quotable(self) -> Mapping[str, bool]:
        """Who is not the client at a table takes no words of their own away."""
        role = {"role": True, OUT: False} if self.roles else {}
        return dict.fromkeys(KEPT, not self.roles) | {"ending": True} | role

    def cost(self, words: Callable[[str], int]) -> Reading:
        """The recorded round, every text once."""
        once = ("situation", "ask", *(f"round.{one}" for one in self.recorded), *ASKS)
        told: float = sum(map(words, once))
        told += sum(words(f"ending.{one.id}") for one in self.endings) / len(self.endings)
        written = (len(KEPT) + 1) * Text(QUESTION, lines=False).minutes
        return Reading(told, len(self.recorded), written)

    def faults(self) -> Iterator[Problem]:
        """Too few seats or too many, passages that are there twice, and endings."""
        if self.roles and not LEAST <= len(self.roles) <= MOST:
            counted = {"seats": len(self.roles), "least": LEAST, "most": MOST}
            yield Problem(("roles",), "seats-out-of-range", counted)
        for i, one in enumerate(self.recorded):
            if one in self.recorded[:i]:
                yield Problem(("recorded", i), "listed-twice", {"id": one, "list": "recorded"})
        yield from check_endings(self.endings, VARIABLES)
