"""The tables of a map: who stands where, who has a chair, what came of it, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.forms.plane import AXES
from engine.packs.activities.base import Cell, Rows
from engine.packs.activities.seating import Actor, Places, chairs_by_group, ties
from engine.packs.reasons import Afterwards, AtFirst, ChairHead, MapActor


def standing_table(
    names: Sequence[tuple[str, Cell]], seated: Collection[str], places: Places | None
) -> Rows:
    """Who has a chair, in the order of these (id, name) pairs; and where all stand who were placed,
    unless ``places`` is None."""
    axes = () if places is None else AXES
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            "chair" if one in seated else "standing",
            *((places or {}).get(f"{one}.{axis}") for axis in axes),
        )
        for one, name in names
    ]
    head: tuple[Cell, ...] = (MapActor(), ChairHead(), *(f"axis.{axis}" for axis in axes))
    return Rows("chairs", head, tuple(rows))


def outcome_table(
    order: Sequence[str], before: Collection[str], seated: Collection[str], actors: Sequence[Actor]
) -> Rows:
    """Who had a chair before and after, and what they count on it."""
    counting = {actor.id for actor in actors if actor.counted(seated)}
    rows = (
        (
            f"actor.{one}",
            "chair" if one in before else "standing",
            ("counts" if one in counting else "counts.not") if one in seated else "standing",
        )
        for one in order
    )
    return Rows("chairs", (MapActor(), AtFirst(), Afterwards()), tuple(rows))


def groups_table(
    groups: Sequence[str],
    actors: Sequence[Actor],
    before: Collection[str],
    seated: Collection[str],
) -> tuple[Rows, ...]:
    """How many chairs each group had before and after; nothing without groups."""
    first, last = (chairs_by_group(groups, actors, those) for those in (before, seated))
    rows = tuple((f"group.{one}", first[one], last[one]) for one in groups)
    return (Rows("groups", (MapActor(), AtFirst(), Afterwards()), rows),) if groups else ()


def ties_table(actors: Sequence[Actor]) -> tuple[Rows, ...]:
    """What decided who counts; nobody knew it while they placed."""
    found = ties(actors)
    rows = tuple((f"actor.{one}", kind, f"actor.{other}") for one, kind, other in found)
    return (Rows("ties", (), rows),) if found else ()
