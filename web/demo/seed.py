"""The demo's initial data: installs packs, imports and slots a course, invites people, and lives
thirteen weeks of their lives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from engine.courses import members, outlines
from engine.courses.slotting import Wishes, draft_plan, store_plan
from engine.curriculum.outline import Outline
from engine.curriculum.read import read_outline
from engine.delivery.expiring import expire_due
from engine.delivery.opening import open_due
from engine.journey import joining
from engine.journey import tables as tables_of_all
from engine.packs.read import read_folder
from engine.people import accounts
from engine.storage.database import Database
from engine.storage.library import Library
from engine.storage.tables import ClockRow
from engine.storage.work import Units
from web.demo import tables
from web.demo.people import CHARACTERS, COMPANION, FACILITATOR, INBOX, LEARNER, address, live
from web.site.shipped import EXAMPLES

TENANT = "demo"
OUTLINE = EXAMPLES["fr"]
ZONE = ZoneInfo("Europe/Paris")
WEEKS = 12
"""How many weeks ago the course began when the visitor arrives: everything is open, much has been
lived, and the first debriefs are over."""
BEFORE = timedelta(days=7)
"""How long before the course starts people are invited."""
MORNING, NOON = time(9, 0), time(12, 30)


@dataclass
class _Simulated:
    """A clock that the seeding moves by hand, from the invitations to the visitor's arrival."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def wall(self) -> datetime:
        return self.at


def seed(db: Database, library: Library, packs: Path, wall: datetime, rng: Random) -> None:
    """Fills an empty database. The clock's row is written last: if it is missing, seeding was
    interrupted."""
    today = wall.astimezone(ZONE).date()
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS)
    outline = replace(read_outline(OUTLINE.read_bytes(), OUTLINE.name), starts_on=monday)
    clock = _Simulated(_local(invited_on(outline), time(8, 0)))
    units = Units(db, library, clock, rng)
    _invite(units, packs, outline)
    for day in range((today - invited_on(outline)).days):
        for hour in (MORNING, NOON):
            clock.at = _local(invited_on(outline) + timedelta(days=day), hour)
            expire_due(units)
            open_due(units)
            go_on(units, invited_on(outline))
    _gather(units)
    with db.shared(write=True) as session:
        session.add(ClockRow(id=1, learning=_local(today, time(8, 0)), wall=wall, running=True))
        session.commit()


def _gather(units: Units) -> None:
    """People sit down at tables on the day before the visitor comes, the companion among them."""
    with units.write(TENANT) as work:
        account = accounts.account_by_email(work.session, address(COMPANION))
        if account is not None:
            companion = joining.learner_of(work.session, account.id)
            joining.accept_contract(work, companion)
            joining.set_preferences(work, companion, INBOX)
        early = [address(one.name) for one in CHARACTERS]
        tables.gather(work, [*early[: tables.GOING], address(COMPANION), *early[tables.GOING :]])
        work.commit()
    tables_of_all.move_on(units)


def is_seeded(db: Database) -> bool:
    """Whether seeding was completed."""
    with db.shared() as session:
        return session.get(ClockRow, 1) is not None


def invited_on(outline: Outline) -> date:
    """The day on which the people of the demo were invited."""
    if outline.starts_on is None:
        raise ValueError("the demo's course has a first day")
    return outline.starts_on - BEFORE


def go_on(units: Units, invited: date) -> None:
    """Lets every character do what they do by now."""
    for character in CHARACTERS:
        with units.write(TENANT) as work:
            live(work, character, invited)
            work.commit()


def _invite(units: Units, packs: Path, outline: Outline) -> None:
    now = units.clock.now()
    for folder in sorted(path.parent for path in packs.glob("*/pack.yaml")):
        units.library.install(read_folder(folder), now)
    with units.db.shared(write=True) as session:
        accounts.get_or_create_organisation(session, TENANT, "Démo", now)
        session.commit()
    with units.write(TENANT) as work:
        course = outlines.import_outline(work.session, outline, now)
        store_plan(work, course, draft_plan(work, course, Wishes()))
        runs_it = accounts.add_account(
            work.session, address(FACILITATOR), FACILITATOR.title(), "facilitator", "fr", now
        )
        members.enrol(work.session, course, runs_it, now, "facilitator")
        for name in (LEARNER.title(), COMPANION.title(), *(one.name for one in CHARACTERS)):
            members.enrol(
                work.session,
                course,
                accounts.add_account(work.session, address(name), name, "learner", "fr", now),
                now,
            )
        work.commit()


def _local(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZONE)
