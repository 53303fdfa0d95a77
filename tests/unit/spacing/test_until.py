"""Until when a touch can be answered: the end of a local day, whatever clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from engine.spacing.days import end_of_day, local_day
from engine.spacing.until import OPEN_DAYS, last_day, moved, open_until

from .states import instants, zones

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        (datetime(2027, 1, 5, 7, 44, tzinfo=UTC), "2027-01-12"),
        (datetime(2027, 3, 25, 7, 44, tzinfo=UTC), "2027-04-01"),  # clocks go forward on the 28th
        (datetime(2027, 10, 26, 6, 44, tzinfo=UTC), "2027-11-02"),  # and back on the 31st
    ],
)
def test_the_day_that_is_named_is_open_to_its_last_moment(sent: datetime, named: str) -> None:
    until = open_until(sent, PARIS)
    assert last_day(until, PARIS).isoformat() == named
    assert until.astimezone(PARIS).time() == time.max
    assert last_day(until + datetime.resolution, PARIS) > last_day(until, PARIS)


@given(instants, zones)
def test_it_is_the_end_of_the_seventh_day_after_wherever_one_lives(
    sent: datetime, zone: str
) -> None:
    there = ZoneInfo(zone)
    until = open_until(sent, there)
    days = (last_day(until, there) - local_day(sent, there)).days
    assert days in (OPEN_DAYS, OPEN_DAYS - 1)  # one less where the zone skips that very day
    assert local_day(until + datetime.resolution, there) > last_day(until, there)


@given(instants, zones, zones)
def test_a_move_takes_no_time_away_and_still_ends_with_a_day(
    sent: datetime, before: str, after: str
) -> None:
    here, there = ZoneInfo(before), ZoneInfo(after)
    until = open_until(sent, here)
    later = moved(until, here, there)
    assert later >= until and last_day(later, there) >= last_day(until, here)
    assert local_day(later + datetime.resolution, there) > last_day(later, there)


def test_a_day_that_a_zone_skips_ends_with_the_day_before() -> None:
    apia = ZoneInfo("Pacific/Apia")  # there was no 30 December 2011
    last = end_of_day(date(2011, 12, 29), apia)
    assert last_day(last, apia).isoformat() == "2011-12-29"
    assert last_day(last + timedelta(seconds=1), apia).isoformat() == "2011-12-31"
