"""The worker: one tick looks for what is due and does it; a background scheduler only ticks. Any number of workers may run."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from engine.delivery.bench import Bench
from engine.delivery.expiring import expire_due
from engine.delivery.opening import MAIL, open_due
from engine.delivery.send import Post, send_due
from web.bootstrap import Services
from web.mail import Letters, channel_of

OWNER = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid.uuid4().hex[:12]}"
"""Under this name this process claims deliveries; no other process ever has it."""


@dataclass(frozen=True)
class Counts:
    """What a tick did: touches opened and closed as missed, deliveries that left and that were refused."""

    opened: int = 0
    expired: int = 0
    sent: int = 0
    failed: int = 0


def tick(services: Services) -> Counts:
    """Do what is due. Costs two index look-ups and a claim when nothing is."""
    bench = Bench(services.db, services.library, services.clock, services.rng)
    letters = Letters(services.settings, services.library, services.clock)
    post = Post(OWNER, letters.touch, {MAIL: channel_of(services.settings, services.clock)})
    expired, opened = expire_due(bench), open_due(bench)
    sent = send_due(bench, post)
    counts = Counts(opened, expired, sent.sent, sent.failed)
    if counts != Counts():
        structlog.get_logger("worker").info("tick", opened=opened, expired=expired, sent=sent.sent, failed=sent.failed)
    return counts


def start(services: Services) -> BackgroundScheduler:
    """Tick in the background of this process until ``shutdown()`` is called on what is returned."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(safe_tick, "interval", (services,), seconds=services.settings.tick_seconds, max_instances=1, coalesce=True)
    scheduler.start()
    return scheduler


def safe_tick(services: Services) -> None:
    """A tick that is logged when it breaks (the database went away); the next one tries again."""
    try:
        tick(services)
    except Exception:
        structlog.get_logger("worker").exception("tick-broken")
