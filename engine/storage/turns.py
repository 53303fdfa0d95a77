"""Taking turns: a lock that whoever asked first gets first, and the writers of a SQLite file in
this process, who wait for each other by it.

SQLite lets one write at a time; those who wait sleep and try again, up to a tenth of a second, and
whoever tries at the right moment is the next. Under many clients some wait for ever so long.
"""

from __future__ import annotations

from collections import deque
from threading import Lock, get_ident
from typing import Any

from sqlalchemy import Connection, Engine, event

from engine.values.errors import Bug

TURN = "relecture_turn"
"""In the info of a connection for as long as it has the turn."""


class SecondWriter(Bug):
    """A thread that is writing began to write in a second session, and would wait for itself. What
    is done there has to join the unit that is open, or wait for its commit."""


class Turns:
    """A lock for one at a time, in the order in which they asked. Given back by whichever thread
    ends what was begun."""

    def __init__(self) -> None:
        self._inner = Lock()
        self._holder: int | None = None
        self._waiting: deque[tuple[Lock, int]] = deque()

    def take(self, longest: float) -> bool:
        """Wait for the turn, up to so many seconds; False when it did not come. Raises
        ``SecondWriter`` when this very thread has it."""
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
        """Whether who waits in vain is no longer waited for; not when their turn came just now."""
        with self._inner:
            if mine not in self._waiting:
                return False
            self._waiting.remove(mine)
            return True

    def give_back(self) -> None:
        """It is the next one's turn."""
        with self._inner:
            self._holder = None
            if self._waiting:
                turn, self._holder = self._waiting.popleft()
                turn.release()


def end_turn(connection: Connection) -> None:
    """For who keeps a connection after a commit, such as a worker while a message is on its way: it
    is the next one's turn already."""
    _give_back(connection.info)


def _give_back(info: dict[Any, Any]) -> None:
    held: Turns | None = info.pop(TURN, None)
    if held is not None:
        held.give_back()


def write_in_turns(engine: Engine, longest: float) -> None:
    """Transactions of connections that write wait for each other before they begin, in order; the
    turn ends when the connection goes back to its pool, however it comes to that.

    Other processes are none of this: SQLite itself makes them wait. So does it those whose turn did
    not come within ``longest`` seconds, and then says that the database is locked.
    """
    turns = Turns()

    def wait(connection: Connection) -> None:
        writing = connection.get_execution_options().get("relecture_write")
        if writing and TURN not in connection.info and turns.take(longest):
            connection.info[TURN] = turns

    def give_back(_connection: Any, record: Any) -> None:
        _give_back(record.info)

    event.listen(engine, "begin", wait)
    event.listen(engine, "checkin", give_back)
