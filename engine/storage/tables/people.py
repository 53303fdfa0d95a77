"""The tables of people: accounts that sign in, learners with their contract, rhythm and pace, and
the gate's counts."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ForeignKeyConstraint, Index, String, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.spacing.values import Rhythm
from engine.storage.tables.base import Base, TenantRow
from engine.storage.types import Line, RoleSet, new_id
from engine.values.languages import LANGUAGES
from engine.values.roles import LEARNER

DEFAULT = Rhythm()
_TO_LOOK_AT = text("announce_at IS NOT NULL")


class Account(TenantRow, Base):
    """A person who can sign in. ``roles``: one or several of ``engine.values.roles``.

    ``epoch`` grows whenever every session and every link to sign in must become invalid (new
    password, such a link used). ``link_epoch`` grows only with a new password: links to answer
    outlive a sign-in by mail, which is no sign that anybody else has them.
    """

    __tablename__ = "account"
    __table_args__ = (
        Index("ix__account__email", "email"),
        Index("uq__account__tenant_email", "tenant", "email", unique=True),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    email: Mapped[str | None] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(Line(120), default="")
    language: Mapped[str] = mapped_column(String(5), default=LANGUAGES[0])
    roles: Mapped[frozenset[str]] = mapped_column(RoleSet, default=frozenset({LEARNER}))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    epoch: Mapped[int] = mapped_column(default=0)
    link_epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]


class Learner(TenantRow, Base):
    """The learning side of an account (same id): trust contract, channel, rhythm, pace. Minutes are
    touch minutes.

    ``channel``: mail, or inbox (no mail); ``Address`` has the other ways to reach them.
    What was asked in touches up to ``asked_afresh_after`` counts as never asked: after three missed
    ones the learner said how to go on. ``days_off`` are ISO weekdays. ``hour``, ``opens``,
    ``closes`` are local.

    ``announcements``: whether they want to be told by mail that something waits for them;
    ``announced_on`` is the last local day on which they were, ``announce_at`` when to look next
    whether there is something to tell (None: not before something happens).
    """

    __tablename__ = "learner"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "id"], ["account.tenant", "account.id"]),
        Index(
            "ix__learner__announce",
            "announce_at",
            sqlite_where=_TO_LOOK_AT,
            postgresql_where=_TO_LOOK_AT,
        ),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    contract_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(String(20), default="mail")
    zone: Mapped[str] = mapped_column(String(60), default=DEFAULT.zone)
    hour: Mapped[time] = mapped_column(default=DEFAULT.hour)
    opens: Mapped[time] = mapped_column(default=DEFAULT.opens)
    closes: Mapped[time] = mapped_column(default=DEFAULT.closes)
    days_off: Mapped[list[int]] = mapped_column(default=lambda: sorted(DEFAULT.days_off))
    country: Mapped[str] = mapped_column(String(2), default=DEFAULT.country)
    touch_minutes: Mapped[float] = mapped_column(default=DEFAULT.touch_minutes)
    week_minutes: Mapped[float] = mapped_column(default=DEFAULT.week_minutes)
    gap_days: Mapped[int] = mapped_column(default=DEFAULT.gap_days)
    paused_until: Mapped[date | None]
    not_before: Mapped[datetime | None]
    missed_in_a_row: Mapped[int] = mapped_column(default=0)
    gap_factor: Mapped[float] = mapped_column(default=1.0)
    asked_to_lighten: Mapped[bool] = mapped_column(default=False)
    asked_afresh_after: Mapped[int] = mapped_column(default=0, server_default="0")
    last_touch: Mapped[int] = mapped_column(default=0)
    announcements: Mapped[bool] = mapped_column(default=True, server_default=true())
    announced_on: Mapped[date | None]
    announce_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="joined")


class Address(TenantRow, Base):
    """Where a channel other than mail reaches somebody: they chose it by giving it. Mail reaches
    ``Account.email``."""

    __tablename__ = "address"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "account"], ["account.tenant", "account.id"], ondelete="CASCADE"
        ),
    )
    account: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(2000))


class Throttle(Base):
    """Tries for one key (a keyed hash of who does what) in one window of wall time. Global, since
    it guards what strangers may do."""

    __tablename__ = "throttle"
    __table_args__ = (Index("ix__throttle__since", "since"),)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
