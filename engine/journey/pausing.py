"""Slowing down, at any time and without a reason: snooze, lighter, pause, other channel, stop."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from engine.journey.planning import replan
from engine.journey.touches import (
    ask_again,
    close_touch,
    forget_unanswered,
    open_one,
    withdraw_mail,
)
from engine.spacing.days import local_day, zone_of
from engine.storage.library import Library
from engine.storage.tables import Learner
from engine.values.errors import Invalid, Refused

SNOOZES = (2, 7, 14)
"""Days a touch can be put off."""
LONGEST_PAUSE = timedelta(days=366)
LIGHTEST = {"touch_minutes": 1.0, "week_minutes": 2.0, "gap_days": 7}


def snooze(
    unit: Session, library: Library, learner: Learner, days: int, now: datetime, rng: Random
) -> None:
    """Put the open touch off: what is unanswered comes again, no earlier than in ``days`` days.

    Raises ``Invalid("snooze-days")`` and ``Refused("nothing-open")``.
    """
    if days not in SNOOZES:
        raise Invalid("snooze-days", offered=list(SNOOZES))
    if not _put_aside(unit, learner, now):
        raise Refused("nothing-open")
    learner.not_before = now + timedelta(days=days)
    replan(unit, library, learner, now, rng)


def lighten(unit: Session, library: Library, learner: Learner, now: datetime, rng: Random) -> None:
    """One step lighter: half the minutes (at least 1 a touch, 2 a week) and twice the gap (up to
    a week)."""
    touch = open_one(unit, learner.id)
    if touch is not None and touch.kind == "lighten":
        close_touch(unit, learner, touch, "answered", now)
        ask_again(unit, learner)
    learner.touch_minutes = max(LIGHTEST["touch_minutes"], learner.touch_minutes / 2)
    learner.week_minutes = max(LIGHTEST["week_minutes"], learner.week_minutes / 2)
    learner.gap_days = max(learner.gap_days, int(min(LIGHTEST["gap_days"], learner.gap_days * 2)))
    replan(unit, library, learner, now, rng)


def carry_on(unit: Session, library: Library, learner: Learner, now: datetime, rng: Random) -> None:
    """« As it is, please »: the other answer to the question after three missed touches. Raises
    ``Refused("nothing-open")``."""
    touch = open_one(unit, learner.id)
    if touch is None or touch.kind != "lighten":
        raise Refused("nothing-open")
    close_touch(unit, learner, touch, "answered", now)
    ask_again(unit, learner)
    replan(unit, library, learner, now, rng)


def pause(
    unit: Session, library: Library, learner: Learner, until: date, now: datetime, rng: Random
) -> None:
    """No touch before that local day. Raises ``Invalid("pause-past")`` or
    ``Invalid("pause-too-long")``."""
    today = local_day(now, zone_of(learner.zone))
    if until <= today:
        raise Invalid("pause-past", field="until", today=today.isoformat())
    if until - today > LONGEST_PAUSE:
        raise Invalid("pause-too-long", field="until", last=(today + LONGEST_PAUSE).isoformat())
    _put_aside(unit, learner, now)
    learner.paused_until = until
    replan(unit, library, learner, now, rng)


def resume(unit: Session, library: Library, learner: Learner, now: datetime, rng: Random) -> None:
    """End a pause today."""
    learner.paused_until = None
    replan(unit, library, learner, now, rng)


def to_inbox(unit: Session, learner: Learner) -> None:
    """No more mail: touches wait in the inbox (what one-click unsubscribe does)."""
    learner.channel = "inbox"
    withdraw_mail(unit, learner)


def stop(unit: Session, library: Library, learner: Learner, now: datetime, rng: Random) -> None:
    """Withdraw consent: nothing planned, nothing open, nothing on its way. What was lived stays
    until erased."""
    _put_aside(unit, learner, now)
    learner.stopped_at = now
    withdraw_mail(unit, learner)
    replan(unit, library, learner, now, rng)


def _put_aside(unit: Session, learner: Learner, now: datetime) -> bool:
    touch = open_one(unit, learner.id)
    if touch is None:
        return False
    forget_unanswered(unit, touch)
    close_touch(unit, learner, touch, "snoozed", now)
    return True
