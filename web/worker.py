"""The worker: one tick looks for what is due and does it. Any number of processes may tick at once; there is no leader."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import structlog

from engine.delivery.bench import Bench
from engine.delivery.expiring import expire_due
from engine.delivery.opening import MAIL, open_due
from engine.delivery.send import Post, send_due
from web.bootstrap import Services
from web.mail import Letters


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
    expired, opened = expire_due(bench), open_due(bench)
    post = send_due(bench, Post(uuid.uuid4().hex, letters.touch, {MAIL: services.mail}))
    counts = Counts(opened, expired, post.sent, post.failed)
    if counts != Counts():
        structlog.get_logger("worker").info("tick", opened=opened, expired=expired, sent=post.sent, failed=post.failed)
    return counts
