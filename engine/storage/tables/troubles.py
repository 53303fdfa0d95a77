"""The tables of what is wrong with an installation, so that its administrators are told once; and
of the processes whose workers give signs of life."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, TenantRow


class Trouble(TenantRow, Base):
    """Something that is wrong ``since`` then; ``told_at``: when the administrators were told. The
    row goes when all is well again. ``key``: disk, worker, or connection and its id. Wall time."""

    __tablename__ = "trouble"
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]


class WorkerProcess(Base):
    """A process in which a worker runs; global. ``seen_at``: when the job of it ended that has been
    silent the longest, as it said last (wall time). The row goes when the process ends in good
    order."""

    __tablename__ = "worker_process"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seen_at: Mapped[datetime]
