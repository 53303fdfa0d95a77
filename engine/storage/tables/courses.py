"""The tables of courses: installed packs (global, immutable), host courses with their outline,
placements, members and cohorts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, TenantRow
from engine.storage.types import Line, new_id

_RUNS = text("ended_at IS NULL AND ends_on IS NOT NULL")
_OWED = text("owed IS NOT NULL")


class PackVersion(Base):
    """One installed version of a pack, as the zip of its files. Global; never changed once
    installed."""

    __tablename__ = "pack_version"
    pack: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    archive: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    installed_at: Mapped[datetime]


class Course(TenantRow, Base):
    """A host course: its outline as imported, the experience minutes per week the teacher allows,
    pins and bans.

    ``pins`` are ``[module, section]`` pairs, ``bans`` are module keys (``pack/module``);
    ``left_out`` is what the last slotting left out, each with its reasons; ``undo`` is the plan
    that it replaced, as ``engine.courses.plans`` writes it.

    ``announces``: whether learners are told that an experience has opened; None: as is usual, which
    is yes, but not in a course of an LMS.

    ``ends_on`` is the last local day on which it runs, and ``ended_at`` when it ended;
    ``at_end`` says what then becomes of open debriefs (finish, stop), and ``owed`` what the worker
    has yet to do with them (stop, resume).
    """

    __tablename__ = "course"
    __table_args__ = (
        Index("uq__course__tenant_slug", "tenant", "slug", unique=True),
        Index("ix__course__ends", "ends_on", sqlite_where=_RUNS, postgresql_where=_RUNS),
        Index("ix__course__owed", "tenant", sqlite_where=_OWED, postgresql_where=_OWED),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(Line(200))
    language: Mapped[str] = mapped_column(String(5))
    outline: Mapped[dict[str, Any]]
    weekly_minutes: Mapped[int] = mapped_column(default=12)
    pins: Mapped[list[Any]] = mapped_column(default=list)
    bans: Mapped[list[str]] = mapped_column(default=list)
    left_out: Mapped[list[Any]] = mapped_column(default=list)
    imported_at: Mapped[datetime]
    slotted_at: Mapped[datetime | None]
    ends_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    at_end: Mapped[str] = mapped_column(String(10), default="finish", server_default="finish")
    owed: Mapped[str | None] = mapped_column(String(10))
    undo: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    announces: Mapped[bool | None]


class Placement(TenantRow, Base):
    """A module placed in a section, with the reasons. ``fit`` is in 0–1; minutes are experience
    minutes."""

    __tablename__ = "placement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "course"], ["course.tenant", "course.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["pack", "version"], ["pack_version.pack", "pack_version.version"]),
    )
    course: Mapped[str] = mapped_column(String(32), primary_key=True)
    section: Mapped[str] = mapped_column(String(60), primary_key=True)
    pack: Mapped[str] = mapped_column(String(60))
    version: Mapped[str] = mapped_column(String(40))
    module: Mapped[str] = mapped_column(String(60))
    minutes: Mapped[int]
    fit: Mapped[float]
    pinned: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[Any]] = mapped_column(default=list)


class Membership(TenantRow, Base):
    """A person in a course. ``role``: learner or facilitator, as ``role_source`` said last: here,
    or an LMS by deep-linking, launch or roster."""

    __tablename__ = "membership"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "course"], ["course.tenant", "course.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["tenant", "account"], ["account.tenant", "account.id"], ondelete="CASCADE"
        ),
        Index("ix__membership__tenant_account", "tenant", "account"),
    )
    course: Mapped[str] = mapped_column(String(32), primary_key=True)
    account: Mapped[str] = mapped_column(String(32), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), default="learner")
    role_source: Mapped[str] = mapped_column(String(20), default="here", server_default="here")
    joined_at: Mapped[datetime]


class Cohort(TenantRow, Base):
    """A group of learners inside a course."""

    __tablename__ = "cohort"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "course"], ["course.tenant", "course.id"], ondelete="CASCADE"
        ),
        Index("ix__cohort__tenant_course", "tenant", "course"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    course: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(Line(200))


class CohortMember(TenantRow, Base):
    """A person in a cohort."""

    __tablename__ = "cohort_member"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "cohort"], ["cohort.tenant", "cohort.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["tenant", "account"], ["account.tenant", "account.id"], ondelete="CASCADE"
        ),
        Index("ix__cohort_member__tenant_account", "tenant", "account"),
    )
    cohort: Mapped[str] = mapped_column(String(32), primary_key=True)
    account: Mapped[str] = mapped_column(String(32), primary_key=True)
