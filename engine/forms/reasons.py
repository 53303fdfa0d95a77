"""How answers read where their words are not the author's, and what is wrong with one."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from engine.values.reasons import Reason, Vocabulary


class RecallGrade(Reason, code="grade"):
    """One of the four grades of recall."""

    grade: Annotated[str, Vocabulary("grade")]


class PlainValue(Reason, code="plain-value"):
    """A number or a day that needs no other words than how a language writes it."""

    value: float | date


class Point(Reason, code="point"):
    """A level of a scale between the names of its ends."""

    point: int
    points: int
    low: str
    high: str


class PlaceOnPlane(Reason, code="place"):
    """Steps on a plane between the names of its four sides."""

    x: int
    y: int
    steps: int
    left: str
    right: str
    bottom: str
    top: str


class HappenedAnswer(Reason, code="happened"):
    """Whether a plan happened, and one line."""

    happened: Annotated[str, Vocabulary("happened")]
    note: str | None = None


class SignsAnswer(Reason, code="signs"):
    """Whether one still signs an earlier answer, and one line."""

    signs: Annotated[str, Vocabulary("signs")]
    note: str | None = None


class ScaleInvitation(Reason, code="scale-invitation"):
    """What comes before the taps of a scale, in a mail."""

    low: str
    most: int
    high: str


class RecallInvitation(Reason, code="recall-invitation"):
    """What comes before the taps of a recall, in a mail."""


class AnswerEmpty(Reason, code="answer-empty"):
    """Nothing was said."""


class AnswerTooLong(Reason, code="answer-too-long"):
    """``length`` characters, where ``limit`` are allowed."""

    limit: int
    length: int


class AnswerNotOffered(Reason, code="answer-not-offered"):
    """Not one of the answers offered."""


class AnswerMalformed(Reason, code="answer-malformed"):
    """Cannot be read at all."""


class AnswerOutOfRange(Reason, code="answer-out-of-range"):
    """Outside the bounds, both included."""

    least: float | date
    most: float | date


class AnswerTooMany(Reason, code="answer-too-many"):
    """More choices than allowed."""

    most: int


class AnswerSameTwice(Reason, code="answer-same-twice"):
    """The two ends of a link are one."""


class HoursTooMany(Reason, code="hours-too-many"):
    """More hours were taken than there are."""

    hours: int
    most: int


class NotchesTooMany(Reason, code="notches-too-many"):
    """More notches were moved than may move."""

    moved: int
    most: int


class RewordedTooFar(Reason, code="reworded-too-far"):
    """More words were changed than may change."""

    changed: int
    most: int


class ActorsMoved(Reason, code="actors-moved"):
    """More actors were moved than may move."""

    moved: int
    most: int


class NothingMoved(Reason, code="nothing-moved"):
    """All stayed where they were."""
