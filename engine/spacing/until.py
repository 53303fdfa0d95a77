"""Until when an open touch can be answered: to the end of the local day that its mail names. Mail,
page and worker all ask here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.spacing.days import end_of_day, local_day

OPEN_DAYS = 7
"""A touch stays open for this many local days after the one on which it is sent."""


def open_until(sent: datetime, zone: ZoneInfo) -> datetime:
    """The last moment (UTC) of the last local day on which a touch sent at that moment can be
    answered."""
    return end_of_day(local_day(sent, zone) + timedelta(days=OPEN_DAYS), zone)


def last_day(until: datetime, zone: ZoneInfo) -> date:
    """The local day to name for a touch that is open until that moment."""
    return local_day(until, zone)


def has_passed(until: datetime, now: datetime) -> bool:
    """Whether a touch that is open until that moment is over, whatever is stored of it: the worker
    closes it a little later."""
    return until <= now


def moved(until: datetime, before: ZoneInfo, after: ZoneInfo) -> datetime:
    """The last moment for a learner who moves from one zone to another while the touch is open: the
    day that was named ends where they are now, and no time is taken away from them."""
    named, there = local_day(until, before), local_day(until, after)
    return max(until, end_of_day(max(named, there), after))
