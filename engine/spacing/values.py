"""The values that spacing decides on: a learner's rhythm, pace, debriefs and past touches in; a
touch, or nothing, out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from engine.packs.arcs import Arc
from engine.values.reasons import Reason

TouchEnd = Literal["open", "answered", "missed", "snoozed"]


@dataclass(frozen=True)
class Cap:
    """How harsh a rhythm may be at most: the earliest and latest local hours, the most touch
    minutes, the shortest gap in days."""

    opens: time
    closes: time
    touch_minutes: float
    week_minutes: float
    gap_days: int


HARSHEST = Cap(time(8, 30), time(18, 30), touch_minutes=3, week_minutes=6, gap_days=2)
"""What is promised to every learner, whatever they, their organisation or a pack wish."""


@dataclass(frozen=True)
class Rhythm:
    """The limits of one learner in their own zone. ``Rhythm()`` is the default, for everybody
    whose organisation set no gentler one; no rhythm is harsher than ``HARSHEST``.

    ``opens``/``closes`` bound the allowed hours, ``hour`` is the wished one; ``days_off`` are ISO
    weekdays (1 = Monday); ``country`` (ISO 3166-1) names whose public holidays are off, "" for
    none; minutes are touch minutes; gap in days.
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
    """How the learner keeps up. ``gap_factor`` widens the gap (× 1.5 a missed touch); after
    three in a row: ask once."""

    missed_in_a_row: int = 0
    gap_factor: float = 1.0
    asked_to_lighten: bool = False


@dataclass(frozen=True)
class PastTouch:
    """A touch that was sent: its number, when (UTC), its minutes, and how it ended (``open``: it
    has not)."""

    number: int
    sent_at: datetime
    minutes: float
    end: TouchEnd


@dataclass(frozen=True)
class PromptState:
    """One prompt of one debrief: how often it was asked, whether it was answered, and its memory
    card (recall only).

    ``gain`` is what an answer is worth, on the scale of retention 30 days ahead (0–1);
    ``own_words`` whether it is answered in words of one's own. ``card`` is the py-fsrs card as JSON
    text, None before the first recall; from then on it says what recall is worth. ``follows`` names
    the prompt whose answer this one comes back to: without an answer there, there is nothing to
    come back to.
    """

    id: str
    stage: str
    minutes: float
    gain: float
    own_words: bool = False
    asked: int = 0
    answered: int = 0
    takeaway: str | None = None
    card: str | None = None
    follows: str | None = None


@dataclass(frozen=True)
class DebriefState:
    """The debrief of one finished experience."""

    enrolment: str
    finished_at: datetime
    arc: Arc
    prompts: tuple[PromptState, ...]


@dataclass(frozen=True)
class LearnerState:
    """Everything ``decide`` looks at. ``consented`` is False before the trust contract and after
    « stop »."""

    consented: bool
    rhythm: Rhythm = Rhythm()
    pace: Pace = Pace()
    paused_until: date | None = None
    not_before: datetime | None = None
    touches: tuple[PastTouch, ...] = ()
    debriefs: tuple[DebriefState, ...] = ()


@dataclass(frozen=True)
class PlannedPrompt:
    """One prompt of a touch. ``occurrence`` counts from 1; reasons say why this question."""

    enrolment: str
    prompt: str
    occurrence: int
    minutes: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Touch:
    """One message to come: when (UTC), until when it can be answered, 1–3 prompts, and why now.

    ``prompts`` is empty only for the one question after three missed touches: go lighter, or stop?
    """

    due_at: datetime
    expires_at: datetime
    prompts: tuple[PlannedPrompt, ...]
    minutes: float
    reasons: tuple[Reason, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Nothing:
    """No touch, and why."""

    reason: Reason
