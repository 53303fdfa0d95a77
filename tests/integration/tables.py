"""A course with an experience for four in its first section, and learners who sit down at its
tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from pathlib import Path

from engine.journey import playing, tables
from engine.journey.playing import Scene
from engine.journey.tables import OTHERS
from engine.packs.new import new_pack
from engine.packs.texts import source_hash
from engine.storage.queries import journeys
from engine.storage.queries.running import entities
from engine.storage.tables import Learner, TenantRow
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
        """Puts that much in, where this learner's page asks for it."""
        return self.says(name, step, put=str(amount))

    def says(self, name: str, step: str = "", **said: str) -> Scene:
        """Answers what this learner's page asks."""
        number = self.scene(name).number
        with self.work(name) as (work, learner):
            return playing.act(work, learner, self.seats[name], number, said, step)

    def tick(self) -> int:
        """The worker looks at what is due."""
        return tables.move_on(self.world.units())

    def rows(self, table: type[TenantRow]) -> list[TenantRow]:
        with self.world.db.read(self.world.tenant) as unit:
            return list(unit.query(table))


def crowd(seats: int, rounds: int) -> dict[str, bytes]:
    """The game with as many seats and rounds."""
    files = new_pack(GAME, "public-goods")
    more = [f"siege-{n}" for n in range(ROLES + 1, seats + 1)]
    spec = files[f"{HALL}/module.yaml"].decode()
    spec = spec.replace("radio]", ", ".join(["radio", *more]) + "]", 1)
    spec = spec.replace("rounds: 4", f"rounds: {rounds}").replace("[1, 4]", f"[1, {seats}]")
    files[f"{HALL}/module.yaml"] = re.sub(r"minutes: \d+", "minutes: 9", spec, count=1).encode()
    for lang in ("fr", "en"):
        words = files[f"{HALL}/{lang}.md"].decode()
        for role, part in product(more, ("seat", "brief", "voice")):
            mark = f" <!-- fr {source_hash(role)} -->" if lang == "en" else ""
            words += f"\n## {part}.{role}{mark}\n{role}\n"
        files[f"{HALL}/{lang}.md"] = words.encode()
    return files


def hall(
    folder: Path, *names: str, files: Mapping[str, bytes] | None = None, module: str = HALL
) -> Hall:
    """Such a world, with these learners in the course."""
    world = builders.world(folder)
    world.library.install(files or new_pack(GAME, "public-goods"), world.now)
    with world.db.write(world.tenant) as unit:
        made = builders.course(unit, pack=GAME, module=module)
        who = {
            name: builders.learner(unit, world.library, made, f"{name}@example.org").id
            for name in names
        }
        course = made.id
        unit.commit()
    return Hall(world, course, who)


__all__ = ["GAME", "HALL", "Hall", "hall"]
