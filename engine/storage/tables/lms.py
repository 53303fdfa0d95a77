"""The tables of what LMSs bring: people, courses, placed links, groups, visits in a frame, grades
on their way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, TenantRow
from engine.storage.types import Line

_REGISTRATION = ["tenant", "registration"], ["lti_registration.tenant", "lti_registration.id"]
_ACCOUNT = ["tenant", "account"], ["account.tenant", "account.id"]
_COURSE = ["tenant", "course"], ["course.tenant", "course.id"]
_CONTEXT = (
    ["tenant", "registration", "deployment", "context"],
    [
        "lti_context.tenant",
        "lti_context.registration",
        "lti_context.deployment",
        "lti_context.context",
    ],
)
_LINK = (
    ["tenant", "registration", "deployment", "link"],
    ["lti_link.tenant", "lti_link.registration", "lti_link.deployment", "lti_link.link"],
)


class LtiPerson(TenantRow, Base):
    """The account of a platform's user (``sub``) who has launched, last at ``seen_at`` (wall time);
    being listed in a roster is no launch. Never matched by e-mail: two platforms make two people.
    """

    __tablename__ = "lti_person"
    __table_args__ = (
        ForeignKeyConstraint(*_REGISTRATION, ondelete="CASCADE"),
        ForeignKeyConstraint(*_ACCOUNT, ondelete="CASCADE"),
        Index("ix__lti_person__tenant_account", "tenant", "account"),
    )
    registration: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    account: Mapped[str] = mapped_column(String(32))
    seen_at: Mapped[datetime]


class LtiContext(TenantRow, Base):
    """A platform's course and ours, with the addresses of its services as named by its last launch.
    Wall time.

    ``differences_url`` returns what changed since ``synced_at``; ``notices_at`` is when we asked to
    be notified of copies. ``learners``: how many the platform's course had at ``counted_at``.
    """

    __tablename__ = "lti_context"
    __table_args__ = (
        ForeignKeyConstraint(*_REGISTRATION, ondelete="CASCADE"),
        ForeignKeyConstraint(*_COURSE, ondelete="CASCADE"),
        Index("ix__lti_context__tenant_course", "tenant", "course"),
        Index("ix__lti_context__sync_at", "sync_at"),
    )
    registration: Mapped[str] = mapped_column(String(32), primary_key=True)
    deployment: Mapped[str] = mapped_column(String(255), primary_key=True)
    context: Mapped[str] = mapped_column(String(255), primary_key=True)
    course: Mapped[str] = mapped_column(String(32))
    roster_url: Mapped[str | None] = mapped_column(String(2000))
    differences_url: Mapped[str | None] = mapped_column(String(2000))
    line_items_url: Mapped[str | None] = mapped_column(String(2000))
    groups_url: Mapped[str | None] = mapped_column(String(2000))
    notices_url: Mapped[str | None] = mapped_column(String(2000))
    opened_at: Mapped[datetime]
    sync_at: Mapped[datetime | None]
    synced_at: Mapped[datetime | None]
    learners: Mapped[int | None]
    counted_at: Mapped[datetime | None]
    notices_at: Mapped[datetime | None]


class LtiLink(TenantRow, Base):
    """A link placed in a platform's course. ``item``: course, path, plan or experience, which has a
    ``module``.

    ``counts`` is what the teacher counts: finished, complete, or both. ``line_item`` is its column
    in the gradebook.
    """

    __tablename__ = "lti_link"
    __table_args__ = (ForeignKeyConstraint(*_CONTEXT, ondelete="CASCADE"),)
    registration: Mapped[str] = mapped_column(String(32), primary_key=True)
    deployment: Mapped[str] = mapped_column(String(255), primary_key=True)
    link: Mapped[str] = mapped_column(String(255), primary_key=True)
    context: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(Line(200), default="")
    item: Mapped[str] = mapped_column(String(20))
    module: Mapped[str | None] = mapped_column(String(121))
    counts: Mapped[str] = mapped_column(String(20), default="both")
    line_item: Mapped[str | None] = mapped_column(String(2000))
    graded: Mapped[bool] = mapped_column(default=False)


class LtiScore(TenantRow, Base):
    """The last score that a platform accepted for a person in a link; ``share`` is in 0–1. The next
    one must be later than ``stamped_at``."""

    __tablename__ = "lti_score"
    __table_args__ = (
        ForeignKeyConstraint(*_LINK, ondelete="CASCADE"),
        ForeignKeyConstraint(*_ACCOUNT, ondelete="CASCADE"),
        Index("ix__lti_score__tenant_account", "tenant", "account"),
    )
    registration: Mapped[str] = mapped_column(String(32), primary_key=True)
    deployment: Mapped[str] = mapped_column(String(255), primary_key=True)
    link: Mapped[str] = mapped_column(String(255), primary_key=True)
    account: Mapped[str] = mapped_column(String(32), primary_key=True)
    share: Mapped[float | None]
    activity: Mapped[str] = mapped_column(String(20))
    stamped_at: Mapped[datetime]


class LtiGroup(TenantRow, Base):
    """A platform's group and its cohort here."""

    __tablename__ = "lti_group"
    __table_args__ = (
        ForeignKeyConstraint(*_CONTEXT, ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["tenant", "cohort"], ["cohort.tenant", "cohort.id"], ondelete="CASCADE"
        ),
    )
    registration: Mapped[str] = mapped_column(String(32), primary_key=True)
    deployment: Mapped[str] = mapped_column(String(255), primary_key=True)
    context: Mapped[str] = mapped_column(String(255), primary_key=True)
    group: Mapped[str] = mapped_column(String(255), primary_key=True)
    cohort: Mapped[str] = mapped_column(String(32))


class LtiVisit(TenantRow, Base):
    """One launch and the session it opened; key and browser are stored as SHA-256. Wall time.

    ``browser`` is None if cookies were blocked: the key alone then identifies the visitor, and for
    a shorter time. ``session`` is what pages store during the visit. ``about`` is what pages still
    need from the launch (return address, who may frame, settings).
    """

    __tablename__ = "lti_visit"
    __table_args__ = (
        ForeignKeyConstraint(*_REGISTRATION, ondelete="CASCADE"),
        ForeignKeyConstraint(*_ACCOUNT, ondelete="CASCADE"),
        Index("uq__lti_visit__key", "key", unique=True),
        Index("ix__lti_visit__expires_at", "expires_at"),
    )
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    registration: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(20))
    browser: Mapped[str | None] = mapped_column(String(64))
    session: Mapped[dict[str, Any]]
    about: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]


class LtiNotice(TenantRow, Base):
    """A notice that has been processed, since the platform may send it again."""

    __tablename__ = "lti_notice"
    __table_args__ = (ForeignKeyConstraint(*_REGISTRATION, ondelete="CASCADE"),)
    registration: Mapped[str] = mapped_column(String(32), primary_key=True)
    notice: Mapped[str] = mapped_column(String(255), primary_key=True)
    received_at: Mapped[datetime]
