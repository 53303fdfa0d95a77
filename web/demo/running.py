"""The demo while it runs: its settings and services, the clock's beat, and its people's
activity."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import select

from engine.courses.outlines import outline_of
from engine.delivery.channels.maildir import MaildirChannel
from engine.journey.addresses import MAIL
from engine.people.accounts import account_by_email
from engine.storage.database import Database
from engine.storage.database_state import bring_up_to_date
from engine.storage.tables import Course, Touch
from web import settings
from web.bootstrap import build
from web.demo.clock import DemoClock
from web.demo.people import LEARNER, address
from web.demo.seed import TENANT, go_on, invited_on, is_seeded, seed
from web.services import Services
from web.site.shipped import packs_of

DATABASE, MAILDIR = Path("var/demo.db"), Path("var/demo-mail")


def prepare(port: int, speed: float, *, reset: bool = False) -> Services:
    """The demo's services, with the database filled on first use (or again, if that was
    interrupted). Writes only under ``var/``."""
    chosen = settings.load(
        demo=True,
        overrides={
            "base_url": f"http://127.0.0.1:{port}",
            "database_url": f"sqlite:///{DATABASE}",
            "smtp_url": "",
            "maildir": str(MAILDIR),
            "tick_seconds": "1",
            "trusted_proxies": "0",
        },
    )
    if reset:
        forget()
    services = build(chosen)
    bring_up_to_date(services.db.engine)
    if not is_seeded(services.db):
        services.close()
        forget()
        services = build(chosen)
        bring_up_to_date(services.db.engine)
        seed(
            services.db,
            services.library,
            packs_of(chosen.packs),
            services.clock.wall(),
            services.rng,
        )
    clock = DemoClock(services.db, speed, lambda: somebody_is_asked(services.db))
    clock.beat()
    return replace(
        services,
        units=replace(services.units, clock=clock),
        channels={MAIL: MaildirChannel(chosen.maildir, chosen.mail_from, clock.now)},
    )


def forget() -> None:
    """Deletes the demo's data."""
    for file in DATABASE.parent.glob(f"{DATABASE.name}*"):
        file.unlink()
    shutil.rmtree(MAILDIR, ignore_errors=True)


def somebody_is_asked(db: Database) -> bool:
    """Whether the visitor's learner has a question to answer, for which time waits."""
    with db.read(TENANT) as unit:
        learner = account_by_email(unit, address(LEARNER))
        return (
            learner is not None
            and unit.scalars(
                select(Touch.number).where(Touch.learner == learner.id, Touch.state == "open")
            ).first()
            is not None
        )


def beating(services: Services) -> BackgroundScheduler:
    """Runs the clock's beat every second and the people's activity every five, in separate
    threads."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(bent(services).beat, "interval", seconds=1, max_instances=1, coalesce=True)
    scheduler.add_job(lives, "interval", (services,), seconds=5, max_instances=1, coalesce=True)
    scheduler.start()
    return scheduler


def bent(services: Services) -> DemoClock:
    """The demo's clock. Raises ``TypeError`` outside the demo."""
    if not isinstance(services.clock, DemoClock):
        raise TypeError("time is bent in the demo only")
    return services.clock


def lives(services: Services) -> None:
    """Lets every person do what they would do by now."""
    with services.read(TENANT) as work:
        outline = outline_of(work.session.scalars(select(Course)).one())
    go_on(services.units, invited_on(outline))
