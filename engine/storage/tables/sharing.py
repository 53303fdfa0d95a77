"""The tables of what people of a course say to each other: sentences that learners share, and a
facilitator's word to all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, TenantRow


class Shared(TenantRow, Base):
    """An answer that its learner shares with a course. The words stay in the answer alone, so that
    they go with it, whatever takes it away. ``hidden_at``: who runs the course took it out of
    others' sight, for the reason ``why`` if they gave one."""

    __tablename__ = "shared"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "enrolment", "prompt", "occurrence"],
            ["answer.tenant", "answer.enrolment", "answer.prompt", "answer.occurrence"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["tenant", "course"], ["course.tenant", "course.id"], ondelete="CASCADE"
        ),
        Index("ix__shared__course", "tenant", "course", "shared_at"),
        Index("ix__shared__learner", "tenant", "learner"),
    )
    enrolment: Mapped[str] = mapped_column(String(32), primary_key=True)
    prompt: Mapped[str] = mapped_column(String(60), primary_key=True)
    occurrence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    learner: Mapped[str] = mapped_column(String(32))
    course: Mapped[str] = mapped_column(String(32))
    shared_at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]
    why: Mapped[str | None] = mapped_column(String(300))


class CourseWord(TenantRow, Base):
    """The word that ``account``, who runs a course, adds to the next touch of each of its learners.
    Another word takes its place."""

    __tablename__ = "course_word"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "course"], ["course.tenant", "course.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["tenant", "account"], ["account.tenant", "account.id"], ondelete="CASCADE"
        ),
        Index("ix__course_word__account", "tenant", "account"),
    )
    course: Mapped[str] = mapped_column(String(32), primary_key=True)
    account: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(String(300))
    written_at: Mapped[datetime]
