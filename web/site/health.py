"""Whether this installation is well: its database, its disk and its worker, as values."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from engine.storage import workers
from engine.storage.database import Database
from engine.storage.room import try_writing
from web.services import Services

EXAMINATION = "relecture.examination"
"""Under what name an app keeps its ``Examination``."""
KEPT = timedelta(seconds=10)
"""How long a finding stands: whoever asks more often makes the database do no more."""
LEAST_FREE_BYTES = 100 * 1024 * 1024
SILENCE = timedelta(minutes=5)
"""How long the worker may be silent, beside the pause between two ticks: a tick goes on for a
minute while there is work, and may then wait for a slow mail server or LMS."""


@dataclass(frozen=True)
class Vitals:
    """What was found. ``free_bytes``: left on the fullest disk that this process writes to, None if
    it writes to none; ``silent``: since the job ended, in whichever process, that has been silent
    the longest; None where no worker runs."""

    reachable: bool
    writable: bool
    free_bytes: int | None
    silent: timedelta | None


def faults(vitals: Vitals, most_silent: timedelta) -> Iterator[Mapping[str, object]]:
    """What is wrong, each with its figures; nothing if all is well."""
    if not vitals.reachable:
        yield {"fault": "database-unreachable"}
    elif not vitals.writable:
        yield {"fault": "database-not-writable"}
    if vitals.free_bytes is not None and vitals.free_bytes < LEAST_FREE_BYTES:
        yield {
            "fault": "disk-almost-full",
            "free_bytes": vitals.free_bytes,
            "least_bytes": LEAST_FREE_BYTES,
        }
    if vitals.silent is not None and vitals.silent > most_silent:
        yield {
            "fault": "worker-silent",
            "seconds": int(vitals.silent.total_seconds()),
            "most_seconds": int(most_silent.total_seconds()),
        }


def most_silent(services: Services) -> timedelta:
    """How long the worker of this installation may be silent."""
    return SILENCE + timedelta(seconds=2 * services.settings.tick_seconds)


class Examination:
    """Looks at an installation when asked, and remembers for a while what it found."""

    def __init__(self, services: Services) -> None:
        self._services, self._lock = services, Lock()
        self._found: tuple[datetime, Vitals] | None = None

    def vitals(self) -> Vitals:
        """What was found last, or is found now. While one request is looking, perhaps waiting for
        the database, others are told what was found before."""
        wall = self._services.clock.wall()
        if self._lock.acquire(blocking=self._found is None):
            try:
                if self._found is None or not timedelta(0) <= wall - self._found[0] < KEPT:
                    self._found = wall, examine(self._services, wall)
            finally:
                self._lock.release()
        return self._found[1] if self._found else examine(self._services, wall)


def examine(services: Services, wall: datetime) -> Vitals:
    """Looks once: reads from the database, writes to it, and asks for the room that is left."""
    reachable = _works(lambda: _read(services.db))
    writable = reachable and _works(lambda: try_writing(services.db, wall))
    own = services.pulse.ticked_at
    others = workers.longest_silent(services.db) if reachable else None
    at = min((one for one in (own, others) if one is not None), default=None)
    return Vitals(reachable, writable, _free_bytes(services), wall - at if at else None)


def _read(db: Database) -> None:
    with db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))


def _works(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except SQLAlchemyError:
        return False
    return True


def _free_bytes(services: Services) -> int | None:
    """The bytes left where the database file and the maildir are, if there are any here."""
    url, settings = make_url(services.settings.database_url), services.settings
    folders = [settings.maildir] if settings.smtp is None else []
    if url.get_backend_name() == "sqlite" and url.database:
        folders.append(Path(url.database).parent)
    return min((shutil.disk_usage(_existing(folder)).free for folder in folders), default=None)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(path for path in (folder, *folder.parents, Path()) if path.is_dir())
