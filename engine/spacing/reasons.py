"""Why a question comes when it does, why it was chosen, and why none may come: the reasons of
spacing."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from engine.values.reasons import Reason, Share, Unsaid, Vocabulary

Stage = Annotated[str, Vocabulary("stage")]


class YourHour(Reason, code="your-hour"):
    """The touch falls due at the learner's hour."""

    hour: time
    zone: Unsaid[str]


class WeekMinutesLeft(Reason, code="week-minutes-left"):
    """The minutes of its seven days that the touch leaves unused."""

    left: float
    limit: float


class Gap(Reason, code="gap"):
    """Fewer than ``days`` have passed since the touch of ``last``; ``missed`` touches in a row
    widened the gap."""

    last: date
    days: int
    missed: Unsaid[int]


class DayOff(Reason, code="day-off"):
    """That weekday is off in the learner's rhythm."""

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
    """The touch is longer than one touch may be."""

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
    """The learner's hour on that day has passed."""

    day: date
    hour: time


class AskedToLighten(Reason, code="asked-to-lighten"):
    """This many touches were missed in a row, so the touch asks: lighter, or stop?"""

    missed: Unsaid[int]


class NoConsent(Reason, code="no-consent"):
    """The contract was not accepted, or the learner stopped."""


class TouchOpen(Reason, code="touch-open"):
    """A touch is open already, and there can be only one."""


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
    """The takeaway is about to be forgotten; ``retrievability`` is the probability that it will
    still be recalled when the touch comes."""

    due: Unsaid[date]
    retrievability: Share


class StageReached(Reason, code="stage-reached"):
    """The arc opened that stage this many days after the experience."""

    stage: Stage
    day: int


class AskedAgain(Reason, code="asked-again"):
    """It was asked this many times without an answer."""

    asked: Unsaid[int]


class AnotherExperience(Reason, code="another-experience"):
    """It belongs to a different experience from that of the touch's first question."""

    enrolment: Unsaid[str]


class YouCame(Reason, code="you-came"):
    """The learner came unprompted."""


class ZoneUnknown(Reason, code="zone-unknown"):
    """Not a zone in the IANA database."""

    zone: str
