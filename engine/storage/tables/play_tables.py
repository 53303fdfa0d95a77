"""The tables at which several live an experience together. Who plays alone has no row here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, TenantRow
from engine.storage.types import new_id


class PlayTable(TenantRow, Base):
    """A table of an experience placed in a course. It gathers, goes on from ``begun_at``, and has
    ended by ``ended_at`` (learning time).

    ``pace``: live or days. ``cohort``: only its members sit here (whoever is there goes on when it
    is no more); None: whoever of the course waits for others. ``due_at``: when somebody's time is
    over, or something is to be noted by the worker; None: not before something happens.
    """

    __tablename__ = "play_table"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "course"], ["course.tenant", "course.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["pack", "version"], ["pack_version.pack", "pack_version.version"]),
        Index("ix__play_table__tenant_course_section", "tenant", "course", "section"),
        Index("ix__play_table__due", "due_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    course: Mapped[str] = mapped_column(String(32))
    section: Mapped[str] = mapped_column(String(60))
    pack: Mapped[str] = mapped_column(String(60))
    version: Mapped[str] = mapped_column(String(40))
    module: Mapped[str] = mapped_column(String(60))
    cohort: Mapped[str | None] = mapped_column(String(32))
    pace: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
