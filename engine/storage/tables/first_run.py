"""The table of the one link that opens an empty installation to its first administrator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base


class FirstRun(Base):
    """The link that was printed last, as the hash of its token (``digest``), good until
    ``expires_at`` (wall time). Global, one row (id 1), until there is an administrator."""

    __tablename__ = "first_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
