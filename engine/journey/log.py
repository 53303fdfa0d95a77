"""The log of a table, which only grows, and what of it stands: what was taken back does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from engine.packs.activities.base import Act, Acts


@dataclass(frozen=True)
class Entry:
    """One line of the log, numbered from 1: an act, or that the act ``takes_back`` no longer
    stands."""

    number: int
    act: Act
    takes_back: int | None


Log = tuple[Entry, ...]


def entry_of(row: Row[Any]) -> Entry:
    """The line in a row of ``journeys.ACTS`` or ``journeys.LIVED_ACTS``."""
    return Entry(row.number, Act(row.seat, row.said, row.at), row.takes_back)


def what_stands(log: Iterable[Entry]) -> Acts:
    """The acts that stand, in order: all that an activity ever sees."""
    return tuple(entry.act for entry in standing_lines(log).values())


def standing_lines(log: Iterable[Entry]) -> dict[int, Entry]:
    """The lines of the acts that stand, by number."""
    stands: dict[int, Entry] = {}
    for entry in log:
        if entry.takes_back is None:
            stands[entry.number] = entry
        else:
            stands.pop(entry.takes_back, None)
    return stands
