"""Why a question comes when it does, why this one, and why none may come: the reasons of
spacing."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from engine.values.reasons import Reason, Share, Unsaid, Vocabulary

Stage = Annotated[str, Vocabulary("stage")]


class YourHour(Reason, code="your-hour"):
    """It falls due at the learner's hour."""

    hour: time
    zone: Unsaid[str]


class WeekMinutesLeft(Reason, code="week-minutes-left"):
    """What the touch leaves of the minutes of its seven days."""

    left: float
    limit: float


class Gap(Reason, code="gap"):
    """Fewer than ``days`` went by since the touch of ``last``; ``missed`` touches in a row widened
    it."""

    last: date
    days: int
    missed: Unsaid[int]


class DayOff(Reason, code="day-off"):
    """The weekday is off in the learner's rhythm."""

    day: date


class Holiday(Reason, code="holiday"):
    """A public holiday of the learner's country."""

    day: date


class OnPause(Reason, code="paused"):
    """The learner paused until the morning of that day."""

    until: date


class OnSnooze(Reason, code="snoozed"):
    """The learner put the question off until then."""

    until: datetime


class OutsideHours(Reason, code="outside-hours"):
    """The hour is outside those that the learner allows."""

    opens: time
    closes: time


class TouchMinutes(Reason, code="touch-minutes"):
    """Longer than one touch may be."""

    minutes: float
    limit: float


class WeekMinutes(Reason, code="week-minutes"):
    """Too few minutes are left in the seven days around that day."""

    day: date
    left: float
    limit: float


class DaySkipped(Reason, code="day-skipped"):
    """The clocks of the zone skip that day."""

    day: date


class HourPassed(Reason, code="hour-passed"):
    """The learner's hour of that day is over."""

    day: date
    hour: time


class AskedToLighten(Reason, code="asked-to-lighten"):
    """So many touches were missed in a row that the touch asks: lighter, or stop?"""

    missed: Unsaid[int]


class NoConsent(Reason, code="no-consent"):
    """The contract was not accepted, or the learner stopped."""


class TouchOpen(Reason, code="touch-open"):
    """A touch is open, and only one may be."""


class NoHoursAllowed(Reason, code="no-hours-allowed"):
    """The allowed hours end before they begin."""


class NoDaysAllowed(Reason, code="no-days-allowed"):
    """Every weekday is off."""


class TooEarly(Reason, code="too-early"):
    """The arcs and memory cards open nothing before that day."""

    day: date


class NothingToAsk(Reason, code="nothing-to-ask"):
    """No debrief has anything left to ask."""


class RecallDue(Reason, code="recall-due"):
    """The takeaway is about to be forgotten: how likely it is still recalled when the touch
    comes."""

    due: Unsaid[date]
    retrievability: Share


class StageReached(Reason, code="stage-reached"):
    """The arc opened that stage so many days after the experience."""

    stage: Stage
    day: int


class AskedAgain(Reason, code="asked-again"):
    """It was asked so many times in vain."""

    asked: Unsaid[int]


class AnotherExperience(Reason, code="another-experience"):
    """It belongs to another experience than the touch's first question."""

    enrolment: Unsaid[str]


class YouCame(Reason, code="you-came"):
    """The learner came by themself."""


class ZoneUnknown(Reason, code="zone-unknown"):
    """Not a zone of the IANA list."""

    zone: str
