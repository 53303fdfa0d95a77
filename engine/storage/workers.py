"""Signs of life of the processes in which a worker runs: a row each, so that one that stopped is
not hidden by the others, and one that ended in good order is not missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from engine.storage.database import Database
from engine.storage.tables import WorkerProcess

A_DAY = timedelta(days=1)
"""For so long a process that fell silent is missed; then it is forgotten."""


def beat(db: Database, process: str, seen_at: datetime) -> None:
    """The worker of that process was alive then; whoever has been silent for a day is forgotten."""
    with db.shared(write=True) as session:
        row = session.get(WorkerProcess, process)
        if row is None:
            session.add(WorkerProcess(id=process, seen_at=seen_at))
        else:
            row.seen_at = seen_at
        session.flush()
        gone = WorkerProcess.seen_at < seen_at - A_DAY
        if db.engine.dialect.name == "sqlite":  # which serves one process: any other was killed
            gone = WorkerProcess.id != process
        session.execute(delete(WorkerProcess).where(gone))
        session.commit()


def leave(db: Database, process: str) -> None:
    """That process ends in good order: nobody misses it."""
    with db.shared(write=True) as session:
        session.execute(delete(WorkerProcess).where(WorkerProcess.id == process))
        session.commit()


def longest_silent(db: Database) -> datetime | None:
    """When the process gave a sign of life that has been silent the longest; None where no worker
    runs."""
    with db.shared() as session:
        return session.scalars(select(func.min(WorkerProcess.seen_at))).one()
