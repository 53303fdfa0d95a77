"""The tables of mails that somebody asked for: invitations to a course, addresses to confirm, a
course's news on Mondays, and links to sign in or to set a new password; and of announcements, which
leave in the same way."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, TenantRow
from engine.storage.types import Line

_WAITING = text("state = 'waiting'")


def _next(table: str) -> Index:
    """By which the worker finds what is due, however much has been sent."""
    name = f"ix__{table}__next"
    return Index(name, "tenant", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING)


class OnItsWay:
    """What such a row carries until its mail has left. ``state``: waiting, sent (it left),
    withdrawn (there was nobody to send it to), parked (refused for good, or too often; a person
    sees it).

    Wall time throughout. It goes to ``email``; ``number`` counts how often it was asked for, and
    begins anew with a row that was forgotten. ``next_at`` is the next try, ``lease_until`` and
    ``owner`` say who is sending it.
    """

    email: Mapped[str] = mapped_column(String(254))
    number: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None]

    def ask(self, wall: datetime) -> None:
        """Makes it due now, as if nothing had been tried."""
        self.state, self.attempts, self.next_at = "waiting", 0, wall
        self.owner = self.lease_until = self.error = self.sent_at = None


class Invitation(TenantRow, OnItsWay, Base):
    """An address invited to a course. Whoever has it becomes a member by accepting, and not before.

    ``number`` is in the link, so that a newer link ends the older ones; ``asked_at`` is in
    the id of the mail. It and ``accepted_at`` are wall times; ``invited_by`` is an account,
    None for the command line. ``name`` and ``cohort`` (of whoever has no name yet, and the group
    that they join) come from a list; None if nobody said.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "course"], ["course.tenant", "course.id"], ondelete="CASCADE"
        ),
        _next(__tablename__),
        Index("ix__invitation__asked", "tenant", "asked_at"),
    )
    course: Mapped[str] = mapped_column(String(32), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    language: Mapped[str] = mapped_column(String(5))
    invited_by: Mapped[str | None] = mapped_column(String(32))
    asked_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    name: Mapped[str | None] = mapped_column(Line(200))
    cohort: Mapped[str | None] = mapped_column(Line(200))


class Announcement(TenantRow, OnItsWay, Base):
    """What a learner is told on one local day (``day``, learning time): at most one message. It
    leaves by itself, or beside the questions of ``touch`` (``state`` carried, then). ``items`` are
    ``[kind, subject]`` pairs of ``engine.spacing.announcing``."""

    __tablename__ = "announcement"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "learner"], ["learner.tenant", "learner.id"]),
        _next(__tablename__),
    )
    learner: Mapped[str] = mapped_column(String(32), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    items: Mapped[list[Any]]
    touch: Mapped[int | None]


class AddressClaim(TenantRow, OnItsWay, Base):
    """An address that somebody without one says is theirs, until they confirm it. The last one they
    named counts."""

    __tablename__ = "address_claim"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "account"], ["account.tenant", "account.id"], ondelete="CASCADE"
        ),
        _next(__tablename__),
    )
    account: Mapped[str] = mapped_column(String(32), primary_key=True)
    language: Mapped[str] = mapped_column(String(5))
    asked_at: Mapped[datetime]


class MondayMail(TenantRow, OnItsWay, Base):
    """Somebody who runs a course wishes to hear of it on Mondays; without a row, they do not.

    ``due_at`` is the next such morning (learning time); ``week`` the ISO week of the mail that was
    asked for last, empty until then: with the course and the account it names a mail. ``state`` is
    idle until then.
    """

    __tablename__ = "monday_mail"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "course"], ["course.tenant", "course.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["tenant", "account"], ["account.tenant", "account.id"], ondelete="CASCADE"
        ),
        _next(__tablename__),
        Index("ix__monday_mail__due", "due_at"),
    )
    course: Mapped[str] = mapped_column(String(32), primary_key=True)
    account: Mapped[str] = mapped_column(String(32), primary_key=True)
    week: Mapped[str] = mapped_column(String(8), default="")
    due_at: Mapped[datetime]


class AskedLink(OnItsWay, Base):
    """A link to sign in (``kind`` magic), to set a new password (reset) or the first one (welcome)
    that was asked for at an address, whether or not anybody has it. Global, since it guards
    sign-in. The link is valid until ``until`` (wall time), and so is the row."""

    __tablename__ = "asked_link"
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    until: Mapped[datetime]
