"""Taking turns: a fair lock, granted in the order of requests, and its use by the threads of this
process that write to a SQLite file.

SQLite allows one writer at a time. Those that wait sleep and retry, for up to a tenth of a second,
and the one that happens to retry at the right moment goes next. Under many clients, some wait for
an unbounded time.
"""

from __future__ import annotations

from collections import deque
from threading import Lock, get_ident
from typing import Any

from sqlalchemy import Connection, Engine, event

from engine.storage.bare import BareConnection
from engine.values.errors import Bug

TURN = "relecture_turn"
"""The key in the info of a connection for as long as it has the turn."""


class SecondWriter(Bug):
    """A thread that is already writing began to write in a second session and would wait for
    itself. What it does there has to join the open unit or wait for its commit."""


class Turns:
    """A lock with one holder at a time, granted in the order of requests. Any thread may give it
    back: the one that ends what was begun."""

    def __init__(self) -> None:
        self._inner = Lock()
        self._holder: int | None = None
        self._waiting: deque[tuple[Lock, int]] = deque()

    def take(self, longest: float) -> bool:
        """Waits for the turn, up to ``longest`` seconds; returns False if it did not come. Raises
        ``SecondWriter`` if this very thread has it already."""
        with self._inner:
            if self._holder == get_ident():
                raise SecondWriter("this thread is writing already")
            if self._holder is None:
                self._holder = get_ident()
                return True
            mine = Lock(), get_ident()
            mine[0].acquire()
            self._waiting.append(mine)
        try:
            came = mine[0].acquire(timeout=longest)
        except BaseException:  # such as a signal that ends the process
            if not self._withdrawn(mine):
                self.give_back()
            raise
        return came or not self._withdrawn(mine)

    def _withdrawn(self, mine: tuple[Lock, int]) -> bool:
        """Removes a waiting thread from the queue; returns False if it is no longer queued because
        its turn has just come."""
        with self._inner:
            if mine not in self._waiting:
                return False
            self._waiting.remove(mine)
            return True

    def give_back(self) -> None:
        """Passes the turn to the next thread in the queue."""
        with self._inner:
            self._holder = None
            if self._waiting:
                turn, self._holder = self._waiting.popleft()
                turn.release()


def end_turn(connection: BareConnection) -> None:
    """Ends the turn of a connection that is kept after a commit, such as a worker's while a message
    is being sent: the next writer can start already."""
    _give_back(connection.info)


def _give_back(info: dict[Any, Any]) -> None:
    held: Turns | None = info.pop(TURN, None)
    if held is not None:
        held.give_back()


def write_in_turns(engine: Engine, longest: float) -> None:
    """Makes the transactions of connections that write wait for each other before they begin, in
    order. A turn ends when the connection returns to its pool, however that happens.

    Other processes are not covered: SQLite itself makes them wait. It does the same to those whose
    turn did not come within ``longest`` seconds, and then reports that the database is locked.
    """
    turns = Turns()

    def wait(connection: Connection | BareConnection) -> None:
        writing = connection.get_execution_options().get("relecture_write")
        if writing and TURN not in connection.info and turns.take(longest):
            connection.info[TURN] = turns

    def give_back(_connection: Any, record: Any) -> None:
        _give_back(record.info)

    event.listen(engine, "begin", wait)
    event.listen(engine, "checkin", give_back)
