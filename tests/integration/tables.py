"""A course with an experience for four in its first section, and learners who sit down at its
tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from engine.journey import playing, tables
from engine.journey.playing import Scene
from engine.journey.tables import OTHERS
from engine.packs.new import new_pack
from engine.storage.queries import journeys
from engine.storage.queries.running import entities
from engine.storage.tables import Learner, Placement, TenantRow
from engine.storage.work import Work
from tests import builders
from tests.builders import World

GAME, HALL = "jeux", "la-salle"
ROLES = 4


@dataclass
class Hall:
    """A world with such a course; ``who`` maps names to ids of learners."""

    world: World
    course: str
    who: dict[str, str] = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)
    """The experience of each learner who sits at a table."""

    @contextmanager
    def work(self, name: str) -> Iterator[tuple[Work, Learner]]:
        with self.world.units().write(self.world.tenant) as work:
            [learner] = entities(work.session, journeys.LEARNER, learner=self.who[name])
            yield work, learner
            work.commit()

    def later(self, **delta: float) -> datetime:
        """Learning time goes on."""
        return self.world.later(**delta)

    def sit(self, *names: str, where: str = OTHERS) -> None:
        for name in names:
            with self.work(name) as (work, learner):
                found = tables.sit_down(work, learner, self.course, "s1", where)
                self.seats[name] = found.id

    def scene(self, name: str) -> Scene:
        with self.work(name) as (work, learner):
            return playing.scene(work, learner, self.seats[name])

    def put(self, name: str, amount: int, step: str = "") -> Scene:
        """Answers what this learner's page asks."""
        number = self.scene(name).number
        with self.work(name) as (work, learner):
            said = {"put": str(amount)}
            return playing.act(work, learner, self.seats[name], number, said, step)

    def tick(self) -> int:
        """The worker looks at what is due."""
        return tables.move_on(self.world.units())

    def rows(self, table: type[TenantRow]) -> list[TenantRow]:
        with self.world.db.read(self.world.tenant) as unit:
            return list(unit.query(table))


def hall(folder: Path, *names: str) -> Hall:
    """Such a world, with these learners in the course."""
    world = builders.world(folder)
    world.library.install(new_pack(GAME, "public-goods"), world.now)
    with world.db.write(world.tenant) as unit:
        made = builders.course(unit)
        unit.query(Placement).delete()
        unit.add(
            Placement(
                course=made.id,
                section="s1",
                pack=GAME,
                version="0.1.0",
                module=HALL,
                minutes=6,
                fit=0.8,
                reasons=[],
            )
        )
        unit.flush()
        who = {
            name: builders.learner(unit, world.library, made, f"{name}@example.org").id
            for name in names
        }
        course = made.id
        unit.commit()
    return Hall(world, course, who)


__all__ = ["GAME", "HALL", "Hall", "hall"]
