"""What a piece of work asks of the database, counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event

from engine.storage.database import Database


@dataclass
class Cost:
    """What was sent to a database: statements (but ``BEGIN``), and transactions."""

    statements: list[str]
    transactions: int = 0


@contextmanager
def cost(db: Database) -> Iterator[Cost]:
    """Count inside."""
    seen = Cost([])

    def see(*args: object) -> None:
        if not str(args[2]).startswith("BEGIN"):
            seen.statements.append(str(args[2]))

    def begin(_connection: object) -> None:
        seen.transactions += 1

    event.listen(db.engine, "before_cursor_execute", see)
    event.listen(db.engine, "begin", begin)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", see)
        event.remove(db.engine, "begin", begin)
