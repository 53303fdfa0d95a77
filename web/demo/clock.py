"""The demo's clock: learning time runs fast, stops while somebody has a question to answer, and
never goes backwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from engine.storage.database import Database
from engine.storage.tables import ClockRow

LEAD = timedelta(seconds=5)
"""How far (in wall time) learning time may run past the last beat before it waits for the next
one."""


def system_wall() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)


class DemoClock:
    """A ``Clock`` for one process: ``speed`` learning seconds pass per second, none while
    ``is_waiting()``.

    ``now()`` only calculates: it is cheap, and safe inside any transaction. ``beat()``, to be
    called about every second, asks ``is_waiting`` and stores how far time may run until the next
    beat, so that a restart continues from there.
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
        """Whether time was running at the last beat."""
        return self._running

    def waits(self) -> bool:
        """Whether something makes time wait now, whatever the last beat found. Reads the
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
        """Wall time, unaffected by the demo's speed."""
        return self._wall()

    def beat(self) -> None:
        """Checks whether time should run, and stores the result. Call outside any transaction."""
        with self._writing:
            self._keep(self.now(), not self._is_waiting())

    def jump_to(self, when: datetime) -> None:
        """Moves learning time forward to ``when``; a past moment changes nothing. Call outside any
        transaction."""
        with self._writing:
            self._keep(max(when, self.now()), self._running)

    def _keep(self, learning: datetime, running: bool) -> None:
        """Stores the state before using it, so that a restart never begins before a time that was
        already shown."""
        furthest = learning + 2 * LEAD * self._speed if running else learning
        with self._db.shared(write=True) as session:
            session.merge(ClockRow(id=1, learning=furthest, wall=self._wall(), running=running))
            session.commit()
        with self._counting:
            self._learning = self._shown = max(learning, self._shown)
            self._anchor, self._running = self._wall(), running
