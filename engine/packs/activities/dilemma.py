"""The dilemma: vote, hear as many of the people concerned as time allows, then vote again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from engine.forms.form import Form
from engine.packs.activities.base import Acts, Problem, Reading, Screen, choose, chosen
from engine.packs.activities.way import Way
from engine.packs.base import Frozen, Slug
from engine.packs.reasons import ActImpossible
from engine.values.errors import Invalid


class Dilemma(Frozen):
    """``activity: {kind: dilemma}``. Acts: a position, then ``hear`` different voices, then a
    position again."""

    kind: Literal["dilemma"]
    seats: ClassVar[tuple[str, ...]] = ()
    positions: tuple[Slug, ...] = Field(min_length=2, max_length=4)
    voices: tuple[Slug, ...] = Field(min_length=2, max_length=6)
    hear: int = Field(ge=1)

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language must have."""
        positions = (
            s
            for p in self.positions
            for s in (_position(p), *(_position(p, k) for k in ("first", "after", "trace")))
        )
        voices = (s for v in self.voices for s in (_voice(v), _voice(v, "says")))
        return ("situation", *positions, "listen", *voices, "decide")

    def optional_strings(self) -> tuple[str, ...]:
        """The shorter ``.quote`` of each position and voice."""
        return (
            *(_position(p, "quote") for p in self.positions),
            *(_voice(v, "quote") for v in self.voices),
        )

    def holes(self, string_id: str) -> frozenset[str]:
        """None: a dilemma has no variables, so its texts have no holes."""
        return frozenset()

    def check(self) -> Iterator[Problem]:
        """Every semantic fault, in one pass."""
        for name, ids in (("positions", self.positions), ("voices", self.voices)):
            for i, id_ in enumerate(ids):
                if id_ in ids[:i]:
                    yield Problem((name, i), "listed-twice", {"id": id_, "list": name})
        if self.hear > len(self.voices):
            params = {"hear": self.hear, "voices": len(self.voices)}
            yield Problem(("hear",), "hear-too-many", params)

    def screen(self, acts: Acts, seat: int, now: datetime) -> Screen:
        """The screen after ``acts``. Raises ``Invalid("act-impossible", act, at)`` if they cannot
        have happened."""
        return self._screen(self._picked(acts))

    def _picked(self, acts: Acts) -> tuple[str, ...]:
        """What each act chose. Raises ``Invalid`` if it was not on offer at that point."""
        picked = tuple(map(chosen, acts))
        for done, pick in enumerate(picked):
            before = picked[:done]
            if self._over(before) or pick not in self._offered(before):
                raise Invalid(ActImpossible(act=pick, at=self._screen(before).key))
        return picked

    def _over(self, picked: tuple[str, ...]) -> bool:
        """Whether the last vote was cast."""
        return len(picked) > self.hear + 1

    def _offered(self, picked: tuple[str, ...]) -> tuple[str, ...]:
        """The ids to choose from next: the positions when voting, else the voices not heard yet."""
        if 0 < len(picked) <= self.hear:
            return tuple(v for v in self.voices if v not in picked[1:])
        return self.positions

    def _screen(self, picked: tuple[str, ...]) -> Screen:
        heard = len(picked) - 1
        if self._over(picked):
            return Screen("end", None, (_position(picked[-1], "after"),), Form(), finished=True)
        name = _voice if 0 <= heard < self.hear else _position
        form = choose((id, name(id)) for id in self._offered(picked))
        if not picked:
            return Screen("situation", None, ("situation",), form)
        feedback = _position(picked[0], "first") if heard == 0 else _voice(picked[-1], "says")
        if heard < self.hear:
            return Screen(f"listen-{heard + 1}", feedback, ("listen",), form)
        return Screen("decide", feedback, ("decide",), form)

    def quotes(self, acts: Acts, seat: int) -> Mapping[str, str]:
        """``first``, ``heard.1``…, ``unheard`` (the first voice left out), ``final`` and
        ``ending``, each as soon as it is known."""
        picked = self._picked(acts)
        named, heard = {}, picked[1 : self.hear + 1]
        if picked:
            named["first"] = _position(picked[0], "quote")
        named |= {f"heard.{i}": _voice(v, "quote") for i, v in enumerate(heard, start=1)}
        left_out = [v for v in self.voices if v not in heard]
        if len(heard) == self.hear and left_out:
            named["unheard"] = _voice(left_out[0], "quote")
        if len(picked) == self.hear + 2:
            last = picked[-1]
            named |= {"final": _position(last, "quote"), "ending": _position(last, "trace")}
        return named

    def way(self, acts: Acts, seat: int) -> Way:
        """Every play has as many decisions: two votes, and a choice for each voice."""
        left = self.hear + 2 - len(acts)
        return Way(len(acts), left, left)

    def quotable(self) -> Mapping[str, bool]:
        """All the names that ``quotes`` returns, each certain, since every play has the same
        shape."""
        heard = (f"heard.{i}" for i in range(1, self.hear + 1))
        unheard = ("unheard",) if self.hear < len(self.voices) else ()
        return dict.fromkeys(("first", *heard, *unheard, "final", "ending"), True)

    def reading(self, words: Callable[[str], int]) -> Reading:
        """The cost of a uniformly random play."""

        def mean(ids: list[str]) -> float:
            return sum(map(words, ids)) / len(ids)

        votes = 2 * sum(words(_position(p)) for p in self.positions)
        offered = sum(len(self.voices) - i for i in range(self.hear))
        voices = offered * mean([_voice(v) for v in self.voices]) + self.hear * mean(
            [_voice(v, "says") for v in self.voices]
        )
        told = mean([_position(p, "first") for p in self.positions]) + mean(
            [_position(p, "after") for p in self.positions]
        )
        story = words("situation") + self.hear * words("listen") + words("decide")
        return Reading(story + votes + voices + told, self.hear + 2)


def _position(position: str, part: str = "") -> str:
    return f"position.{position}.{part}" if part else f"position.{position}"


def _voice(voice: str, part: str = "") -> str:
    return f"voice.{voice}.{part}" if part else f"voice.{voice}"
