"""The hard limits: consent, pause, hours, days off, gap and minutes. Every refusal carries its
reason."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.spacing.days import instant, local_day, public_holidays, zone_of
from engine.spacing.reasons import (
    DayOff,
    Gap,
    Holiday,
    NoConsent,
    NoDaysAllowed,
    NoHoursAllowed,
    OnPause,
    OnSnooze,
    OutsideHours,
    TouchMinutes,
    TouchOpen,
    WeekMinutes,
)
from engine.spacing.values import HARSHEST, LearnerState, Pace, Rhythm
from engine.values.reasons import Reason

WIDEST_GAP = 30
"""Missed touches widen the gap up to this many days, unless the learner chose a wider one."""
SPREAD = timedelta(minutes=15)
TINY = 1e-9
"""The rounding error that sums of minutes may have, being floats."""


@dataclass(frozen=True)
class Limits:
    """A learner's limits, ready to be checked for a local day. ``sent`` is (local day, minutes) of
    every past touch."""

    rhythm: Rhythm
    zone: ZoneInfo
    gap: int
    missed: int
    paused_until: date | None
    not_before: datetime | None
    """From when on the learner, who put a touch off, asked for it again: a day that they named, so
    no gap wider than anybody's holds it up."""
    sent: tuple[tuple[date, float], ...]

    def refusal(self, day: date) -> Reason | None:
        """Why no touch may be sent on that local day, whatever the hour and the minutes; None if
        one may."""
        if self.paused_until and day < self.paused_until:
            return OnPause(until=self.paused_until)
        if self.not_before and day < local_day(self.not_before, self.zone):
            return self._snoozed(self.not_before)
        last = max((sent for sent, _ in self.sent), default=None)
        gap = HARSHEST.gap_days if self.not_before else self.gap
        if last and (day - last).days < gap:
            return Gap(last=last, days=gap, missed=self.missed)
        if day.isoweekday() in self.rhythm.days_off:
            return DayOff(day=day)
        if day in public_holidays(self.rhythm.country, day.year):
            return Holiday(day=day)
        return None

    def hour_refusal(self, at: datetime) -> Reason | None:
        """Why no touch may be sent at that hour of its local day; None if one may."""
        if self.not_before and at < self.not_before:
            return self._snoozed(self.not_before)
        if not self.rhythm.opens <= at.astimezone(self.zone).time() < self.rhythm.closes:
            return OutsideHours(opens=self.rhythm.opens, closes=self.rhythm.closes)
        return None

    def minutes_refusal(self, minutes: float, day: date) -> Reason | None:
        """Why a touch of ``minutes`` is too long on that local day; None if it is not."""
        if minutes > self.rhythm.touch_minutes + TINY:
            return TouchMinutes(minutes=minutes, limit=self.rhythm.touch_minutes)
        left = self.week_left(day)
        if minutes > left + TINY:
            return WeekMinutes(day=day, left=left, limit=self.rhythm.week_minutes)
        return None

    def week_left(self, day: date) -> float:
        """Minutes left on ``day``: the least in any window of seven local days that contains it.

        Touches dated after ``day`` (by a clock that went backwards) count as well.
        """
        used = sum(minutes for sent, minutes in self.sent if abs((day - sent).days) < 7)
        return to_millionths(max(0.0, self.rhythm.week_minutes - used))

    def moment(self, day: date, spread: float) -> datetime | None:
        """When on that local day a touch falls due, in UTC: at the learner's hour or up to 15
        minutes later.

        ``spread`` in [0, 1) says how much later. A touch falls due early enough to be sent before
        the hours close, so a wished hour near (or outside) the edge moves inside. None if that day
        has no allowed hour.
        """
        opens, closes, hour = (
            datetime.combine(day, t)
            for t in (self.rhythm.opens, self.rhythm.closes, self.rhythm.hour)
        )
        start = max(opens, min(hour, closes - 2 * SPREAD))
        seconds = int(spread * min(SPREAD, (closes - start) / 2).total_seconds())
        return instant(day, (start + timedelta(seconds=seconds)).time(), self.zone)

    @staticmethod
    def _snoozed(until: datetime) -> Reason:
        return OnSnooze(until=until)


def to_millionths(minutes: float) -> float:
    """Minutes rounded to remove the error of sums of floats."""
    return round(minutes, 6)


def clamp(rhythm: Rhythm) -> Rhythm:
    """``rhythm`` clamped to ``HARSHEST`` wherever it is harsher, with the wished hour moved into
    the allowed hours."""
    opens, closes = max(HARSHEST.opens, rhythm.opens), min(HARSHEST.closes, rhythm.closes)
    return replace(
        rhythm,
        opens=opens,
        closes=closes,
        hour=max(opens, min(closes, rhythm.hour)),
        touch_minutes=max(0.0, min(HARSHEST.touch_minutes, rhythm.touch_minutes)),
        week_minutes=max(0.0, min(HARSHEST.week_minutes, rhythm.week_minutes)),
        gap_days=max(HARSHEST.gap_days, rhythm.gap_days),
    )


def gap(rhythm: Rhythm, pace: Pace) -> int:
    """Whole local days from one touch to the next: the learner's gap, widened by the pace up to
    ``WIDEST_GAP``."""
    wished = clamp(rhythm).gap_days
    return max(wished, min(WIDEST_GAP, math.ceil(wished * pace.gap_factor - TINY)))


def limits_of(state: LearnerState) -> Limits:
    """The limits of a learner, with harsher wishes clamped. Raises ``Invalid`` for an unknown
    zone."""
    zone = zone_of(state.rhythm.zone)
    return Limits(
        rhythm=clamp(state.rhythm),
        zone=zone,
        gap=gap(state.rhythm, state.pace),
        missed=state.pace.missed_in_a_row,
        paused_until=state.paused_until,
        not_before=state.not_before,
        sent=tuple((local_day(touch.sent_at, zone), touch.minutes) for touch in state.touches),
    )


def standing_refusal(state: LearnerState) -> Reason | None:
    """Why nothing at all may be sent to this learner, on any day; None if something may."""
    rhythm = clamp(state.rhythm)
    if refusal := unwelcome(state):
        return refusal
    if rhythm.opens >= rhythm.closes:
        return NoHoursAllowed()
    if rhythm.days_off >= frozenset(range(1, 8)):
        return NoDaysAllowed()
    return None


def check_at_send(state: LearnerState, minutes: float, now: datetime) -> Reason | None:
    """Why a touch of ``minutes`` that fell due may not be sent now after all; None if it may.
    ``now`` is aware.

    ``state.touches`` holds the touches sent before this one. Raises ``Invalid`` for an unknown
    zone.
    """
    limits = limits_of(state)
    day = local_day(now, limits.zone)
    return (
        standing_refusal(state)
        or limits.refusal(day)
        or limits.hour_refusal(now)
        or limits.minutes_refusal(minutes, day)
    )


def quiet(state: LearnerState, now: datetime) -> Reason | None:
    """Why a mail that is already on its way may not leave at ``now`` (aware): pause, snooze, days
    off or hours; None if it may.

    A mail that a server refused, or that waited in a queue, may be retried at any hour.
    """
    limits = replace(
        limits_of(state), sent=()
    )  # the gap and the minutes were checked when the touch was opened
    return limits.refusal(local_day(now, limits.zone)) or limits.hour_refusal(now)


def may_open_early(state: LearnerState, minutes: float, now: datetime) -> Reason | None:
    """Why a learner who comes unprompted may not be given a touch of ``minutes`` now; None if they
    may.

    Hours, days off, pause, snooze and gap do not apply to a learner who asks; consent, the limit of
    one open touch and the minutes do.
    """
    limits = limits_of(state)
    return unwelcome(state) or limits.minutes_refusal(minutes, local_day(now, limits.zone))


def unwelcome(state: LearnerState) -> Reason | None:
    """Why nothing may be given to this learner even if they ask: no consent, or a touch is open;
    None otherwise."""
    if not state.consented:
        return NoConsent()
    return TouchOpen() if any(touch.end == "open" for touch in state.touches) else None
