"""The sign-in throttle: how many tries a key has in a window of wall time. Keys are hashes, never
names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.people.reasons import TooManyTries
from engine.storage.tables import Throttle
from engine.values.errors import RelectureError

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """``tries`` allowed in ``window``."""

    tries: int
    window: timedelta


class TooMany(RelectureError):
    """The key has no tries left. ``minutes`` says when it will; the answer is the same whether or
    not such an account exists."""


PASSWORD_BY_EMAIL = Limit(10, timedelta(minutes=15))
PASSWORD_BY_ADDRESS = Limit(60, timedelta(minutes=15))
MAIL_BY_EMAIL = Limit(4, timedelta(minutes=60))
MAIL_BY_ADDRESS = Limit(30, timedelta(minutes=60))
"""Limits for one e-mail address (somebody guessing one account) and one network address (somebody
trying many)."""


def spend(unit: Session, key: str, limit: Limit, wall: datetime) -> None:
    """Counts a try *before* it is made, so that concurrent tries cannot slip through; commits.

    ``unit`` is a shared session for writing. Raises ``TooMany("too-many-tries", minutes=…)``; a
    refused try is not counted.
    """
    row = unit.get(Throttle, key, with_for_update=True)
    if row is None:
        row = _open(unit, key, wall)
    if not timedelta(0) <= wall - row.since < limit.window:
        row.since, row.tries = wall, 0
    if row.tries >= limit.tries:
        raise TooMany(
            TooManyTries(minutes=-(-(row.since + limit.window - wall) // timedelta(minutes=1)))
        )
    row.tries += 1
    unit.commit()


def give_back(unit: Session, key: str) -> None:
    """Takes back one counted try that turned out right; commits. Wrong tries of the same key stay
    counted."""
    row = unit.get(Throttle, key, with_for_update=True)
    if row is not None and row.tries:
        row.tries -= 1
    unit.commit()


def forgive(unit: Session, key: str) -> None:
    """Forgets the tries of a key after the right password; commits."""
    unit.execute(delete(Throttle).where(Throttle.key == key))
    unit.commit()


def _open(unit: Session, key: str, wall: datetime) -> Throttle:
    """A new row; deletes rows older than a day. If two first tries race, the loser reads the
    winner's row."""
    unit.execute(delete(Throttle).where(Throttle.since < wall - DAY))
    row = Throttle(key=key, since=wall, tries=0)
    unit.add(row)
    try:
        unit.flush()
    except IntegrityError:
        unit.rollback()
        return unit.get_one(Throttle, key, with_for_update=True)
    return row
