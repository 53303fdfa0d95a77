"""The table of what somebody handed in and has not kept yet: an outline, or a list of people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, TenantRow
from engine.storage.types import Line, new_id


class Upload(TenantRow, Base):
    """A file or a pasted text, from its upload to « keep » or « drop », and a day at most. Only
    ``account`` sees it.

    ``kind``: outline or people; ``course``: the one that it is for, None for a new one; ``said``:
    what the person corrected. A list of people whose invitations were asked for has ``asked_at``
    (wall time), of how many ``total``, and of how many they are written, ``done``.
    """

    __tablename__ = "upload"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "account"], ["account.tenant", "account.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["tenant", "course"], ["course.tenant", "course.id"], ondelete="CASCADE"
        ),
        Index("ix__upload__tenant_account", "tenant", "account"),
        Index("ix__upload__tenant_course", "tenant", "course"),
        Index("ix__upload__asked", "asked_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account: Mapped[str] = mapped_column(String(32))
    course: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(Line(200))
    said: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
