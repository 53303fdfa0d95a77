"""A game of three seats and four rounds for tests, and tables at which it is played."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from engine.packs.activities.base import Act, Acts
from engine.packs.activities.public_goods import PublicGoods
from engine.packs.activities.together import begins, leaves, sits

AT = datetime(2027, 1, 12, 8, 40, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BUS = PublicGoods.model_validate(
    {
        "kind": "public-goods",
        "roles": ["fontreuil", "orbes", "lans"],
        "endowment": 10,
        "rounds": 4,
        "payoff": {"kind": "threshold", "at": 14, "multiply": 2.0},
        "disclosure": [{"from": 1, "show": "sum"}, {"from": 3, "show": "seats"}],
        "events": [{"id": "pont", "round": 3, "multiply": 1.5}],
        "aims": {"fontreuil": {"kept": 20, "worth": 25}},
        "voices": {
            "orbes": {"kind": "copies", "first": 5},
            "lans": {"kind": "waits", "put": 8, "taker": 3},
        },
        "endings": [{"id": "roule", "when": ["ran >= 2"]}, {"id": "reste"}],
    }
)


def puts(seat: int, amount: int, at: datetime = AT) -> Act:
    """A seat puts in that much."""
    return Act(seat, {"put": amount}, at)


def alone(*amounts: int) -> Acts:
    """These amounts, round after round, by who plays alone."""
    return tuple(puts(1, amount) for amount in amounts)


def table(*acts: Act, seats: Sequence[int] = (1, 2, 3)) -> Acts:
    """A live table that began with somebody in these seats, and what they did."""
    return (*(sits(seat, AT) for seat in seats), begins(seats[0], AT, "live"), *acts)


__all__ = ["AT", "BUS", "MINUTE", "alone", "leaves", "puts", "sits", "table"]
