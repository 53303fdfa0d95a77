"""Which format? From the aim, the minutes, the people, the means and the maturity to two or three
kinds of experience, each with its reasons: pure, and what is known of each kind is data.

The panel that it goes back to (Le RAMEAU, 2018–2019) tested formats against aims, means and
maturity; minutes, people and what each costs are ours, from what a kind's pages and modules take.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from engine.packs.base import Aim
from engine.packs.model import Module, Pack
from engine.packs.reasons import (
    Against,
    ForMaturity,
    ForOtherMaturity,
    LeavesTime,
    LivedSo,
    MakesTrue,
    NeedsPeople,
    NotSo,
    PeopleFit,
    ServesAim,
    ServesOtherAims,
    TakesLonger,
    TakesMinutes,
    TooManyPeople,
)
from engine.values.reasons import Reason

Means = Literal["room", "screens", "nothing"]
"""What people have: a room with one screen, a screen each, or neither: voices, hands and paper."""
MEANS: tuple[Means, ...] = get_args(Means)
MOST_PEOPLE = 1_000
"""The people of a kind whose number does not matter: each lives it alone, or many at once."""
FEWEST, MOST = 2, 3
"""How many kinds are named: two at least, even where something does not fit."""


@dataclass(frozen=True)
class Lived:
    """How a kind is lived with some means: the minutes it takes with its two minutes out of the
    role, how many people it is for, tables side by side included, and the minutes in which
    whoever runs one that is written can ``prepare`` it."""

    minutes: tuple[int, int]
    people: tuple[int, int] = (1, MOST_PEOPLE)
    prepare: int = 5


@dataclass(frozen=True)
class Facts:
    """What is known of a kind. ``lived``: by the means that people have; without those, it cannot
    be. ``write``: days for whoever writes one."""

    lived: Mapping[Means, Lived]
    aims: tuple[Aim, ...]
    maturity: tuple[int, int]
    write: int


FACTS: Mapping[str, Facts] = {
    "scenario": Facts(
        {
            "screens": Lived((5, 12), prepare=5),
            "room": Lived((15, 25), (3, 60), prepare=5),
            "nothing": Lived((15, 25), (3, 30), prepare=10),
        },
        ("balance", "hybridise", "lead", "co-construct"),
        (1, 3),
        write=3,
    ),
    "dilemma": Facts(
        {
            "screens": Lived((5, 10), prepare=5),
            "room": Lived((15, 30), (4, 100), prepare=5),
            "nothing": Lived((15, 30), (4, 40), prepare=15),
        },
        ("balance", "lead", "co-construct"),
        (1, 4),
        write=2,
    ),
    "criteria": Facts(
        {
            "screens": Lived((10, 35), prepare=5),
            "room": Lived((30, 45), (3, 40), prepare=20),
            "nothing": Lived((30, 45), (3, 40), prepare=30),
        },
        ("balance", "lead"),
        (2, 4),
        write=3,
    ),
    "negotiation": Facts(
        {
            "screens": Lived((10, 25), prepare=5),
            "nothing": Lived((25, 40), (2, 40), prepare=40),
        },
        ("balance", "hybridise"),
        (1, 3),
        write=4,
    ),
    "public-goods": Facts(
        {
            "screens": Lived((8, 25), prepare=5),
            "room": Lived((20, 30), (3, 60), prepare=10),
        },
        ("hybridise", "co-construct"),
        (1, 3),
        write=3,
    ),
    "mission": Facts(
        {
            "screens": Lived((15, 40), prepare=10),
            "nothing": Lived((20, 45), (2, 40), prepare=20),
        },
        ("balance", "lead", "co-construct"),
        (1, 3),
        write=2,
    ),
    "map": Facts(
        {
            "screens": Lived((10, 30), prepare=5),
            "room": Lived((30, 45), (3, 30), prepare=15),
            "nothing": Lived((30, 45), (3, 30), prepare=30),
        },
        ("lead", "co-construct"),
        (1, 3),
        write=4,
    ),
    "mesh": Facts(
        {
            "screens": Lived((12, 30), prepare=5),
            "nothing": Lived((40, 60), (4, 30), prepare=40),
        },
        ("balance", "co-construct"),
        (1, 3),
        write=4,
    ),
    "codev": Facts(
        {
            "screens": Lived((10, 45), prepare=10),
            "room": Lived((30, 45), (3, 8), prepare=15),
            "nothing": Lived((30, 45), (3, 8), prepare=20),
        },
        ("balance", "lead"),
        (2, 4),
        write=2,
    ),
    "chain": Facts(
        {
            "screens": Lived((5, 12), prepare=5),
            "room": Lived((30, 45), (3, 60), prepare=10),
            "nothing": Lived((30, 45), (3, 30), prepare=20),
        },
        ("balance", "hybridise"),
        (2, 4),
        write=4,
    ),
}
"""Every kind of ``AnyActivity``: one that is added gets its facts here, its two sentences in
``web/words/sentences_formats.py``, and is advised from then on."""


@dataclass(frozen=True)
class Wanted:
    """What somebody has in hand: an aim of an alliance, minutes, people, means, and their maturity
    (1 to 4)."""

    aim: Aim
    minutes: int
    people: int
    means: Means
    maturity: int


@dataclass(frozen=True)
class Suggestion:
    """A kind that may serve. ``why`` speaks for it, ``but`` against. ``prepare`` in minutes,
    ``write`` in days."""

    kind: str
    why: tuple[Reason, ...]
    but: tuple[Reason, ...]
    prepare: int
    write: int


def suggest(wanted: Wanted, facts: Mapping[str, Facts] = FACTS) -> tuple[Suggestion, ...]:
    """Two or three kinds, what fits best first: nothing against it, then few minutes left over,
    then what serves fewer aims and so says more with this one. A kind that does not fit in
    everything is named only where fewer than two do."""
    known = [_weighed(kind, its, wanted) for kind, its in facts.items()]

    def rank(one: Suggestion) -> tuple[int, int, int, int]:
        lived = facts[one.kind].lived.get(wanted.means)
        left = max(0, wanted.minutes - lived.minutes[1]) if lived else 0
        return len(one.but), left, len(facts[one.kind].aims), one.prepare

    ranked = sorted(known, key=rank)
    fitting = sum(not one.but for one in ranked)
    return tuple(ranked[: max(FEWEST, min(MOST, fitting))])


def example(kind: str, wanted: Wanted, packs: Iterable[Pack]) -> tuple[Pack, Module] | None:
    """A module of that kind to live at once: the one that serves the aim at that maturity, if there
    is one; else another."""
    known = [
        (pack, module)
        for pack in packs
        for module in pack.modules.values()
        if module.spec.activity.kind == kind
    ]

    def strange(one: tuple[Pack, Module]) -> tuple[bool, bool]:
        spec = one[1].spec
        least, most = spec.maturity
        return wanted.aim not in spec.aims, not least <= wanted.maturity <= most

    return min(known, key=strange, default=None)


def _weighed(kind: str, facts: Facts, wanted: Wanted) -> Suggestion:
    lived = facts.lived.get(wanted.means)
    said = [MakesTrue(makes=kind), *_of_whom(facts, wanted), *_of_means(kind, lived, wanted)]
    return Suggestion(
        kind,
        tuple(one for one in said if not isinstance(one, Against)),
        tuple(one for one in said if isinstance(one, Against)),
        (lived or min(facts.lived.values(), key=lambda one: one.prepare)).prepare,
        facts.write,
    )


def _of_means(kind: str, lived: Lived | None, wanted: Wanted) -> Iterator[Reason]:
    if lived is None:
        yield NotSo(means=wanted.means)
        return
    yield LivedSo(lived=f"{kind}-{wanted.means}")
    least, most = lived.minutes
    if wanted.minutes < least:
        yield TakesLonger(least=least, minutes=wanted.minutes)
    elif wanted.minutes > most:
        yield LeavesTime(most=most, left=wanted.minutes - most)
    else:
        yield TakesMinutes(least=least, most=most)
    fewest, many = lived.people
    if wanted.people < fewest:
        yield NeedsPeople(fewest=fewest)
    elif wanted.people > many:
        yield TooManyPeople(most=many)
    elif wanted.people > 1:
        yield PeopleFit(people=wanted.people)


def _of_whom(facts: Facts, wanted: Wanted) -> Iterator[Reason]:
    served, (least, most) = wanted.aim in facts.aims, facts.maturity
    yield ServesAim(aim=wanted.aim) if served else ServesOtherAims(aim=wanted.aim)
    if least <= wanted.maturity <= most:
        yield ForMaturity(maturity=wanted.maturity)
    else:
        yield ForOtherMaturity(least=least, most=most)
