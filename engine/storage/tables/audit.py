"""The table of who did what to whose data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, TenantRow
from engine.storage.types import new_id


class AuditEntry(TenantRow, Base):
    """One act of somebody who runs the organisation, or of a person on their own data.

    A trigger refuses to change an entry, and to delete one before it is a year old: see
    ``engine.storage.audit``. ``by`` and ``about`` are accounts that may be gone: an id alone then.
    ``by`` is None for the command line and the worker. ``detail`` holds no word of a learner, no
    address and no secret. Wall time.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix__audit_entry__at", "tenant", "at"),
        Index("ix__audit_entry__about", "tenant", "about"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(40))
    by: Mapped[str | None] = mapped_column(String(32))
    about: Mapped[str | None] = mapped_column(String(32))
    detail: Mapped[dict[str, Any]]
