"""How far a mission has come, what the conditions of its endings know, and the faults that its
author can make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice, product

from engine.forms.base import Value
from engine.packs.activities.base import SENT_ALONG, Problem
from engine.packs.activities.conditions import Compare
from engine.packs.activities.endings import GameEnding, check_endings, ending_of
from engine.packs.activities.telling import AnyTelling, Return, Told
from engine.packs.activities.together import TABLE

INSTEAD, MOVED = "instead", "moved"
"""What conditions know beside what was told."""
RESERVED = (INSTEAD, MOVED, "met", TABLE, *SENT_ALONG)
"""What no field may be called."""
MOST_PLAYS = 20_000
"""How many plays are compared, to find endings that nobody comes to."""


@dataclass(frozen=True)
class Standing:
    """How far a mission has come: whom (a kind of people, or the other way), and on which day;
    whether that was ``moved``, which it can be once, or is being moved (``moving``); whether the
    other way is taken in the return at hand (``instead``), and whether they have ``gone``, so that
    they can tell.

    ``number`` is that of the return at hand, from 0; as many as there are when all is told.
    ``fields`` are still to tell in it; ``asked`` are those of all returns that were ``told``.
    ``since`` is when the day was chosen, or the return before was told; ``left`` is what somebody
    whom they met wrote by the link.
    """

    whom: str = ""
    day: date = date.min
    moved: bool = False
    moving: bool = False
    instead: bool = False
    gone: bool = False
    number: int = 0
    fields: tuple[AnyTelling, ...] = ()
    told: Told = field(default_factory=dict)
    asked: tuple[AnyTelling, ...] = ()
    since: datetime | None = None
    left: str | None = None


def sums(here: Standing, people: Sequence[str]) -> dict[str, int]:
    """What conditions know: ``met-<people>`` (1 or 0); ``instead``, whether the other way was taken
    in the last return; ``moved``, whether another day was; numbers and levels that were told, and
    ``<field>-<option>`` (1 or 0)."""
    known = {f"met-{one}": int(one == here.whom) for one in people}
    known |= {INSTEAD: int(here.instead), MOVED: int(here.moved)}
    for one in here.asked:
        known |= one.sums(here.told[one.id])
    return known


def faults(
    people: Sequence[str],
    alternative: str,
    returns: Sequence[Return],
    endings: Sequence[GameEnding],
) -> Iterator[Problem]:
    """Names that are there twice, returns out of order, another way that asks for less, and endings
    that nobody comes to."""
    found = [*_people(people, alternative), *_fields(returns), *_returns(returns)]
    every = [one for back in returns for one in back.every]
    told = [name for one in every for name in one.sums(one.every()[0])]
    names = (*(f"met-{one}" for one in people), INSTEAD, MOVED, *told)
    found += check_endings(endings, names)
    yield from found
    if not found:
        yield from _never(people, alternative, returns, endings)


def _people(people: Sequence[str], alternative: str) -> Iterator[Problem]:
    for i, one in enumerate(people):
        if one in people[:i]:
            yield Problem(("people", i), "listed-twice", {"id": one, "list": "people"})
    if alternative in people:
        yield Problem(("alternative",), "listed-twice", {"id": alternative, "list": "people"})


def _fields(returns: Sequence[Return]) -> Iterator[Problem]:
    known: set[str] = set()
    for i, back in enumerate(returns):
        for name, fields in (("fields", back.fields), ("instead", back.instead)):
            for j, one in enumerate(fields):
                at = ("returns", i, name, j)
                if one.id in known:
                    yield Problem((*at, "id"), "listed-twice", {"id": one.id, "list": name})
                if one.id in RESERVED:
                    yield Problem((*at, "id"), "field-reserved", {"name": one.id})
                for wrong in one.check():
                    yield Problem((*at, *wrong.path), wrong.code, wrong.params)
                known.add(one.id)


def _returns(returns: Sequence[Return]) -> Iterator[Problem]:
    for i, back in enumerate(returns):
        if back.id in [one.id for one in returns[:i]]:
            yield Problem(("returns", i, "id"), "listed-twice", {"id": back.id, "list": "returns"})
        if i == 0 and back.after:
            yield Problem(("returns", i, "after"), "return-waits", {"return": back.id})
        if i and not back.after:
            yield Problem(("returns", i), "return-at-once", {"return": back.id})
        if back.instead and len(back.instead) != len(back.fields):
            values = {"fields": len(back.fields), "instead": len(back.instead)}
            yield Problem(("returns", i, "instead"), "instead-unequal", values)


def _never(
    people: Sequence[str],
    alternative: str,
    returns: Sequence[Return],
    endings: Sequence[GameEnding],
) -> Iterator[Problem]:
    """Endings that no play comes to, as far as plays of every sort can be gone through."""
    plays = list(islice(_plays((*people, alternative), returns, endings), MOST_PLAYS + 1))
    if len(plays) > MOST_PLAYS:
        return
    reached = {ending_of(endings, sums(one, people)) for one in plays}
    for i, ending in enumerate(endings):
        if ending.id not in reached:
            yield Problem(("endings", i), "ending-never", {"ending": ending.id})


def _plays(
    whom: Sequence[str], returns: Sequence[Return], endings: Sequence[GameEnding]
) -> Iterator[Standing]:
    """The ends of plays of every sort that the conditions can tell apart. The last of ``whom`` is
    the other way."""
    for who, moved, met in product(whom, (False, True), range(len(returns) + 1)):
        if (who == whom[-1]) != (met == 0):  # as many returns as they met somebody in
            continue
        asked = tuple(f for n, back in enumerate(returns) for f in back.asked(instead=n >= met))
        for values in product(*(_values(one, endings) for one in asked)):
            told = {one.id: value for one, value in zip(asked, values, strict=True)}
            instead = met < len(returns)
            yield Standing(who, moved=moved, instead=instead, told=told, asked=asked)


def _values(one: AnyTelling, endings: Sequence[GameEnding]) -> tuple[Value, ...]:
    """Values that conditions can tell apart: just one if none of them looks at the field."""
    every = one.every()
    conditions = [c for ending in endings for c in ending.when if isinstance(c, Compare)]
    bounds = {c.number for c in conditions if c.variable in one.sums(every[0])}
    if not bounds:
        return every[:1]
    if one.kind != "number":
        return every
    near = {one.least, one.most, *(bound + d for bound in bounds for d in (-1, 0, 1))}
    return tuple(sorted(n for n in near if one.least <= n <= one.most))
