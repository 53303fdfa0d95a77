"""A round of co-development at a table, by the clock: the six steps of Payette and Champagne. What
is said aloud is nowhere; what is written goes to the others and is gone when the round ends, but
for the client's question, its new wording and the act they leave with.

Source: A. Payette and C. Champagne, Le groupe de codéveloppement professionnel (1997).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from pydantic import Field

from engine.forms.base import Option, Value
from engine.forms.choice import Choice
from engine.forms.form import Form
from engine.forms.reword import Reword
from engine.forms.text import Text
from engine.forms.typed import cut, escape
from engine.packs.activities.base import Act, Acts, Heard, Quote, Screen, Typed
from engine.packs.activities.endings import GameEnding, ending_of
from engine.packs.activities.together import Patience, Step
from engine.packs.base import Frozen

QUESTION, CARD, HEARD, PICK, WORDING, ACT = "question", "card", "heard", "pick", "wording", "act"
GO, HOLDS, ASKED = "go", "holds", "asked"
"""The fields of a round, each of one step."""
KEPT = (QUESTION, WORDING, ACT)
"""What the client keeps."""
STEPS = (
    QUESTION,
    "expose",
    "clarification",
    "contract",
    PICK,
    WORDING,
    "exploration",
    "plan",
    "learning",
)
TALKS = ("expose", "clarification", "exploration")
"""The steps in which people talk, until whoever holds the clock goes on, or its time is over."""
VARIABLES = ("together", "client", "conducts", "seats", "cards", "held", "own", "other", "stopped")
"""What the conditions of an ending know: whether it was lived at a table (1 or 0), by this seat as
client, or holding the clock; how many took part; how many kept a card, how many of those still
hold, and whether one's own does; whether the client said that it was not the question; alone, at
which passage one stopped (0: never)."""
THIRD = 1 / 3
"""The contract is worded, picked and made one's own: a third of its time each."""
FEW = 3
"""At most so many: who holds the clock words the question too."""


class Minutes(Frozen):
    """How long each of the six steps lasts, in minutes."""

    expose: float = Field(default=5, gt=0, le=60)
    clarification: float = Field(default=8, gt=0, le=60)
    contract: float = Field(default=6, gt=0, le=60)
    exploration: float = Field(default=11, gt=0, le=60)
    plan: float = Field(default=5, gt=0, le=60)
    learning: float = Field(default=5, gt=0, le=60)


@dataclass(frozen=True)
class Round:
    """The round of those who were there when it began (``seated``: two or more seats). ``names``
    are the string ids of all seats; ``altered``: how many words of a wording the client may
    change."""

    seated: tuple[int, ...]
    names: tuple[str, ...]
    minutes: Minutes
    altered: int
    endings: tuple[GameEnding, ...]
    patience: Patience

    @property
    def client(self) -> int:
        """Who brings the question: the first seat that is taken."""
        return self.seated[0]

    @property
    def conductor(self) -> int:
        """Who holds the clock."""
        return self.seated[1]

    @property
    def consultants(self) -> tuple[int, ...]:
        """Who words the question: all but the client, and but for the one with the clock where
        there are others enough."""
        return self.seated[1:] if len(self.seated) <= FEW else self.seated[2:]

    # --- the steps

    def step(self, done: Acts) -> Step:
        """The first step that is not over."""
        talked = sum(GO in act.said for act in done)
        if not _by_seat(done, QUESTION):
            return self._lasting(QUESTION, "expose", {self.client: Form((_line(QUESTION),))})
        if talked < 2:
            return self._talk(TALKS[talked], done)
        if left := [seat for seat in self.consultants if seat not in _by_seat(done, HEARD)]:
            forms = dict.fromkeys(left, Form((_line(HEARD),)))
            return self._lasting("contract", "contract", forms, share=THIRD)
        if not _by_seat(done, WORDING):
            return self._choosing(done)
        if talked < len(TALKS):
            return self._talk(TALKS[talked], done)
        if not _by_seat(done, ACT):
            return self._lasting("plan", "plan", {self.client: Form((_line(ACT),))})
        return self._learning(done)

    def _talk(self, name: str, done: Acts) -> Step:
        """People talk. While things are made clear, whoever has advice writes it on a card
        instead."""
        forms = {self.conductor: Form((Choice(GO, (Option("on", "go.on"),)),))}
        written = _by_seat(done, CARD)
        free = [seat for seat in self.seated[2:] if seat not in written]
        if name == "clarification":
            forms |= dict.fromkeys(free, Form((_line(CARD),)))
        return self._lasting(name, name, forms, frozenset(free))

    def _choosing(self, done: Acts) -> Step:
        """The client picks a wording, then makes it theirs. What somebody erased since could still
        be picked: who wrote is what counts; of what is gone, the client writes anew."""
        written = [seat for seat, act in _by_seat(done, HEARD).items() if not act.recorded]
        picked = _by_seat(done, PICK).get(self.client)
        if written and picked is None:
            options = tuple(Option(str(seat), self.names[seat - 1]) for seat in sorted(written))
            forms = {self.client: Form((Choice(PICK, options),))}
            return self._lasting(PICK, "contract", forms, share=THIRD)
        field = _line(WORDING)
        start = self.words(done, HEARD, int(picked.said[PICK])) if picked is not None else ""
        if start:
            field = Reword(WORDING, start, self.altered)
        return self._lasting(WORDING, "contract", {self.client: Form((field,))}, share=THIRD)

    def _learning(self, done: Acts) -> Step:
        left = [seat for seat in _by_seat(done, CARD) if seat not in _by_seat(done, HOLDS)]
        forms = dict.fromkeys(left, Form((either(HOLDS, "holds", "gone"),)))
        if not _by_seat(done, ASKED):
            forms[self.client] = Form((either(ASKED, "same", "other"),))
        return self._lasting("learning", "learning", forms) if forms else Step("end")

    def _lasting(
        self,
        key: str,
        name: str,
        forms: Mapping[int, Form],
        free: frozenset[int] = frozenset(),
        share: float = 1,
    ) -> Step:
        lasts = timedelta(minutes=getattr(self.minutes, name) * share)
        return Step(key, forms, free, lasts)

    def voice(self, done: Acts, seat: int) -> dict[str, Value]:
        """Nobody speaks for anybody: what was not written stays empty, and the round goes on."""
        [field] = self.step(done).forms[seat].fields
        if isinstance(field, Reword):
            return {field.id: field.start}
        return {field.id: next((option.id for option in field.taps()), "")}

    def words(self, done: Acts, field: str, seat: int) -> str:
        """What a seat wrote; "" if nothing, or if it is gone."""
        act = _by_seat(done, field).get(seat)
        return str(act.said[field]) if act else ""

    def sums(self, done: Acts, seat: int) -> dict[str, int]:
        """What the conditions of an ending know (``VARIABLES``)."""
        held = {one for one, act in _by_seat(done, HOLDS).items() if act.said[HOLDS] == "holds"}
        asked = _by_seat(done, ASKED).get(self.client)
        return {
            "together": 1,
            "client": int(seat == self.client),
            "conducts": int(seat == self.conductor),
            "seats": len(self.seated),
            "cards": len(_by_seat(done, CARD)),
            "held": len(held),
            "own": int(seat in held),
            "other": int(asked is not None and asked.said[ASKED] == "other"),
            "stopped": 0,
        }

    # --- what a seat sees

    def look(self, done: Acts, seat: int) -> Screen:
        """What happens now, and what may be read of what was written: the question until it leaves
        the screen, then the wordings side by side, then the one that was chosen."""
        key = self.step(done).key
        if key == "end":
            return self._end(done, seat)
        opening: tuple[str, ...] = ()
        if key == QUESTION:
            few = ("few",) if len(self.seated) <= FEW else ()
            opening = ("situation", self._role(seat), *few)
        heard = self._heard(done, seat, key)
        return Screen(key, None, (*opening, f"step.{key}"), Form(), heard=heard)

    def _role(self, seat: int) -> str:
        if seat == self.client:
            return "role.client"
        return "role.conductor" if seat == self.conductor else "role.consultant"

    def _heard(self, done: Acts, seat: int, key: str) -> tuple[Heard, ...]:
        client, shown = self.client, list[tuple[int, str]]()
        if key in ("expose", "clarification"):
            shown = [(client, QUESTION)]
        elif key in (PICK, WORDING):
            shown = [(one, HEARD) for one in self.consultants]
        elif key in ("exploration", "plan"):
            shown = [(client, WORDING)]
        elif key == "learning":
            shown = [(client, WORDING), (client, ACT), (seat, CARD)]
        words = [(one, self.words(done, field, one)) for one, field in shown]
        return tuple(Heard(one, Typed(text)) for one, text in words if text)

    def _end(self, done: Acts, seat: int) -> Screen:
        values = dict.fromkeys(KEPT, "…")
        if seat == self.client:
            own = {name: self.words(done, name, seat) for name in KEPT}
            values |= {name: escape(cut(text)) for name, text in own.items() if text}
        cards = _by_seat(done, HOLDS).items()
        heard = tuple(Heard(one, f"{HOLDS}.{act.said[HOLDS]}") for one, act in cards)
        ending = f"ending.{ending_of(self.endings, self.sums(done, seat))}"
        return Screen("end", None, (ending,), Form(), values=values, heard=heard)

    def quoted(self, done: Acts, seat: int) -> dict[str, Quote]:
        """The question, its new wording and the act, for the client alone; ``role`` and ``ending``
        for everybody."""
        quotes: dict[str, Quote] = {"role": self.names[seat - 1]}
        if seat == self.client:
            own = {name: self.words(done, name, seat) for name in KEPT}
            quotes |= {name: Typed(text) for name, text in own.items() if text}
        if not self.step(done).forms:
            quotes["ending"] = f"ending.{ending_of(self.endings, self.sums(done, seat))}.trace"
        return quotes


def either(field: str, *ids: str) -> Choice:
    """A choice whose options have strings named after the field."""
    return Choice(field, tuple(Option(one, f"{field}.{one}") for one in ids))


def _line(field: str) -> Text | Reword:
    return Text(field, lines=False)


def _by_seat(done: Acts, field: str) -> dict[int, Act]:
    """The acts that hold a field, by seat."""
    return {act.seat: act for act in done if field in act.said}
