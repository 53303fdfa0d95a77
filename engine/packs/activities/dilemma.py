"""The dilemma: vote, hear as many of the people concerned as time allows, vote again. Plays
itself, purely."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from pydantic import Field

from engine.packs.activities.base import Acts, Option, Problem, Reading, Screen
from engine.packs.base import Frozen, Slug
from engine.values.errors import Invalid
from engine.values.reasons import Reason


class Dilemma(Frozen):
    """``activity: {kind: dilemma}``. Acts: a position, then ``hear`` different voices, then a
    position again."""

    kind: Literal["dilemma"]
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
        """A dilemma counts nothing, so its texts have no holes."""
        return frozenset()

    def check(self) -> Iterator[Problem]:
        """Every semantic fault, all in one run."""
        for name, ids in (("positions", self.positions), ("voices", self.voices)):
            for i, id_ in enumerate(ids):
                if id_ in ids[:i]:
                    yield Problem((name, i), Reason("listed-twice", {"id": id_, "list": name}))
        if self.hear > len(self.voices):
            yield Problem(
                ("hear",), Reason("hear-too-many", {"hear": self.hear, "voices": len(self.voices)})
            )

    def screen(self, acts: Acts) -> Screen:
        """Where ``acts`` lead. Raises ``Invalid("act-impossible", act, at)`` when they cannot
        have happened."""
        for done, act in enumerate(acts):
            here = self._screen(acts[:done])
            if act not in (option.id for option in here.options):
                raise Invalid("act-impossible", act=act, at=here.key)
        return self._screen(acts)

    def _screen(self, acts: Acts) -> Screen:
        votes = tuple(Option(p, _position(p)) for p in self.positions)
        if not acts:
            return Screen("situation", None, ("situation",), votes)
        heard = len(acts) - 1
        feedback = _position(acts[0], "first") if heard == 0 else _voice(acts[-1], "says")
        if heard < self.hear:
            voices = tuple(Option(v, _voice(v)) for v in self.voices if v not in acts[1:])
            return Screen(f"listen-{heard + 1}", feedback, ("listen",), voices)
        if heard == self.hear:
            return Screen("decide", feedback, ("decide",), votes)
        return Screen("end", None, (_position(acts[-1], "after"),), (), finished=True)

    def quotes(self, acts: Acts) -> Mapping[str, str]:
        """``first``, ``heard.1``…, ``unheard`` (the first voice left out), ``final`` and
        ``ending``, as soon as each is known."""
        self.screen(acts)
        named, heard = {}, acts[1 : self.hear + 1]
        if acts:
            named["first"] = _position(acts[0], "quote")
        named |= {f"heard.{i}": _voice(v, "quote") for i, v in enumerate(heard, start=1)}
        left_out = [v for v in self.voices if v not in heard]
        if len(heard) == self.hear and left_out:
            named["unheard"] = _voice(left_out[0], "quote")
        if len(acts) == self.hear + 2:
            named |= {"final": _position(acts[-1], "quote"), "ending": _position(acts[-1], "trace")}
        return named

    def quotable(self) -> Mapping[str, bool]:
        """All that ``quotes`` gives, and always: every play has the same shape."""
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
