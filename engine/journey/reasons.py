"""Why a learner cannot have what they ask for: the reasons of the journey."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from engine.spacing.limits import WIDEST_GAP
from engine.spacing.values import HARSHEST
from engine.values.reasons import Reason, Title, Unsaid


class TouchUnknown(Reason, code="touch-unknown"):
    """The learner has no touch of that number."""


class TouchPlanned(Reason, code="touch-planned"):
    """The touch has not come yet."""


class TouchMissed(Reason, code="touch-missed"):
    """The touch has expired."""


class TouchSnoozed(Reason, code="touch-snoozed"):
    """The learner put the touch off."""


class TouchAnswered(Reason, code="touch-answered"):
    """Every prompt of the touch is answered."""


class PromptUnknown(Reason, code="prompt-unknown"):
    """No such prompt is open to the learner."""


class AnswerUnknown(Reason, code="answer-unknown"):
    """There is no such answer (any more)."""


class AlreadyAnswered(Reason, code="already-answered"):
    """The first answer stands."""


class AnsweredElsewhere(Reason, code="answered-elsewhere"):
    """The answer was not given here, and is neither shown nor taken back here."""


class TooLateToUndo(Reason, code="too-late-to-undo"):
    """The touch has expired, or a later one came."""


class YouChose(Reason, code="you-chose"):
    """The learner chose this prompt on their path."""


class LearnerUnknown(Reason, code="learner-unknown"):
    """The organisation has no such learner."""


class EnrolmentUnknown(Reason, code="enrolment-unknown"):
    """The learner has no such experience."""


class NotNamedYet(Reason, code="not-named-yet"):
    """Questions that lead to the reveal are still to come."""


class PlacementUnknown(Reason, code="placement-unknown"):
    """No experience is placed in that section."""


class PrerequisiteFirst(Reason, code="prerequisite-first"):
    """These experiences have to be finished first."""

    modules: tuple[Title, ...]


class OpensLater(Reason, code="opens-later"):
    """The experience opens with its section, on that day."""

    from_day: date


class LastAdministrator(Reason, code="last-administrator"):
    """Nobody else administers the organisation."""


class AlreadyDecided(Reason, code="already-decided"):
    """This act was already taken, differently."""


class ChoiceStands(Reason, code="choice-stands"):
    """The last act can no longer be taken back: the next one, or a question, has come."""


class NothingOpen(Reason, code="nothing-open"):
    """No touch is open."""


class SnoozeDays(Reason, code="snooze-days"):
    """A touch can only be put off by one of these numbers of days."""

    offered: tuple[int, ...]


class PausePast(Reason, code="pause-past"):
    """A pause has to end after today."""

    today: Unsaid[date]


class PauseTooLong(Reason, code="pause-too-long"):
    """A pause has to end on that day at the latest."""

    last: date


class CourseOver(Reason, code="course-over"):
    """The course has ended: nothing new opens in it, and nobody new joins."""


class NotInOwnWords(Reason, code="not-in-own-words"):
    """Only an answer in one's own words is shared."""


class FloorTooLow(Reason, code="floor-too-low"):
    """Fewer people than those from whom on anything may be seen, or absurdly many."""

    least: int
    most: int


class ContractFirst(Reason, code="contract-first"):
    """The trust contract comes before everything else."""


class PreferenceChannel(Reason, code="preference-channel"):
    """Not a channel that a learner can choose."""


class PreferenceLanguage(Reason, code="preference-language"):
    """Not a language of the pages."""


class PreferenceZone(Reason, code="preference-zone"):
    """Not a time zone named after a place."""


class PreferenceCountry(Reason, code="preference-country"):
    """Not a country whose holidays are known."""


class PreferenceOpens(Reason, code="preference-opens"):
    """The allowed hours begin too early, or are not hours at all."""

    earliest: time


class PreferenceCloses(Reason, code="preference-closes"):
    """The allowed hours end too late, or before they begin."""

    latest: time


class PreferenceHour(Reason, code="preference-hour"):
    """The wished hour is outside the allowed ones."""


class PreferenceDaysOff(Reason, code="preference-days-off"):
    """Not weekdays, or all of them."""


class PreferenceTouchMinutes(Reason, code="preference-touch-minutes"):
    """Outside the minutes that one touch may take."""

    most: float


class PreferenceWeekMinutes(Reason, code="preference-week-minutes"):
    """Outside the minutes that a week may take, or less than one touch."""

    most: float


class PreferenceGapDays(Reason, code="preference-gap-days"):
    """Outside the gaps that can be chosen."""

    least: int
    most: int


class MailWithoutAddress(Reason, code="preference-mail-without-address"):
    """Mail was chosen by a learner who has no address."""


PREFERENCES: Mapping[str, Reason] = {
    "channel": PreferenceChannel(),
    "language": PreferenceLanguage(),
    "zone": PreferenceZone(),
    "country": PreferenceCountry(),
    "opens": PreferenceOpens(HARSHEST.opens),
    "closes": PreferenceCloses(HARSHEST.closes),
    "hour": PreferenceHour(),
    "days_off": PreferenceDaysOff(),
    "touch_minutes": PreferenceTouchMinutes(HARSHEST.touch_minutes),
    "week_minutes": PreferenceWeekMinutes(HARSHEST.week_minutes),
    "gap_days": PreferenceGapDays(HARSHEST.gap_days, WIDEST_GAP),
}
"""The reason given for an invalid preference, by the name of the preference."""
NOT_OPEN: Mapping[str, Reason] = {
    "planned": TouchPlanned(),
    "missed": TouchMissed(),
    "unsent": TouchMissed(),
    "snoozed": TouchSnoozed(),
    "answered": TouchAnswered(),
}
"""The reason given for a touch that cannot be answered, by its state."""


class TableWentOn(Reason, code="table-went-on"):
    """The step that was answered is over: the others went on, or a recorded voice spoke."""


class GuestTooLate(Reason, code="guest-too-late"):
    """Whom the learner met has answered, or is asked no more."""


class TableFull(Reason, code="table-full"):
    """Every seat of that table is taken, or it has begun."""


class TableUnknown(Reason, code="table-unknown"):
    """No such table for this person."""


class NotForSeveral(Reason, code="not-for-several"):
    """That experience is lived alone."""


class OnlyLive(Reason, code="only-live"):
    """Everybody has to be there at the same time: such a table is opened for a cohort, live."""
