"""A map of five actors and two chairs for tests, alone and for three seats, and how it is
played."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.packs.activities.base import Act, Acts
from engine.packs.activities.map import StakeholderMap
from engine.packs.activities.together import begins, sits

AT = datetime(2027, 1, 12, 8, 40, tzinfo=UTC)
NAMES = ("mayor", "cook", "anglers", "dairy", "ropers")
PLAN: dict[str, Any] = {
    "kind": "map",
    "chairs": 2,
    "moves": 2,
    "added": 1,
    "actors": [
        {"id": "mayor", "unless": ["dairy"]},
        {"id": "cook"},
        {"id": "anglers", "counts": 2},
        {"id": "dairy", "needs": ["ropers"]},
        {"id": "ropers", "counts": 0},
    ],
    "endings": [
        {"id": "upstream", "when": ["seated-dairy == 1", "counted >= 1"]},
        {"id": "called", "when": ["called-ropers == 1", "moved == 0"]},
        {"id": "paper"},
    ],
}
ALONE = StakeholderMap.model_validate(PLAN)
SHARED = StakeholderMap.model_validate(
    {
        **PLAN,
        "roles": ["pupil", "bursar", "mayor"],
        "voices": {
            "pupil": {"first": {"cook": [9, 9]}},
            "bursar": {"first": {"cook": [10, 10]}, "again": {"anglers": [0, 0]}},
        },
    }
)
FIRST = {"mayor": (9, 9), "cook": (8, 8), "anglers": (7, 7), "dairy": (1, 1), "ropers": (0, 0)}
"""The mayor and the cook have the chairs."""


def at(**actors: tuple[int, int]) -> dict[str, int]:
    """``at(mayor=(9, 9))`` as a form holds it."""
    return {f"{name}.{axis}": its[n] for name, its in actors.items() for n, axis in enumerate("xy")}


def places(seat: int = 1, name: str = "", /, **moved: tuple[int, int]) -> Act:
    """The first placing: ``FIRST``, but for who is ``moved``; or, with ``added``, somebody more."""
    everybody = {**FIRST, **moved}
    if "added" in everybody:
        everybody["_added"] = everybody.pop("added")
    return Act(seat, {"added": name, "map": at(**everybody)}, AT)


def calls(actor: str, seat: int = 1) -> Act:
    """A seat calls somebody."""
    return Act(seat, {"call": actor}, AT)


def moves(kind: StakeholderMap, acts: Acts, seat: int = 1, /, **moved: tuple[int, int]) -> Act:
    """A seat moves these from where they stand after ``acts``."""
    stands = kind.places(kind.standing(acts, AT).done)
    return Act(seat, {"map": {**stands, **at(**moved)}}, AT)


def play(called: str = "ropers", **moved: tuple[int, int]) -> Acts:
    """A whole play alone."""
    acts = (places(), calls(called))
    return (*acts, moves(ALONE, acts, **moved))


def table(*acts: Act) -> Acts:
    """A live table of three that has begun, and what they did."""
    return (*(sits(seat, AT) for seat in (1, 2, 3)), begins(1, AT, "live"), *acts)
