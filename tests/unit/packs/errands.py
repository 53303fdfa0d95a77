"""A mission in tests: somebody to meet, two returns a week apart, and ways to play it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from engine.packs.activities.base import ALONE, CHOICE, Act, Acts
from engine.packs.activities.mission import Mission

AT = datetime(2027, 1, 12, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PLAN: dict[str, Any] = {
    "kind": "mission",
    "people": ["baker", "clerk"],
    "alternative": "letter",
    "within": 7,
    "met": True,
    "returns": [
        {
            "id": "told",
            "takes": 5,
            "fields": [
                {"id": "words", "kind": "text"},
                {"id": "count", "kind": "number", "most": 30},
                {"id": "mood", "kind": "choice", "options": ["warm", "cold"]},
            ],
        },
        {
            "id": "kept",
            "after": 7,
            "fields": [
                {"id": "left", "kind": "text", "lines": False},
                {"id": "sure", "kind": "scale", "points": 5},
            ],
        },
    ],
    "endings": [
        {"id": "long", "when": ["count >= 10"]},
        {"id": "warm", "when": ["mood-warm == 1", "instead == 0"]},
        {"id": "plain"},
    ],
}
MISSION = Mission.model_validate(PLAN)


def goes(whom: str = "baker", day: str = "2027-01-14") -> Act:
    """Chooses whom to meet, and when."""
    return Act(ALONE, {"whom": whom, "day": day}, AT)


def does(choice: str, at: datetime = AT + DAY) -> Act:
    """Has been, takes another day, or takes the other way."""
    return Act(ALONE, {CHOICE: choice}, at)


def tells(at: datetime = AT + DAY, **said: Any) -> Acts:
    """Tells these fields, one after another."""
    return tuple(Act(ALONE, {name: value}, at) for name, value in said.items())


FIRST: Acts = (goes(), does("been"), *tells(words="Bread, *first*.", count=3, mood="warm"))
LATER = AT + 9 * DAY
WHOLE: Acts = (*FIRST, does("been", LATER), *tells(LATER, left="The bread.", sure=4))
