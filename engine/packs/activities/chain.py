"""The value chain of a common good: who gives what to whom, and what nobody books. A few favours
fit on a paper; somebody reads it; then each that is on it is given a price, or stays a favour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from pydantic import Field

from engine.forms.base import Option, Value
from engine.forms.choice import Choices
from engine.forms.form import Form
from engine.forms.hours import Hours, Offer, Row
from engine.packs.activities.base import ALONE, Acts, Problem, Quote, Reading, Rows, Screen
from engine.packs.activities.chain_faults import flow_faults, limit_faults
from engine.packs.activities.chaining import WHAT, Flow, fallen, held, paid, state, stopped
from engine.packs.activities.endings import GameEnding, check_endings, ending_of
from engine.packs.activities.together import Step, Together
from engine.packs.base import Slug
from engine.packs.reasons import (
    AYearLater,
    FlowName,
    FlowState,
    FromWhom,
    GoesOn,
    InTheAccounts,
    OnThePaper,
    StateOfFlow,
    StillThere,
    ToWhom,
    WhatIsGiven,
    WhatPasses,
)

DRAW, PRICE, END = "draw", "price", "end"
"""The steps; the field of each is called like it."""
KEEP, COUNT = "keep", "count"
"""What is done with a favour that was drawn: left as it is, or given a price. Also the ids of their
strings."""
MINUTES_TO_COMPARE = 0.5
"""To read the tables."""


class Chain(Together):
    """``activity: {kind: chain}``. Acts: ``{"draw": [flow, …]}``, then
    ``{"price": {flow: "keep" | "count"}}`` of each that was drawn. It is lived alone."""

    kind: Literal["chain"]
    roles: tuple[Slug, ...] = Field(default=(), max_length=0)
    actors: tuple[Slug, ...] = Field(min_length=2, max_length=20)
    flows: tuple[Flow, ...] = Field(min_length=3, max_length=24)
    line: Slug
    draw: int = Field(ge=1, le=12)
    hours: int = Field(ge=1, le=500)
    endings: tuple[GameEnding, ...] = Field(min_length=2)

    # --- words

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language must have."""
        return (
            *("situation", "ask", "scene", "ask.price", KEEP, COUNT, "unit"),
            *(f"actor.{actor}" for actor in self.actors),
            *(f"flow.{flow.id}" for flow in self.flows),
            *(f"flow.{flow.id}.text" for flow in self._favours),
            *(s for flow in self._favours for s in (f"flow.{flow.id}.unseen", _priced(flow))),
            *(f"flow.{f.id}.favour" for f in self._favours if "favour" in f.ends),
            *(f"flow.{flow.id}.fallen" for flow in self.flows if flow.needs),
            *(s for one in self.endings for s in (f"ending.{one.id}", f"ending.{one.id}.trace")),
        )

    def optional_strings(self) -> tuple[str, ...]:
        """A shorter ``.quote`` of each flow."""
        return tuple(f"flow.{flow.id}.quote" for flow in self.flows)

    def holes(self, string_id: str) -> frozenset[str]:
        """The sums that are known when a string is read."""
        limits = {"limit", "hours", "line"}
        if string_id in ("situation", "ask"):
            return frozenset(limits)
        if string_id in ("scene", "ask.price"):
            return frozenset({*limits, "drawn"})
        if string_id.startswith("ending.") and not string_id.endswith(".trace"):
            return frozenset({*limits, *self._sums})
        return frozenset()

    @property
    def _sums(self) -> tuple[str, ...]:
        return ("drawn", "priced", "cut", "stopped", *WHAT, "worth", "paid", "spent")

    @property
    def variables(self) -> tuple[str, ...]:
        """What the conditions of an ending know.

        Of each unbooked flow, whether it was drawn (``seen-``) and given a price (``priced-``); of
        each flow, whether it goes on (``goes-``). How many were ``drawn`` and ``priced``, how many
        that nobody drew have stopped (``cut``), and how many that were drawn (``stopped``). Of what
        goes on: the sum of the ``money``, the numbers of flows of ``people`` and ``links``, the
        ``worth`` of all. What is still ``paid`` of the line, and the hours ``spent`` on counting
        each quarter.
        """
        ids = (flow.id for flow in self.flows)
        favours = (f"{name}-{flow.id}" for flow in self._favours for name in ("seen", "priced"))
        return (*favours, *(f"goes-{one}" for one in ids), *self._sums)

    # --- what was done, and what comes of it

    @property
    def _favours(self) -> tuple[Flow, ...]:
        return tuple(flow for flow in self.flows if not flow.booked)

    @property
    def _line(self) -> Flow:
        return next(flow for flow in self.flows if flow.id == self.line)

    def drawn(self, done: Acts) -> list[Flow]:
        """The favours on the paper, in the order of the pack."""
        ids = done[0].said[DRAW] if done else ()
        return [flow for flow in self._favours if flow.id in ids]

    def priced(self, done: Acts) -> list[Flow]:
        """Those of them that were given a price."""
        what = done[1].said[PRICE] if len(done) > 1 else {}
        return [flow for flow in self._favours if what.get(flow.id) == COUNT]

    def _gone(self, done: Acts) -> tuple[frozenset[str], frozenset[str]]:
        """The flows that have stopped by themselves, and those that stopped with them."""
        drawn, priced = _ids(self.drawn(done)), _ids(self.priced(done))
        own = stopped(self.flows, drawn, priced, self._line)
        return own, fallen(self.flows, own)

    def sums(self, done: Acts) -> dict[str, int]:
        """What conditions and words know (``variables``)."""
        drawn, priced, (own, along) = self.drawn(done), self.priced(done), self._gone(done)
        pays, gone = paid(self._line, self.flows, _ids(priced)), own | along
        worth = {f.id: f.worth for f in self.flows if f.id not in gone}
        if self.line in worth:
            worth[self.line] = pays
        seen = _ids(drawn)
        sums = {f"seen-{flow.id}": int(flow.id in seen) for flow in self._favours}
        sums |= {f"priced-{flow.id}": int(flow in priced) for flow in self._favours}
        sums |= {f"goes-{flow.id}": int(flow.id in worth) for flow in self.flows}
        by = {what: [f.id for f in self.flows if f.what == what and f.id in worth] for what in WHAT}
        return sums | {
            "drawn": len(drawn),
            "priced": len(priced),
            "cut": sum(flow.id in gone - seen for flow in self._favours),
            "stopped": sum(one in gone for one in seen),
            "money": sum(worth[one] for one in by["money"]),
            "people": len(by["people"]),
            "links": len(by["links"]),
            "worth": sum(worth.values()),
            "paid": pays,
            "spent": sum(flow.hours for flow in priced),
        }

    # --- the steps

    def step(self, done: Acts) -> Step:
        """The paper, then what is done with each arrow on it."""
        if not done:
            options = tuple(Option(flow.id, f"flow.{flow.id}.text") for flow in self._favours)
            return Step(DRAW, {ALONE: Form((Choices(DRAW, options, self.draw),))})
        if len(done) == 1:
            return Step(PRICE, {ALONE: Form((Hours(PRICE, self._rows(done), self.hours),))})
        return Step(END)

    def _rows(self, done: Acts) -> dict[str, Row]:
        keep = Offer(KEEP, KEEP, 0)
        return {
            flow.id: Row(f"flow.{flow.id}", (keep, Offer(COUNT, COUNT, flow.hours)))
            for flow in self.drawn(done)
        }

    def voice(self, done: Acts, seat: int) -> dict[str, Value]:
        """As many arrows as fit, all kept as favours."""
        if not done:
            return {DRAW: [flow.id for flow in self._favours[: self.draw]]}
        return {PRICE: {flow.id: KEEP for flow in self.drawn(done)}}

    # --- what is seen

    def look(self, done: Acts, seat: int) -> Screen:
        """What the accounts say; then the paper, and what became of all that is not on it; then
        what became of the rest."""
        key = self.step(done).key
        told: tuple[str, ...]
        known = {"limit": self.draw, "hours": self.hours, "line": self._line.worth}
        if key == DRAW:
            told = ("situation", "ask")
            return Screen(key, None, told, Form(), rows=(self._booked(),), values=_said(known))
        if key == PRICE:
            told = ("scene", *self._of_unseen(done), "ask.price")
            known["drawn"] = len(self.drawn(done))
            rows = (self._table(OnThePaper(), self.drawn(done)),)
            return Screen(key, None, told, Form(), rows=rows, values=_said(known))
        sums = self.sums(done)
        told = (*self._after(done), f"ending.{ending_of(self.endings, sums)}")
        values = _said({name: sums[name] for name in self._sums} | known)
        return Screen(key, None, told, Form(), rows=(self._whole(done),), values=values)

    def _booked(self) -> Rows:
        return self._table(InTheAccounts(), [flow for flow in self.flows if flow.booked])

    def _table(self, title: InTheAccounts | OnThePaper, flows: list[Flow]) -> Rows:
        """Who gives what to whom, and what it is worth."""
        head = (FlowName(), "unit", FromWhom(), ToWhom(), WhatIsGiven())
        rows = tuple(
            (
                f"flow.{flow.id}",
                flow.worth,
                f"actor.{flow.giver}",
                f"actor.{flow.taker}",
                WhatPasses(what=flow.what),
            )
            for flow in flows
        )
        return Rows(title, head, rows)

    def _whole(self, done: Acts) -> Rows:
        """Every flow, what it was on the paper, and whether it goes on."""
        drawn, priced, (own, along) = self.drawn(done), self.priced(done), self._gone(done)
        pays = self.sums(done)["paid"]
        rows = tuple(
            (
                f"flow.{flow.id}",
                GoesOn(goes="stops" if flow.id in own | along else "goes-on"),
                pays if flow.id == self.line else flow.worth,
                StateOfFlow(state=state(flow, _ids(drawn), _ids(priced))),
            )
            for flow in self.flows
        )
        return Rows(AYearLater(), (FlowName(), StillThere(), "unit", FlowState()), rows)

    def _of_unseen(self, done: Acts) -> tuple[str, ...]:
        drawn = self.drawn(done)
        return tuple(f"flow.{flow.id}.unseen" for flow in self._favours if flow not in drawn)

    def _after(self, done: Acts) -> tuple[str, ...]:
        """What came of each that was drawn, where something did, then of those that stopped with
        others."""
        _own, along = self._gone(done)
        drawn, priced = self.drawn(done), self.priced(done)
        kept = (f for f in drawn if f not in priced and "favour" in f.ends)
        return (
            *(_priced(flow) for flow in priced),
            *(f"flow.{flow.id}.favour" for flow in kept),
            *(f"flow.{flow.id}.fallen" for flow in self.flows if flow.id in along),
        )

    def quoted(self, done: Acts, seat: int) -> dict[str, Quote]:
        """At the end, ``left``: of the flows that were not drawn, the one with which most stopped;
        the first that was ``priced``, ``kept`` (drawn, not priced), ``stopped`` (priced, and it
        stopped by that), ``fallen`` (it stopped with another); ``drawn``, ``cut``, ``paid``,
        ``money``, ``worth``, ``spent``; ``ending``."""
        if self.step(done).forms:
            return {}
        drawn, priced, sums = self.drawn(done), self.priced(done), self.sums(done)
        own, along = self._gone(done)
        left = [flow for flow in self._favours if flow not in drawn]
        left.sort(key=lambda flow: -held(self.flows, flow) if flow.id in own else 1)
        firsts = {
            "left": left,
            "priced": priced,
            "kept": [flow for flow in drawn if flow not in priced],
            "stopped": [flow for flow in priced if flow.id in own],
            "fallen": [flow for flow in self.flows if flow.id in along],
        }
        quotes: dict[str, Quote] = {
            name: f"flow.{flows[0].id}.quote" for name, flows in firsts.items() if flows
        }
        quotes |= {n: sums[n] for n in ("drawn", "cut", "paid", "money", "worth", "spent")}
        return quotes | {"ending": f"ending.{ending_of(self.endings, sums)}.trace"}

    def quotable(self) -> Mapping[str, bool]:
        """One is always left out, since not all fit; the rest may be or not."""
        sure = ("left", "drawn", "cut", "paid", "money", "worth", "spent", "ending")
        may = ("priced", "kept", "stopped", "fallen")
        return dict.fromkeys(sure, True) | dict.fromkeys(may, False)

    def cost(self, words: Callable[[str], int]) -> Reading:
        """Every text once, with as many arrows as fit, half of them priced, and half of what can
        fall fallen."""
        once = ["situation", "ask", "scene", "ask.price", KEEP, COUNT]
        once += [f"flow.{flow.id}.text" for flow in self._favours]
        told: float = sum(map(words, once))
        share = min(1.0, self.draw / max(1, len(self._favours)))
        for flow in self._favours:
            told += (1 - share) * words(f"flow.{flow.id}.unseen")
            told += share * (words(f"flow.{flow.id}") * 2 + words(_priced(flow)) / 2)
        told += sum(words(f"flow.{flow.id}.fallen") for flow in self.flows if flow.needs) / 2
        told += sum(words(f"ending.{one.id}") for one in self.endings) / len(self.endings)
        return Reading(told, len(self._favours) + self.draw, MINUTES_TO_COMPARE)

    def faults(self) -> Iterator[Problem]:
        """Names that are there twice or not at all, limits that leave nothing to decide, and
        endings that cannot be reached."""
        yield from flow_faults(self.actors, self.flows)
        yield from limit_faults(self.flows, self.line, self.draw, self.hours)
        yield from check_endings(self.endings, self.variables)


def _priced(flow: Flow) -> str:
    return f"flow.{flow.id}.priced"


def _ids(flows: list[Flow]) -> frozenset[str]:
    return frozenset(flow.id for flow in flows)


def _said(values: Mapping[str, int]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
