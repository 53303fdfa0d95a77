"""The tables of what learners did: experiences begun, acts at their tables, answers to prompts,
memory cards of takeaways, and news of them for other systems."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, TenantRow
from engine.storage.types import new_id

_IN_DEBRIEF = text("finished_at IS NOT NULL AND closed_at IS NULL")

LEFT, OVER = "left", "course-over"
GONE = (LEFT, OVER)
"""The ``closed_as`` of debriefs about which nothing is asked any more, since their learner left the
course, or the course ended and stopped them."""


class Enrolment(TenantRow, Base):
    """One learner in one module, on the pack version they began, or the patch that mended its words
    since. A module is lived only once.

    ``closed_at`` is set when its debrief is complete (``closed_as`` complete) or over (ended), or
    when the learner leaves its course (left), which coming back undoes; spacing then ignores it. It
    is played at ``table`` from ``seat``; a learner who plays alone has a table to themselves.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "learner"], ["learner.tenant", "learner.id"]),
        ForeignKeyConstraint(["pack", "version"], ["pack_version.pack", "pack_version.version"]),
        Index(
            "uq__enrolment__tenant_learner_pack_module",
            "tenant",
            "learner",
            "pack",
            "module",
            unique=True,
        ),
        Index("ix__enrolment__course", "tenant", "course"),
        Index(
            "ix__enrolment__lived",  # all that a course is counted by, so that no row is read
            "tenant",
            "learner",
            "course",
            "pack",
            "module",
            "started_at",
            "finished_at",
            "closed_at",
            "closed_as",
        ),
        Index("uq__enrolment__tenant_table_seat", "tenant", "table", "seat", unique=True),
        Index(
            "ix__enrolment__in_debrief",
            "finished_at",
            sqlite_where=_IN_DEBRIEF,
            postgresql_where=_IN_DEBRIEF,
        ),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    learner: Mapped[str] = mapped_column(String(32))
    course: Mapped[str] = mapped_column(String(32))
    section: Mapped[str] = mapped_column(String(60))
    pack: Mapped[str] = mapped_column(String(60))
    version: Mapped[str] = mapped_column(String(40))
    module: Mapped[str] = mapped_column(String(60))
    table: Mapped[str] = mapped_column(String(32), default=new_id, server_default=text("''"))
    seat: Mapped[int] = mapped_column(default=1, server_default="1")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_as: Mapped[str | None] = mapped_column(String(20))


class Act(TenantRow, Base):
    """One act in the log of a table, numbered from 1. The key makes a double submit harmless and
    keeps two hands from making two histories. ``said`` maps field ids to JSON values. One that
    ``takes_back`` an earlier one says nothing itself: the log keeps both, and neither stands.

    At a table of several it outlives who did it, since the others' history stands on it: ``bare``
    is what is left of ``said`` when they are erased, without their words (None: all of it).
    """

    __tablename__ = "act"
    table: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat: Mapped[int]
    said: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    takes_back: Mapped[int | None]
    bare: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Answer(TenantRow, Base):
    """A learner's answer to one occurrence of a prompt, in the words of that ``version`` of the
    pack. ``card_before`` allows a mis-tap to be undone."""

    __tablename__ = "answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "enrolment"], ["enrolment.tenant", "enrolment.id"], ondelete="CASCADE"
        ),
    )
    enrolment: Mapped[str] = mapped_column(String(32), primary_key=True)
    prompt: Mapped[str] = mapped_column(String(60), primary_key=True)
    occurrence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    touch: Mapped[int]
    version: Mapped[str] = mapped_column(String(40))
    content: Mapped[dict[str, Any]]
    card_before: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime]


class Memory(TenantRow, Base):
    """The memory card of a takeaway (py-fsrs, as JSON), created at its first recall."""

    __tablename__ = "memory"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "enrolment"], ["enrolment.tenant", "enrolment.id"], ondelete="CASCADE"
        ),
    )
    enrolment: Mapped[str] = mapped_column(String(32), primary_key=True)
    takeaway: Mapped[str] = mapped_column(String(60), primary_key=True)
    card: Mapped[str] = mapped_column(Text)


class Outbox(TenantRow, Base):
    """News of an experience for other systems (a gradebook), written in the transaction that causes
    it.

    There is one row per experience, whatever happens to it: the reader looks at the current state.
    ``version`` grows with each piece of news. ``state``: waiting, sending, done, parked.
    ``next_at`` None means at once; of what is done,
    it says since when. Leases and tries are in wall time.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "enrolment"], ["enrolment.tenant", "enrolment.id"], ondelete="CASCADE"
        ),
        Index("ix__outbox__due", "tenant", "state", "next_at"),
    )
    enrolment: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    next_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
