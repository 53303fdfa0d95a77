"""The demo's clock: learning time runs fast, stands still while somebody has a question to
answer, and never goes backwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from engine.storage.database import Database
from engine.storage.tables import ClockRow

LEAD = timedelta(seconds=5)
"""How far (in wall time) learning time may run on from the last beat; then it waits for the
next."""


def system_wall() -> datetime:
    """What the machine's clock says."""
    return datetime.now(UTC)


class DemoClock:
    """``Clock`` of one process: ``speed`` learning seconds pass in a second, none while
    ``is_waiting()``.

    ``now()`` only counts: cheap, and safe inside any transaction. ``beat()``, called every second
    or so, asks ``is_waiting`` and writes down how far time may run until the next beat, so that a
    restart goes on from there.
    """

    def __init__(
        self,
        db: Database,
        speed: float,
        is_waiting: Callable[[], bool],
        wall: Callable[[], datetime] = system_wall,
        start: datetime | None = None,
    ) -> None:
        self._db, self._speed, self._is_waiting, self._wall = db, speed, is_waiting, wall
        self._counting, self._writing = Lock(), Lock()
        with db.shared() as session:
            row = session.get(ClockRow, 1)
        self._learning = self._shown = row.learning if row else start or wall()
        self._anchor, self._running = wall(), False

    @property
    def running(self) -> bool:
        """Whether time runs, as of the last beat."""
        return self._running

    def waits(self) -> bool:
        """Whether something makes time wait now, whatever it was at the last beat. Reads the
        database."""
        return self._is_waiting()

    def now(self) -> datetime:
        """Learning time."""
        with self._counting:
            if self._running:
                elapsed = min(max(self._wall() - self._anchor, timedelta(0)), LEAD)
                self._shown = max(self._shown, self._learning + elapsed * self._speed)
            return self._shown

    def wall(self) -> datetime:
        """Wall time, which nobody bends."""
        return self._wall()

    def beat(self) -> None:
        """See whether time runs, and keep it. Called outside any transaction."""
        with self._writing:
            self._keep(self.now(), not self._is_waiting())

    def jump_to(self, when: datetime) -> None:
        """Move learning time on to ``when``; a moment that is past changes nothing. Called
        outside any transaction."""
        with self._writing:
            self._keep(max(when, self.now()), self._running)

    def _keep(self, learning: datetime, running: bool) -> None:
        """Written first, believed afterwards: what was shown once is never in front of what a
        restart begins with."""
        furthest = learning + 2 * LEAD * self._speed if running else learning
        with self._db.shared(write=True) as session:
            session.merge(ClockRow(id=1, learning=furthest, wall=self._wall(), running=running))
            session.commit()
        with self._counting:
            self._learning = self._shown = max(learning, self._shown)
            self._anchor, self._running = self._wall(), running
