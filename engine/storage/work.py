"""A unit of work: one session bound to an organisation, and everything that decisions in it
need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, cast

from sqlalchemy.orm import Session

from engine.storage.bare import BareConnection
from engine.storage.database import Database
from engine.storage.library import Library
from engine.storage.turns import end_turn
from engine.values.clock import Clock


@dataclass(frozen=True)
class Work:
    """What a use case works with, from its first statement to its commit.

    ``now`` (learning time) and ``wall`` are those of its start, so that everything in it happens at
    one moment. The page or job that opened it commits it; leaving without a commit changes nothing.
    """

    session: Session
    library: Library
    now: datetime
    wall: datetime
    rng: Random
    tenant: str

    def commit(self) -> None:
        """Commits the changes."""
        self.session.commit()


@dataclass(frozen=True)
class Statements:
    """One connection bound to an organisation, for prebuilt statements alone: a session with its
    objects costs as much again. Nothing is locked between a commit and the next statement."""

    held: BareConnection
    info: dict[Any, Any]

    def bare(self) -> BareConnection:
        """What ``queries.running`` runs statements on."""
        return self.held

    def together(self) -> AbstractContextManager[object]:
        """Has what is done in this block go to the server in as few exchanges as rows are read in
        it (psycopg's pipeline mode; SQLite has none to save). An error comes with the next rows,
        or with the commit; how many rows were changed is not known."""
        if self.held.dialect.driver != "psycopg":
            return nullcontext()
        driver: Any = self.held.connection.driver_connection
        return cast(AbstractContextManager[object], driver.pipeline())

    def commit(self) -> None:
        """Keep what was done, and lock nothing until the next statement."""
        self.held.commit()
        end_turn(self.held)


@dataclass(frozen=True)
class Units:
    """Opens units of work on one database."""

    db: Database
    library: Library
    clock: Clock
    rng: Random

    @contextmanager
    def read(self, tenant: str) -> Iterator[Work]:
        """A read-only unit."""
        with self.db.read(tenant) as session:
            yield self._work(session, tenant)

    @contextmanager
    def write(self, tenant: str) -> Iterator[Work]:
        """A unit for writing. On SQLite it locks the file against other writers: keep it short."""
        with self.db.write(tenant) as session:
            yield self._work(session, tenant)

    @contextmanager
    def statements(self, tenant: str) -> Iterator[Statements]:
        """A connection for several short transactions that write, one after the other. Leaving
        rolls back what was not committed."""
        with closing(BareConnection(self.db.writing)) as held:
            yield Statements(held, {"tenant": tenant})

    def _work(self, session: Session, tenant: str) -> Work:
        clock = self.clock
        return Work(session, self.library, clock.now(), clock.wall(), self.rng, tenant)
