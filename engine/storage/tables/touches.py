"""The tables of touches: one planned touch per learner, its prompts, its deliveries,
what came of it; and the stored
clock of the demo."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, TenantRow

_OF_TOUCH = ["tenant", "learner", "touch"], ["touch.tenant", "touch.learner", "touch.number"]
_PLANNED, _OPEN = text("state = 'planned'"), text("state = 'open'")
_PARKED = text("state = 'parked'")


class Touch(TenantRow, Base):
    """One message to a learner. ``state``: planned, open, answered (in full or in part), missed,
    snoozed, unsent (its only mail never left).

    A learner has at most one planned and one open touch: two partial unique indexes enforce it,
    whatever the code does. ``kind``: prompts, or lighten (the single question after three missed
    touches). ``pace_before`` is the learner's pace when the touch closed, so that undoing a mis-tap
    restores it.
    """

    __tablename__ = "touch"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "learner"], ["learner.tenant", "learner.id"]),
        Index(
            "uq__touch__planned",
            "tenant",
            "learner",
            unique=True,
            sqlite_where=_PLANNED,
            postgresql_where=_PLANNED,
        ),
        Index(
            "uq__touch__open",
            "tenant",
            "learner",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix__touch__due", "due_at", sqlite_where=_PLANNED, postgresql_where=_PLANNED),
        Index("ix__touch__expires", "expires_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    learner: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20), default="prompts")
    state: Mapped[str] = mapped_column(String(20), default="planned")
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    minutes: Mapped[float]
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    pace_before: Mapped[dict[str, Any] | None]


class TouchPrompt(TenantRow, Base):
    """One prompt of a touch; each occurrence of a prompt is asked in only one touch."""

    __tablename__ = "touch_prompt"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_TOUCH, ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["tenant", "enrolment"], ["enrolment.tenant", "enrolment.id"], ondelete="CASCADE"
        ),
        Index("ix__touch_prompt__touch", "tenant", "learner", "touch"),
    )
    enrolment: Mapped[str] = mapped_column(String(32), primary_key=True)
    prompt: Mapped[str] = mapped_column(String(60), primary_key=True)
    occurrence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    learner: Mapped[str] = mapped_column(String(32))
    touch: Mapped[int]
    position: Mapped[int]
    minutes: Mapped[float]
    reasons: Mapped[list[Any]] = mapped_column(default=list)


class Response(TenantRow, Base):
    """A touch that was answered or missed, once for each course that it asked about and its learner
    was in. Counted by ``week``: the Monday (local date of the learner) of the week in which it
    closed. One that was put off, or never left, counts neither way."""

    __tablename__ = "response"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_TOUCH, ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["tenant", "course"], ["course.tenant", "course.id"], ondelete="CASCADE"
        ),
        Index("ix__response__week", "tenant", "course", "week", "answered"),
    )
    learner: Mapped[str] = mapped_column(String(32), primary_key=True)
    touch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    course: Mapped[str] = mapped_column(String(32), primary_key=True)
    week: Mapped[date]
    answered: Mapped[bool]


class Delivery(TenantRow, Base):
    """The delivery of a touch through one channel. ``state``: waiting, sending, sent, parked,
    withdrawn.

    Wall time throughout: ``next_at`` is the next try; ``lease_until`` and ``owner`` say who is
    sending it now.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_TOUCH, ondelete="CASCADE"),
        Index(
            "ix__delivery__next",
            "tenant",
            "next_at",
            sqlite_where=text("state IN ('waiting', 'sending')"),
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
        Index(
            "ix__delivery__parked",
            "tenant",
            "learner",
            sqlite_where=_PARKED,
            postgresql_where=_PARKED,
        ),
    )
    learner: Mapped[str] = mapped_column(String(32), primary_key=True)
    touch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None]


class SendingPace(Base):
    """How fast a channel may send (``engine.delivery.pacing``), in wall time. Global, since a mail
    server is."""

    __tablename__ = "sending_pace"
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    holds: Mapped[int] = mapped_column(default=0)
    held_until: Mapped[datetime | None]


class ClockRow(Base):
    """The state of the demo's learning time: it was ``learning`` at wall time ``wall``. Global, one
    row (id 1)."""

    __tablename__ = "clock"
    id: Mapped[int] = mapped_column(primary_key=True)
    learning: Mapped[datetime]
    wall: Mapped[datetime]
    running: Mapped[bool] = mapped_column(default=True)
