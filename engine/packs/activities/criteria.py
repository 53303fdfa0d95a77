"""The grid of criteria: cases are scored row by row, something happens, then a few notches may be
moved and a line of reason is signed. The place goes to the higher total."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from engine.forms.base import Value
from engine.forms.form import Form
from engine.forms.grid import Grid, notches
from engine.forms.text import Text
from engine.forms.typed import cut, escape
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
from engine.packs.activities.jury import (
    JuryVoice,
    Levels,
    Row,
    check_voice,
    named,
    place,
    total,
    towards,
)
from engine.packs.activities.together import OUT, Step, Together, mine
from engine.packs.base import Slug
from engine.packs.reasons import Afterwards, AllSeats, AtFirst, Criterion, GridTotal

SCORES, REASON = "scores", "reason"
"""The fields of scoring and of signing."""
MINUTES_TO_SIGN = 0.3


class Criteria(Together):
    """``activity: {kind: criteria}``. Acts: ``{"scores": {"<case>.<row>": level}}`` once for each
    case, then once more for all of them, then ``{"reason": text}``."""

    kind: Literal["criteria"]
    cases: tuple[Slug, ...] = Field(min_length=1, max_length=6)
    rows: tuple[Row, ...] = Field(min_length=2, max_length=12)
    notches: int = Field(ge=1, le=20)
    tie: Slug
    voices: dict[Slug, JuryVoice] = Field(default_factory=dict)
    endings: tuple[GameEnding, ...] = Field(min_length=2)

    # --- words

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language must have."""
        return (
            "situation",
            *self.seats,
            *(f"brief.{role}" for role in self.roles),
            *(s for case in self.cases for s in (f"case.{case}", f"case.{case}.text")),
            "ask",
            *(s for row in self.rows for s in (row.line.label, *row.line.levels)),
            "scene",
            "again",
            "sign",
            *(f"voice.{role}" for role in self.roles[1:]),
            *(s for one in self.endings for s in (f"ending.{one.id}", f"ending.{one.id}.trace")),
            *((OUT,) if self.roles else ()),
        )

    def optional_strings(self) -> tuple[str, ...]:
        """A shorter ``.quote`` of each case and row, and what the first seat's recorded voice
        signs."""
        return (
            *(f"case.{case}.quote" for case in self.cases),
            *(f"row.{row.id}.quote" for row in self.rows),
            *(f"voice.{role}" for role in self.roles[:1]),
        )

    def holes(self, string_id: str) -> frozenset[str]:
        """The sums that are known when a string is read."""
        first = {"notches", *self._sums("first", "all-first")}
        if string_id in ("scene", "again"):
            return frozenset(first)
        if string_id == "sign":
            return frozenset({*first, *self._sums("last", "all-last"), "moved"})
        if string_id.startswith("ending.") and not string_id.endswith(".trace"):
            return frozenset({*first, *self._sums("last", "all-last"), "moved", REASON})
        return frozenset()

    def _sums(self, *names: str) -> tuple[str, ...]:
        return tuple(f"{name}-{case}" for name in names for case in self.cases)

    @property
    def variables(self) -> tuple[str, ...]:
        """What the conditions of an ending know: the totals that this seat gave to each case, and
        that all gave, at first and last; which case has the place (1 or 0); how many notches this
        seat moved; whether the place changed hands."""
        return (
            *self._sums("first", "last", "all-first", "all-last", "won"),
            "moved",
            "turned",
        )

    # --- the game

    def _phase(self, done: Acts) -> int:
        """How many steps are over."""
        return len(done) // max(1, len(self.roles))

    def _everybody(self) -> range:
        return range(1, max(1, len(self.roles)) + 1)

    def first(self, done: Acts, seat: int) -> dict[str, int]:
        """The levels that a seat gave at first, of the cases that it has scored."""
        scored = mine(done, seat)[: len(self.cases)]
        return {name: level for act in scored for name, level in act.said[SCORES].items()}

    def last(self, done: Acts, seat: int) -> dict[str, int]:
        """The levels that it let stand; the first ones, until it has."""
        own = mine(done, seat)
        if len(own) <= len(self.cases):
            return self.first(done, seat)
        return dict(own[len(self.cases)].said[SCORES])

    def reason(self, done: Acts, seat: int) -> str:
        """What it signed; "" if it did not, or if its words were erased."""
        own = mine(done, seat)
        return str(own[len(self.cases) + 1].said.get(REASON, "")) if self._over(own) else ""

    def _over(self, own: Sequence[object]) -> bool:
        return len(own) > len(self.cases) + 1

    def step(self, done: Acts) -> Step:
        """Each case, then all of them again, then the reason: every seat once in each step, in any
        order."""
        phase, seats = self._phase(done), self._everybody()
        said = {act.seat for act in done[phase * len(seats) :]}
        left = [seat for seat in seats if seat not in said]
        if phase < len(self.cases):
            case = self.cases[phase]
            return Step(f"score-{case}", dict.fromkeys(left, Form((self._grid([case]),))))
        if phase == len(self.cases):
            return Step(
                "again",
                {seat: Form((self._grid(self.cases, self.first(done, seat)),)) for seat in left},
            )
        if phase == len(self.cases) + 1:
            return Step("sign", dict.fromkeys(left, Form((Text(REASON, lines=False),))))
        return Step("end")

    def _grid(self, cases: Sequence[str], start: Levels | None = None) -> Grid:
        labels = {case: f"case.{case}" for case in cases}
        lines = tuple(row.line for row in self.rows)
        return Grid(SCORES, labels, lines, start or {}, self.notches if start else None)

    def voice(self, done: Acts, seat: int) -> dict[str, Value]:
        """What the recorded voice of a seat gives, and moves as far as it may; the middle of each
        row, and no move, for a seat without one. It signs with a string."""
        phase = self._phase(done)
        if phase > len(self.cases):
            return {REASON: ""}
        voice = self.voices.get(self.roles[seat - 1]) if self.roles else None
        if phase < len(self.cases):
            case = self.cases[phase]
            middle = [row.middle for row in self.rows]
            levels = voice.first[case] if voice else middle
            return {SCORES: named({case: levels}, self.rows)}
        aim = named(voice.again, self.rows) if voice else {}
        return {SCORES: towards(self.first(done, seat), aim, self.notches)}

    def sums(self, done: Acts, seat: int) -> dict[str, int]:
        """What conditions and words know (``variables``), once all have scored every case."""
        firsts = [self.first(done, one) for one in self._everybody()]
        lasts = [self.last(done, one) for one in self._everybody()]
        sums: dict[str, int] = {}
        for name, own, every in (
            ("first", firsts[seat - 1], firsts),
            ("last", lasts[seat - 1], lasts),
        ):
            for case in self.cases:
                sums[f"{name}-{case}"] = total(own, case, self.rows)
                sums[f"all-{name}-{case}"] = sum(total(one, case, self.rows) for one in every)
        before, after = (self._place(sums, name) for name in ("first", "last"))
        sums |= {f"won-{case}": int(case == after) for case in self.cases}
        moved = notches(firsts[seat - 1], lasts[seat - 1])
        return sums | {"moved": moved, "turned": int(before != after)}

    def outcome(self, done: Acts) -> dict[str, int]:
        """What all gave each case in the end, and how many notches the first seat moved."""
        sums = self.sums(done, ALONE)
        given = {name: sums[name] for name in self._sums("all-last")}
        return given | {"moved": sums["moved"]}

    def _place(self, sums: Mapping[str, int], name: str) -> str:
        return place({case: sums[f"all-{name}-{case}"] for case in self.cases}, self.tie)

    # --- what a seat sees

    def look(self, done: Acts, seat: int) -> Screen:
        """The case at hand; then what happened and how far seats lie apart; then what one moved.
        What others gave is shown once all have given it."""
        phase = self._phase(done)
        if phase < len(self.cases):
            case = self.cases[phase]
            brief = (f"brief.{self.roles[seat - 1]}",) if self.roles else ()
            told = () if phase else ("situation", *brief)
            return Screen(f"score-{case}", None, (*told, f"case.{case}.text", "ask"), Form())
        sums = self.sums(done, seat)
        if phase == len(self.cases):  # how others move is theirs until all have
            known_now = {"notches": self.notches} | {
                name: sums[name] for name in self._sums("first", "all-first")
            }
            return Screen(
                "again",
                None,
                ("scene", "again"),
                Form(),
                rows=self._spread(done) if self.roles else (),
                values={name: str(value) for name, value in known_now.items()},
            )
        values = {name: str(value) for name, value in (sums | {"notches": self.notches}).items()}
        moves = self._moves(done, seat)
        if phase == len(self.cases) + 1:
            return Screen("sign", None, ("sign",), Form(), rows=moves, values=values)
        return Screen(
            "end",
            None,
            (f"ending.{ending_of(self.endings, sums)}",),
            Form(),
            values=values | {REASON: escape(cut(self.reason(done, seat))) or "…"},
            heard=self._signed(done) if self.roles else (),
            rows=(*moves, *((self._totals(done),) if self.roles else ())),
        )

    def _spread(self, done: Acts) -> tuple[Rows, ...]:
        """What each seat gave each case at first."""
        every = [self.first(done, seat) for seat in self._everybody()]
        return tuple(self._table(case, (Criterion(), *self.seats), every) for case in self.cases)

    def _moves(self, done: Acts, seat: int) -> tuple[Rows, ...]:
        """What a seat gave each case, and what it let stand."""
        both = [self.first(done, seat), self.last(done, seat)]
        head = (Criterion(), AtFirst(), Afterwards())
        return tuple(self._table(case, head, both) for case in self.cases)

    def _table(self, case: str, head: tuple[Cell, ...], columns: Sequence[Levels]) -> Rows:
        rows: list[tuple[Cell, ...]] = [
            (row.line.label, *(levels[f"{case}.{row.id}"] for levels in columns))
            for row in self.rows
        ]
        totals = (total(levels, case, self.rows) for levels in columns)
        return Rows(f"case.{case}", head, (*rows, (GridTotal(), *totals)))

    def _totals(self, done: Acts) -> Rows:
        """What each seat gave each case in the end, and all of them together."""
        given = [
            [total(self.last(done, seat), case, self.rows) for case in self.cases]
            for seat in self._everybody()
        ]
        seats: list[tuple[Cell, ...]] = [
            (name, *its) for name, its in zip(self.seats, given, strict=True)
        ]
        together = (AllSeats(), *(sum(column) for column in zip(*given, strict=True)))
        labels = (f"case.{case}" for case in self.cases)
        return Rows(AllSeats(), (GridTotal(), *labels), (*seats, together))

    def _signed(self, done: Acts) -> tuple[Heard, ...]:
        """What each seat signed, once all have. The first role's recorded voice may have no
        words."""
        signed = []
        for seat, role in enumerate(self.roles, start=1):
            recorded = mine(done, seat)[-1].recorded
            if recorded and seat > ALONE:
                signed.append(Heard(seat, f"voice.{role}", recorded=True))
            elif text := self.reason(done, seat):
                signed.append(Heard(seat, Typed(text)))
        return tuple(signed)

    def quoted(self, done: Acts, seat: int) -> dict[str, Quote]:
        """``first.<case>``, ``last.<case>``: what this seat gave; ``moved``: its notches, and
        ``notch``, ``notch.case``: the row and the case of the first of them; ``reason``, ``place``,
        ``other`` (the next best), ``ending`` and ``role``."""
        quotes: dict[str, Quote] = {"role": self.seats[seat - 1]} if self.roles else {}
        if not self._over(mine(done, seat)) or self.step(done).forms:
            return quotes
        sums, first = self.sums(done, seat), self.first(done, seat)
        for name in ("first", "last"):
            quotes |= {f"{name}.{case}": sums[f"{name}-{case}"] for case in self.cases}
        last = self.last(done, seat)
        notch = next((name for name in first if last[name] != first[name]), "")
        if notch:
            case, _, row = notch.partition(".")
            quotes |= {"notch": f"row.{row}.quote", "notch.case": f"case.{case}.quote"}
        totals = {case: sums[f"all-last-{case}"] for case in self.cases}
        won = place(totals, self.tie)
        quotes |= {"moved": sums["moved"], "place": f"case.{won}.quote"}
        if others := {case: its for case, its in totals.items() if case != won}:
            quotes["other"] = f"case.{place(others, self.tie)}.quote"
        if reason := self.reason(done, seat):
            quotes[REASON] = Typed(reason)
        return quotes | {"ending": f"ending.{ending_of(self.endings, sums)}.trace"}

    def quotable(self) -> Mapping[str, bool]:
        """A notch need not move, and who has left their seat signs nothing."""
        sums = (f"{name}.{case}" for name in ("first", "last") for case in self.cases)
        other = ("other",) if len(self.cases) > 1 else ()
        role = ("role",) if self.roles else ()
        sure = dict.fromkeys((*role, *sums, "moved", "place", *other, "ending"), True)
        left = {OUT: False} if self.roles else {}
        return sure | {REASON: not self.roles, "notch": False, "notch.case": False} | left

    def cost(self, words: Callable[[str], int]) -> Reading:
        """Every text once; the anchors in full for the first case, half as much for each other and
        to move."""
        once = ["situation", "scene", "again", "sign"]
        once += [f"brief.{role}" for role in self.roles[:1]]
        once += [f"voice.{role}" for role in self.roles[1:]]
        once += [f"case.{case}.text" for case in self.cases]
        told: float = sum(map(words, once)) + len(self.cases) * words("ask")
        told += sum(words(f"ending.{one.id}") for one in self.endings) / len(self.endings)
        grid = sum(words(s) for row in self.rows for s in (row.line.label, *row.line.levels))
        decisions = len(self.cases) * len(self.rows) + self.notches
        return Reading(told + grid * (1 + len(self.cases) / 2), decisions, MINUTES_TO_SIGN)

    def faults(self) -> Iterator[Problem]:
        """Names that are there twice or not at all, and voices that give what no form could."""
        rows = [row.id for row in self.rows]
        twice = False
        for name, ids in (("cases", list(self.cases)), ("rows", rows)):
            for i, one in enumerate(ids):
                if one in ids[:i]:
                    twice = True
                    yield Problem((name, i), "listed-twice", {"id": one, "list": name})
        if self.tie not in self.cases:
            yield Problem(("tie",), "case-unknown", known(self.tie, self.cases))
        for role, voice in self.voices.items():
            if role not in self.roles:
                yield Problem(("voices", role), "role-unknown", known(role, self.roles))
            elif not twice:
                for wrong in check_voice(voice, self.cases, self.rows, self.notches):
                    yield Problem(("voices", role, *wrong.path), wrong.code, wrong.params)
        yield from check_endings(self.endings, self.variables)
