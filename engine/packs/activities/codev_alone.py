"""Co-development without anybody there: one writes one's own question, hears a recorded round
passage by passage, may stop it once where one would have given advice, and words one's question
again."""

from __future__ import annotations

from dataclasses import dataclass

from engine.forms.base import Value
from engine.forms.form import Form
from engine.forms.text import Text
from engine.forms.typed import cut, escape
from engine.packs.activities.base import Acts, Quote, Screen, Typed
from engine.packs.activities.codev_round import (
    ACT,
    CARD,
    HOLDS,
    KEPT,
    QUESTION,
    VARIABLES,
    WORDING,
    either,
)
from engine.packs.activities.endings import GameEnding, ending_of
from engine.packs.activities.together import Patience, Step

LISTEN, ON, STOP = "listen", "on", "stop"


@dataclass(frozen=True)
class Rehearsal:
    """What the one who sits at ``seat`` hears: the passages ``recorded``. ``name`` is the string id
    of the seat's name, if it has one."""

    seat: int
    name: str | None
    recorded: tuple[str, ...]
    endings: tuple[GameEnding, ...]
    patience: Patience

    def step(self, done: Acts) -> Step:
        """The first step that is not over. The last passage is read before one writes."""
        said = {name for act in done for name in act.said}
        listened, stop = sum(LISTEN in act.said for act in done), self._stop(done)
        if QUESTION not in said:
            return self._line(QUESTION)
        if stop and CARD not in said:
            return self._line(CARD)
        if listened < len(self.recorded) - 1:
            ways = (ON,) if stop else (ON, STOP)
            return self._asks(f"round-{self.recorded[listened]}", Form((either(LISTEN, *ways),)))
        for name in (WORDING, ACT):
            if name not in said:
                return self._line(name)
        if stop and HOLDS not in said:
            return self._asks(HOLDS, Form((either(HOLDS, "holds", "gone"),)))
        return Step("end")

    def _asks(self, key: str, form: Form) -> Step:
        return Step(key, {self.seat: form})

    def _line(self, name: str) -> Step:
        return self._asks(name, Form((Text(name, lines=False),)))

    def voice(self, done: Acts, seat: int) -> dict[str, Value]:
        """Whoever is away listens to the end, and writes nothing."""
        [field] = self.step(done).forms[seat].fields
        return {field.id: next((option.id for option in field.taps()), "")}

    def _stop(self, done: Acts) -> int:
        """At which passage, from 1, one stopped; 0 if not."""
        listened = [act.said[LISTEN] for act in done if LISTEN in act.said]
        return listened.index(STOP) + 1 if STOP in listened else 0

    def look(self, done: Acts, seat: int) -> Screen:
        """The passage at hand, or what one is asked to write."""
        key = self.step(done).key
        texts: tuple[str, ...] = (f"alone.{key}",)
        if key == QUESTION:
            texts = ("situation", "ask")
        elif key == WORDING:
            texts = (*self._passage(done, len(self.recorded) - 1), *texts)
        elif key == "end":
            texts = (f"ending.{ending_of(self.endings, self.sums(done))}",)
        elif key.startswith("round-"):
            texts = self._passage(done, self.recorded.index(key.removeprefix("round-")))
        wrote = {name: escape(cut(_wrote(done, name))) or "…" for name in (*KEPT, CARD)}
        return Screen(key, None, texts, Form(), values=wrote)

    def _passage(self, done: Acts, number: int) -> tuple[str, ...]:
        """A passage; before the one that one would have talked over, that it is."""
        stop = self._stop(done)
        covered = ("alone.covered",) if stop and number == stop else ()
        return (*covered, f"round.{self.recorded[number]}")

    def sums(self, done: Acts) -> dict[str, int]:
        """What the conditions of an ending know (``VARIABLES``)."""
        held, stop = int(_wrote(done, HOLDS) == "holds"), self._stop(done)
        own = {"client": 1, "seats": 1, "cards": int(stop > 0), "held": held, "own": held}
        return dict.fromkeys(VARIABLES, 0) | own | {"stopped": stop}

    def quoted(self, done: Acts, seat: int) -> dict[str, Quote]:
        """``question``, ``wording`` and ``act``, as they were written; ``role`` and ``ending``."""
        quotes: dict[str, Quote] = {"role": self.name} if self.name else {}
        quotes |= {name: Typed(text) for name in KEPT if (text := _wrote(done, name))}
        if not self.step(done).forms:
            quotes["ending"] = f"ending.{ending_of(self.endings, self.sums(done))}.trace"
        return quotes


def _wrote(done: Acts, field: str) -> str:
    return next((str(act.said[field]) for act in done if field in act.said), "")
