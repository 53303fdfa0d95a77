"""Local days: which day an instant falls on, which days are public holidays, and what a local
wall-clock time is in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.spacing.reasons import ZoneUnknown
from engine.values.errors import Invalid


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ``Invalid("zone-unknown", zone=…)``."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Invalid(ZoneUnknown(zone=name)) from error


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The local date in ``zone`` at that instant."""
    return at.astimezone(zone).date()


def monday_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - timedelta(days=day.weekday())


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime | None:
    """When a clock in ``zone`` shows ``wall`` on ``day``, in UTC; None if the zone skips that whole
    day.

    A time inside a DST gap moves forward by the gap; a time that occurs twice means its first
    occurrence (PEP 495, fold 0).
    """
    at = datetime.combine(day, wall, zone).astimezone(UTC)
    return at if local_day(at, zone) == day else None


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last microsecond of that local day in ``zone``, in UTC; the day before counts as ending
    where the zone skips whole days."""
    after = day + timedelta(days=1)
    while (begins := instant(after, time(), zone)) is None:
        after += timedelta(days=1)
    return begins - datetime.resolution


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country (ISO 3166-1) in a year; none if the country is "" or unknown
    to ``holidays``."""
    import holidays  # large; results are cached

    try:
        return frozenset(holidays.country_holidays(country, years=year)) if country else frozenset()
    except NotImplementedError:  # how the library says that it does not know the country
        return frozenset()
