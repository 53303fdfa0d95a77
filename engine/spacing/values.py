"""The values that spacing decides on: it takes a learner's rhythm, pace, debriefs and past touches,
and returns a touch or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from engine.packs.arcs import Arc
from engine.values.reasons import Reason

TouchEnd = Literal["open", "answered", "missed", "snoozed", "unsent"]


@dataclass(frozen=True)
class Cap:
    """The harshest that a rhythm may be: the earliest and latest local hours, the most touch
    minutes per touch and per week, and the shortest gap in days."""

    opens: time
    closes: time
    touch_minutes: float
    week_minutes: float
    gap_days: int


HARSHEST = Cap(time(8, 30), time(18, 30), touch_minutes=3, week_minutes=6, gap_days=2)
"""The promise to every learner, whatever they, their organisation or a pack wish."""


@dataclass(frozen=True)
class Rhythm:
    """The limits of one learner in their own zone. ``Rhythm()`` is the default for learners whose
    organisation set no gentler one; no rhythm is harsher than ``HARSHEST``.

    ``opens`` and ``closes`` bound the allowed hours and ``hour`` is the wished one; ``days_off``
    are ISO weekdays (1 = Monday); ``country`` (ISO 3166-1) is the country whose public holidays are
    off, "" for none; minutes are touch minutes; the gap is in days.
    """

    zone: str = "Europe/Paris"
    hour: time = time(8, 40)
    opens: time = time(8, 30)
    closes: time = time(18, 30)
    days_off: frozenset[int] = frozenset({6, 7})
    country: str = "FR"
    touch_minutes: float = 3
    week_minutes: float = 6
    gap_days: int = 2


@dataclass(frozen=True)
class Pace:
    """How the learner keeps up. ``gap_factor`` widens the gap (× 1.5 per missed touch); after three
    missed in a row, the learner is asked once whether to lighten."""

    missed_in_a_row: int = 0
    gap_factor: float = 1.0
    asked_to_lighten: bool = False


@dataclass(frozen=True)
class PastTouch:
    """A touch that was sent: its number, when it was sent (UTC), its minutes, and how it ended
    (``open``: it has not ended; ``unsent``: its only mail never left, so nobody missed it)."""

    number: int
    sent_at: datetime
    minutes: float
    end: TouchEnd


@dataclass(frozen=True)
class PromptState:
    """One prompt of one debrief: how often it was asked and answered, and its memory card (recall
    only). ``occurrences`` is how often it was put into a touch, whether or not that counts as
    asking: one put off, or from before the learner said how to go on, does not.

    ``gain`` is what an answer is worth, on the scale of retention 30 days ahead (0–1);
    ``own_words`` is whether it is answered in the learner's own words. ``card`` is the py-fsrs card
    as JSON text, None before the first recall; once it exists, it determines what recall is worth.
    ``follows`` is the id of the prompt whose answer this one follows up on; without that answer
    there is nothing to follow up on.
    """

    id: str
    stage: str
    minutes: float
    gain: float
    own_words: bool = False
    asked: int = 0
    answered: int = 0
    occurrences: int = 0
    takeaway: str | None = None
    card: str | None = None
    follows: str | None = None

    @property
    def next_occurrence(self) -> int:
        """The number of its next occurrence, from 1."""
        return max(self.occurrences, self.asked, self.answered) + 1


@dataclass(frozen=True)
class DebriefState:
    """The debrief of one finished experience. ``named``: its real subject has been read, whether an
    answer opened it or the learner chose to read it."""

    enrolment: str
    finished_at: datetime
    arc: Arc
    prompts: tuple[PromptState, ...]
    named: bool = False


@dataclass(frozen=True)
class LearnerState:
    """Everything that ``decide`` looks at. ``consented`` is False before the trust contract and
    after « stop »."""

    consented: bool
    rhythm: Rhythm = Rhythm()
    pace: Pace = Pace()
    paused_until: date | None = None
    not_before: datetime | None = None
    touches: tuple[PastTouch, ...] = ()
    debriefs: tuple[DebriefState, ...] = ()


@dataclass(frozen=True)
class PlannedPrompt:
    """One prompt of a touch. ``occurrence`` counts from 1; ``reasons`` say why this question."""

    enrolment: str
    prompt: str
    occurrence: int
    minutes: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Touch:
    """A future message: when it is due (UTC), until when it can be answered, 1–3 prompts, and why
    now.

    ``prompts`` is empty only for the one question after three missed touches: lighter, or stop?
    """

    due_at: datetime
    expires_at: datetime
    prompts: tuple[PlannedPrompt, ...]
    minutes: float
    reasons: tuple[Reason, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Nothing:
    """No touch, and the reason."""

    reason: Reason
