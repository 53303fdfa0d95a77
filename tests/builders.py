"""Builders of test data: a fresh database, an installed pack, a course with an experience, a
learner who has joined."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import event
from sqlalchemy.orm import Session

from engine.courses import members, outlines, slotting
from engine.courses.slotting import Wishes
from engine.curriculum.outline import Audience, Outline, Section
from engine.journey import joining, playing
from engine.journey.joining import Preferences, learner_of
from engine.packs.new import new_pack
from engine.people import accounts
from engine.slotting.values import Plan
from engine.storage.database import Database
from engine.storage.library import Library
from engine.storage.tables import Course, Enrolment, Learner, Placement, Tenant
from engine.storage.work import Units, Work
from tests import databases
from tests.fakes import MONDAY, FakeClock

NO_PACKS = Library(Database("sqlite:///no-packs.db"))
"""For units that read no packs; it never connects."""
PACK, MODULE = "starter", "la-vitrine"
DEFAULTS = Preferences()
AS_IT_IS = Wishes()


def database(folder: Path, *tenants: str) -> Database:
    """A fresh database with these organisations (by default one called ``town``), of the kind that
    the running test uses."""
    db = databases.fresh(folder)
    with db.shared(write=True) as session:
        session.add_all(
            Tenant(id=t, name=t.title(), created_at=MONDAY) for t in tenants or ("town",)
        )
        session.commit()
    return db


def outline(slug: str = "course") -> Outline:
    """A course of three undated sections in French."""
    sections = tuple(
        Section(f"s{n}", f"Section {n}", "Commerce, vitrine, budget", week=n) for n in (1, 2, 3)
    )
    return Outline(slug, "Un cours", "fr", Audience("fr"), sections)


@dataclass
class World:
    """One organisation with a course, one experience placed in its first section, and a clock that
    only tests move."""

    db: Database
    library: Library
    tenant: str = "town"
    now: datetime = MONDAY
    rng: Random = field(default_factory=lambda: Random(7))

    def work(self, session: Session) -> Work:
        """A unit of work around an open session, now."""
        return work(session, library=self.library, now=self.now, rng=self.rng)

    def units(self, library: Library | None = None) -> Units:
        """Opens units of work in this world."""
        clock = FakeClock(self.now, self.now)
        return Units(self.db, library or self.library, clock, self.rng)

    def later(self, **delta: float) -> datetime:
        """Moves learning time forward and returns it."""
        self.now += timedelta(**delta)
        return self.now


def work(
    session: Session,
    *,
    library: Library | None = None,
    now: datetime = MONDAY,
    wall: datetime | None = None,
    rng: Random | None = None,
) -> Work:
    """A unit of work around an open session."""
    return Work(
        session, library or NO_PACKS, now, wall or now, rng or Random(7), session.info["tenant"]
    )


def world(folder: Path, tenant: str = "town", *others: str) -> World:
    """A new world under ``folder``."""
    db = database(folder, tenant, *others)
    library = Library(db)
    library.install(new_pack(PACK), MONDAY)
    return World(db, library, tenant)


def course(unit: Session, slug: str = "course", pack: str = PACK, module: str = MODULE) -> Course:
    """A course with that module in its first section: unless told otherwise, the starter pack's."""
    made = outlines.import_outline(unit, outline(slug), MONDAY)
    unit.add(
        Placement(
            course=made.id,
            section="s1",
            pack=pack,
            version="0.1.0",
            module=module,
            minutes=6,
            fit=0.8,
            reasons=[],
        )
    )
    unit.flush()
    return made


@contextmanager
def queries(db: Database) -> Iterator[list[str]]:
    """Collects every statement sent to the database inside the block, in order."""
    seen: list[str] = []

    def see(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(db.engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", see)


def slotted(
    unit: Session, library: Library, made: Course, wishes: Wishes = AS_IT_IS, now: datetime = MONDAY
) -> Plan:
    """Slots the course and returns the plan."""
    done = slotting.draft_plan(work(unit, library=library), made, wishes)
    assert slotting.store_plan(work(unit, now=now), made, done)
    return done.plan


def learner(
    unit: Session,
    library: Library,
    made: Course,
    email: str = "lea@example.org",
    *,
    joined: bool = True,
    wish: Preferences = DEFAULTS,
) -> Learner:
    """A learner enrolled in the course; by default they have accepted the contract and kept the
    default rhythm."""
    account = accounts.add_account(unit, email, "Léa", "learner", "fr", MONDAY)
    members.enrol(unit, made, account, MONDAY)
    found = learner_of(unit, account.id)
    if joined:
        joining.accept_contract(work(unit, now=MONDAY), found)
        joining.set_preferences(work(unit, library=library, now=MONDAY, rng=Random(7)), found, wish)
    return found


def lived(
    unit: Session, there: World, who: Learner, made: Course, section: str = "s1"
) -> Enrolment:
    """The experience of that section, played to its end by always taking the first option."""
    enrolment = playing.begin(
        work(unit, library=there.library, now=there.now), who, made.id, section
    )
    scene = playing.scene(work(unit, library=there.library), who, enrolment.id)
    while not scene.screen.finished:
        scene = playing.act(
            work(unit, library=there.library, now=there.now, rng=there.rng),
            who,
            enrolment.id,
            scene.number,
            scene.screen.form.sample,
        )
    return enrolment
