"""A grid of two cases and two rows for tests, alone and for three seats, and how it is played."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine.packs.activities.base import Act, Acts
from engine.packs.activities.criteria import Criteria
from engine.packs.activities.together import begins, sits

AT = datetime(2027, 1, 12, 8, 40, tzinfo=UTC)
PLAN: dict[str, Any] = {
    "kind": "criteria",
    "cases": ["honey", "bikes"],
    "rows": [{"id": "users", "levels": 4}, {"id": "rain", "levels": 3, "weight": 2}],
    "notches": 2,
    "tie": "bikes",
    "endings": [
        {"id": "turned", "when": ["turned == 1"]},
        {"id": "honey", "when": ["won-honey == 1"]},
        {"id": "bikes"},
    ],
}
ALONE = Criteria.model_validate(PLAN)
JURY = Criteria.model_validate(
    {
        **PLAN,
        "roles": ["chair", "clerk", "warden"],
        "voices": {
            "clerk": {
                "first": {"honey": [3, 2], "bikes": [0, 1]},
                "again": {"honey": [3, 1], "bikes": [1, 1]},
            }
        },
    }
)


def levels(**cases: tuple[int, int]) -> dict[str, int]:
    """``levels(honey=(3, 0))`` as a form holds them."""
    return {
        f"{case}.{row}": level
        for case, its in cases.items()
        for row, level in zip(("users", "rain"), its, strict=True)
    }


def gives(seat: int, at: datetime = AT, **cases: tuple[int, int]) -> Act:
    """A seat scores these cases."""
    return Act(seat, {"scores": levels(**cases)}, at)


def signs(seat: int, words: str = "Because.", at: datetime = AT) -> Act:
    """A seat signs."""
    return Act(seat, {"reason": words}, at)


def play(
    honey: tuple[int, int], bikes: tuple[int, int], again: Mapping[str, tuple[int, int]]
) -> Acts:
    """A whole play alone."""
    return (gives(1, honey=honey), gives(1, bikes=bikes), gives(1, **again), signs(1))


def table(*acts: Act) -> Acts:
    """A live table of three that has begun, and what they did."""
    return (*(sits(seat, AT) for seat in (1, 2, 3)), begins(1, AT, "live"), *acts)
