"""The memory of a takeaway: one py-fsrs card as JSON text, reviewed in whole UTC days, which also
counts how often in a row the recall failed.

FSRS (Ye, Su, Cao 2022; py-fsrs 6) counts days. A review is dated midnight UTC of its day, so that
answering a little earlier in the day than last time does not count as one day less.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, cast

from fsrs import Card, Rating, Scheduler

_SCHEDULER = Scheduler(
    learning_steps=(), relearning_steps=(), maximum_interval=60, enable_fuzzing=False
)

FAILED = frozenset({1, 2})
"""The grades that are no recall. FSRS counts « hard » (2) as a pass; « in part » is none."""
LEECH_AFTER = 3
"""After so many failures in a row, asking again teaches nothing (what Anki calls a leech): the
moment is read again instead."""


def review(card_json: str | None, grade: int, at: datetime, card_id: int) -> str:
    """The card after a recall graded from 1 (forgotten) to 4 (easily) at ``at`` (aware); None as
    ``card_json`` creates a card with id ``card_id``.

    A review dated before the last one (by a clock that went backwards) counts as made on the day of
    the last one. Raises ``ValueError`` for any other grade.
    """
    day = _midnight(at)
    card = Card.from_json(card_json) if card_json else Card(card_id=card_id, due=day)
    rating = Rating.Again if grade in FAILED else Rating(grade)
    reviewed, _ = _SCHEDULER.review_card(card, rating, max(day, card.last_review or day))
    failed = failures(card_json) + 1 if grade in FAILED else 0
    return json.dumps({**reviewed.to_dict(), "failed": failed})


def failures(card_json: str | None) -> int:
    """How often in a row the takeaway was not recalled, up to now."""
    known: dict[str, Any] = json.loads(card_json) if card_json else {}
    return cast(int, known.get("failed", 0))


def is_leech(card_json: str | None) -> bool:
    """Whether another question would not help: the recall failed ``LEECH_AFTER`` times in a row."""
    return failures(card_json) >= LEECH_AFTER


def retrievability(card_json: str, at: datetime) -> float:
    """The probability (0–1) that the takeaway would be recalled at that instant."""
    return float(_SCHEDULER.get_card_retrievability(Card.from_json(card_json), at.astimezone(UTC)))


def due(card_json: str) -> datetime:
    """When the card is due again: midnight UTC, when retrievability has fallen to 0.9 (or 60 days
    have passed)."""
    return Card.from_json(card_json).due


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
