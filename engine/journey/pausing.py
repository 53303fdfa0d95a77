"""Slowing down, at any time and without giving a reason: snooze, lighten, pause, another channel,
stop."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from engine.journey.addresses import MAIL, withdraw_from
from engine.journey.lapsing import lapse
from engine.journey.planning import replan
from engine.journey.reasons import NothingOpen, PausePast, PauseTooLong, SnoozeDays
from engine.journey.record import read_record
from engine.journey.touches import close_touch, open_one, withdraw_deliveries
from engine.spacing.days import end_of_day, local_day, zone_of
from engine.storage.tables import Learner, Touch
from engine.storage.work import Work
from engine.values.errors import Invalid, Refused

SNOOZES = (2, 7, 14)
"""The numbers of days by which a touch can be put off."""
LONGEST_PAUSE = timedelta(days=366)
LIGHTEST = {"touch_minutes": 1.0, "week_minutes": 2.0, "gap_days": 7}


def snooze(work: Work, learner: Learner, days: int) -> None:
    """Puts the open touch off: its unanswered prompts come again on the local day that is ``days``
    days from now, or on the first one after it on which the learner may be asked.

    Raises ``Invalid("snooze-days")`` and ``Refused("nothing-open")``.
    """
    if days not in SNOOZES:
        raise Invalid(SnoozeDays(offered=tuple(SNOOZES)))
    if not _put_aside(work, learner):
        raise Refused(NothingOpen())
    zone = zone_of(learner.zone)
    on = local_day(work.now, zone) + timedelta(days=days - 1)
    learner.not_before = end_of_day(on, zone) + datetime.resolution
    replan(work, learner)


def lighten(work: Work, learner: Learner) -> None:
    """Makes the rhythm one step lighter: half the minutes (at least 1 per touch and 2 per week) and
    twice the gap (up to a week)."""
    touch = open_one(work, learner.id)
    if touch is not None and touch.kind == "lighten":
        _go_on(work, learner, touch)
    learner.touch_minutes = max(LIGHTEST["touch_minutes"], learner.touch_minutes / 2)
    learner.week_minutes = max(LIGHTEST["week_minutes"], learner.week_minutes / 2)
    learner.gap_days = max(learner.gap_days, int(min(LIGHTEST["gap_days"], learner.gap_days * 2)))
    replan(work, learner)


def carry_on(work: Work, learner: Learner) -> None:
    """« As it is, please »: the other answer to the question asked after three missed touches.
    Raises ``Refused("nothing-open")``."""
    touch = open_one(work, learner.id)
    if touch is None or touch.kind != "lighten":
        raise Refused(NothingOpen())
    _go_on(work, learner, touch)
    replan(work, learner)


def _go_on(work: Work, learner: Learner, touch: Touch) -> None:
    """The learner said how to go on: what was asked and missed until now stays as it was, but
    counts as never asked, so that no prompt stays let go."""
    close_touch(work, learner, touch.number, "answered")
    learner.asked_afresh_after = touch.number


def pause(work: Work, learner: Learner, until: date) -> None:
    """Sends no touch before that local day. Raises ``Invalid("pause-past")`` or
    ``Invalid("pause-too-long")``."""
    today = local_day(work.now, zone_of(learner.zone))
    if until <= today:
        raise Invalid(PausePast(today=today), field="until")
    if until - today > LONGEST_PAUSE:
        raise Invalid(PauseTooLong(last=today + LONGEST_PAUSE), field="until")
    _put_aside(work, learner)
    learner.paused_until = until
    replan(work, learner)


def resume(work: Work, learner: Learner) -> None:
    """Ends a pause today."""
    learner.paused_until = None
    learner.announce_at = work.now
    replan(work, learner)


def to_inbox(unit: Session, learner: Learner) -> None:
    """Sends no more mail: touches wait in the inbox. This is what one-click unsubscribe does."""
    learner.channel = "inbox"
    withdraw_from(unit, learner, MAIL)


def stop(work: Work, learner: Learner) -> None:
    """Withdraws consent to be asked: nothing stays planned, open or on its way. Nothing else stops:
    experiences and the path stay theirs, and what they did stays until it is erased."""
    _put_aside(work, learner)
    learner.stopped_at = work.now
    withdraw_deliveries(work.session, learner.id)
    replan(work, learner)


def _put_aside(work: Work, learner: Learner) -> bool:
    lapse(work, learner, read_record(work, learner))
    touch = open_one(work, learner.id)
    if touch is None:
        return False
    close_touch(work, learner, touch.number, "snoozed")
    return True
