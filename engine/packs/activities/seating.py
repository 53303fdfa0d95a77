"""What a map is made of: actors, who is near enough to the corner for a chair, what those on
chairs count together, and what recorded voices move."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from math import comb
from typing import Annotated

from pydantic import Field

from engine.packs.activities.base import Problem
from engine.packs.activities.conditions import Compare, Trail, hold
from engine.packs.activities.endings import GameEnding, known
from engine.packs.base import Frozen, Slug

Step = Annotated[int, Field(ge=0, le=20)]
Places = Mapping[str, int]
"""Where each actor stands, by ``<actor>.x`` and ``<actor>.y``."""
MOST_SEATINGS = 10_000
"""How many ways to give the chairs are gone through to see which endings can come."""


class Actor(Frozen):
    """Somebody to be placed. On a chair, they count ``counts`` if all whom they need have one too,
    and nobody does ``unless`` whom they would."""

    id: Slug
    group: Slug | None = None
    counts: int = Field(default=1, ge=0, le=10)
    needs: tuple[Slug, ...] = ()
    unless: tuple[Slug, ...] = ()

    def counted(self, seated: Collection[str]) -> int:
        """What this actor counts while those have the chairs."""
        there = {self.id, *self.needs} <= set(seated) and not set(self.unless) & set(seated)
        return self.counts if there else 0


class MapVoice(Frozen):
    """Where a seat that nobody sits in places actors: at ``first``, and ``again`` after the
    scene."""

    first: dict[Slug, tuple[Step, Step]] = Field(default_factory=dict)
    again: dict[Slug, tuple[Step, Step]] = Field(default_factory=dict)


def ranked(places: Places, actors: Sequence[Actor], steps: int) -> tuple[str, ...]:
    """The actors from the nearest to the top right corner to the farthest, as the crow flies; of
    two that are as near, the one listed first."""

    def far(actor: Actor) -> int:
        across, up = (steps - places[f"{actor.id}.{axis}"] for axis in ("x", "y"))
        return across * across + up * up

    return tuple(actor.id for actor in sorted(actors, key=far))


def counted(seated: Collection[str], actors: Sequence[Actor]) -> int:
    """What all who have a chair count together."""
    return sum(actor.counted(seated) for actor in actors)


def chairs_by_group(
    groups: Sequence[str], actors: Sequence[Actor], seated: Collection[str]
) -> dict[str, int]:
    """How many chairs each group has."""
    having = [actor.group for actor in actors if actor.id in seated]
    return {group: having.count(group) for group in groups}


def ties(actors: Sequence[Actor]) -> tuple[tuple[str, str, str], ...]:
    """Who counts not without whom (``needs``), and not beside whom (``unless``)."""
    return tuple(
        (actor.id, kind, other)
        for actor in actors
        for kind, others in (("needs", actor.needs), ("unless", actor.unless))
        for other in others
    )


def with_places(places: Places, aims: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """``places``, with those actors elsewhere."""
    moved = {f"{actor}.{axis}": at[n] for actor, at in aims.items() for n, axis in enumerate("xy")}
    return {name: moved.get(name, step) for name, step in places.items()}


# --- what is wrong with one


def check_groups(groups: Sequence[str], actors: Sequence[Actor]) -> Iterator[Problem]:
    """Groups that are there twice, have nobody, or that nobody knows."""
    having = {actor.group for actor in actors}
    for i, group in enumerate(groups):
        if group in groups[:i]:
            yield Problem(("groups", i), "listed-twice", {"id": group, "list": "groups"})
        elif group not in having:
            yield Problem(("groups", i), "group-empty", {"group": group})
    for i, actor in enumerate(actors):
        if actor.group is not None and actor.group not in groups:
            yield Problem(("actors", i, "group"), "group-unknown", known(actor.group, groups))


def check_actors(actors: Sequence[Actor], chairs: int) -> Iterator[Problem]:
    """Actors that are there twice or not at all, and chairs for everybody."""
    ids = [actor.id for actor in actors]
    for i, actor in enumerate(actors):
        if actor.id in ids[:i]:
            yield Problem(("actors", i, "id"), "listed-twice", {"id": actor.id, "list": "actors"})
        for name, others in (("needs", actor.needs), ("unless", actor.unless)):
            for j, other in enumerate(others):
                if other not in ids:
                    yield Problem(("actors", i, name, j), "actor-unknown", known(other, ids))
    if chairs >= len(ids):
        yield Problem(("chairs",), "chairs-too-many", {"chairs": chairs, "actors": len(ids)})


def check_map_voice(
    voice: MapVoice, actors: Sequence[Actor], steps: int, most: tuple[int | None, int | None]
) -> Iterator[Problem]:
    """Actors that a voice places though nobody knows them, off the map, or though it may not:
    ``most`` is how many it may at first and again (None: all)."""
    ids = [actor.id for actor in actors]
    for name, aims, may in (("first", voice.first, most[0]), ("again", voice.again, most[1])):
        for actor, at in aims.items():
            if actor not in ids:
                yield Problem((name, actor), "actor-unknown", known(actor, ids))
            if max(at) > steps:
                yield Problem((name, actor), "place-off-map", {"steps": steps})
        if may is not None and len(aims) > may:
            yield Problem((name,), "voice-moves-too-many", {"moved": len(aims), "most": may})


def check_reach(
    endings: Sequence[GameEnding], actors: Sequence[Actor], groups: Sequence[str], chairs: int
) -> Iterator[Problem]:
    """Endings that come whoever has the chairs in the end: what else conditions ask is taken as
    possible. Nothing is said where the ways to give the chairs are too many."""
    if comb(len(actors), chairs) > MOST_SEATINGS:
        return
    reached: set[int] = set()
    for seated in combinations([actor.id for actor in actors], chairs):
        sums = {f"seated-{actor.id}": int(actor.id in seated) for actor in actors}
        by_group = chairs_by_group(groups, actors, seated)
        sums |= {f"group-{group}": number for group, number in by_group.items()}
        sums["counted"] = counted(seated, actors)
        for i, ending in enumerate(endings):
            compares = [one for one in ending.when if isinstance(one, Compare)]
            told = [one for one in compares if one.variable in sums]
            if hold(tuple(told), Trail(sums, (), frozenset())):
                reached.add(i)
                if len(told) == len(ending.when):
                    break
    for i, ending in enumerate(endings):
        if i not in reached:
            yield Problem(("endings", i), "ending-unreachable", {"ending": ending.id})
