"""A value chain of five flows for tests, and how it is played."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.packs.activities.base import Act, Acts
from engine.packs.activities.chain import Chain

AT = datetime(2027, 1, 12, 8, 40, tzinfo=UTC)
FAVOURS = ("coffee", "lessons", "gym", "heating")
FLOWS: list[dict[str, Any]] = [
    {"id": "grant", "from": "town", "to": "house", "what": "money", "worth": 10, "booked": True},
    {
        "id": "fees",
        "from": "people",
        "to": "house",
        "what": "money",
        "worth": 4,
        "booked": True,
        "needs": ["lessons"],
    },
    {"id": "coffee", "from": "ines", "to": "people", "what": "links", "worth": 1, "hours": 3},
    {
        "id": "lessons",
        "from": "ines",
        "to": "people",
        "what": "people",
        "worth": 8,
        "hours": 3,
        "needs": ["coffee"],
    },
    {
        "id": "gym",
        "from": "school",
        "to": "house",
        "what": "links",
        "worth": 9,
        "hours": 2,
        "ends": ["priced"],
    },
    {
        "id": "heating",
        "from": "people",
        "to": "house",
        "what": "people",
        "worth": 3,
        "hours": 1,
        "ends": ["unseen", "priced"],
    },
]
PLAN: dict[str, Any] = {
    "kind": "chain",
    "actors": ["town", "house", "people", "ines", "school"],
    "flows": FLOWS,
    "line": "grant",
    "draw": 3,
    "hours": 5,
    "endings": [
        {"id": "machine", "when": ["goes-coffee == 0"]},
        {"id": "ledger", "when": ["paid >= 8"]},
        {"id": "warm"},
    ],
}
CHAIN = Chain.model_validate(PLAN)


def changed(**parts: Any) -> Chain:
    """The chain with other parts."""
    return Chain.model_validate(PLAN | parts)


def flow(name: str, **parts: Any) -> dict[str, Any]:
    """The flows, this one with other parts, as a change to the plan."""
    return {"flows": [one | parts if one["id"] == name else one for one in FLOWS]}


def draws(*favours: str) -> Act:
    """These are on the paper."""
    return Act(1, {"draw": [one for one in FAVOURS if one in favours]}, AT)


def prices(drawn: Act, *favours: str) -> Act:
    """Of those on the paper, these are given a price."""
    said = {one: "count" if one in favours else "keep" for one in drawn.said["draw"]}
    return Act(1, {"price": said}, AT)


def play(drawn: tuple[str, ...], priced: tuple[str, ...] = ()) -> Acts:
    """A play to its end."""
    paper = draws(*drawn)
    return (paper, prices(paper, *priced))
