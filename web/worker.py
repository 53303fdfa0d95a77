"""The worker: each tick finds what is due and does it. Any number of processes may tick at once;
there is no leader."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict, astuple, dataclass, replace
from datetime import datetime
from typing import TypeVar

import structlog

from engine.delivery.expiring import end_debriefs, expire_due
from engine.delivery.message import Message
from engine.delivery.opening import open_due
from engine.delivery.outbox import NewsCounts
from engine.delivery.send import SHIFT, DeliveryCounts, Outgoing, send_due
from engine.people import gate
from engine.storage import scrubbing
from engine.storage.claims import DeliveryKey
from engine.storage.database import Database
from engine.storage.retention import forget_old
from lti.courses import rosters, scores
from lti.courses.rosters import Rosters
from web.mails.letters import Letters
from web.services import Services
from web.words.comments import comment

Result = TypeVar("Result")
NIGHT = 2
"""In this hour (UTC) the file of a SQLite database is rewritten: writers wait for a moment."""


@dataclass(frozen=True)
class Counts:
    """What a tick did: touches opened, touches closed as missed, debriefs ended, deliveries sent
    and refused; experiences whose news LMSs accepted or could not be sent, and LMS courses whose
    roster was synced."""

    opened: int = 0
    expired: int = 0
    ended: int = 0
    sent: int = 0
    failed: int = 0
    told: int = 0
    untold: int = 0
    synced: int = 0

    def __add__(self, other: Counts) -> Counts:
        mine, theirs = astuple(self), astuple(other)
        return Counts(*(one + another for one, another in zip(mine, theirs, strict=True)))

    @property
    def went_on(self) -> bool:
        """Whether anything was done; what failed waits for its next try."""
        return replace(self, failed=0, untold=0) != Counts()


def tick(services: Services) -> Counts:
    """Does what is due until nothing is left or the time for one tick is used up; costs a few index
    look-ups if nothing is due."""
    clock, name = services.clock, uuid.uuid4().hex
    letters = Letters(services.settings)

    def render(key: DeliveryKey, to: str) -> Message:
        with services.read(key.tenant) as work:
            return letters.touch(work, key, to)

    outgoing = Outgoing(name, render, services.channels)
    total, until = Counts(), clock.wall() + SHIFT
    while (done := _round(services, outgoing)).went_on and clock.wall() < until:
        total += done
    total += done
    services.pulse.ticked_at = clock.wall()
    if total != Counts():
        structlog.get_logger("worker").info("tick", **asdict(total))
    return total


def _round(services: Services, outgoing: Outgoing) -> Counts:
    """Does a batch of each kind of work that is due. A job that fails does not hold up the
    others."""
    units = services.units
    expired = _do("expire", 0, lambda: expire_due(units))
    opened = _do("open", 0, lambda: open_due(units))
    ended = _do("end", 0, lambda: end_debriefs(units))
    mailed = _do("send", DeliveryCounts(), lambda: send_due(units, outgoing))
    caller, owner = services.lti.caller, outgoing.owner
    told = _do("scores", NewsCounts(), lambda: scores.send_scores(caller, owner, comment))
    synced = _do("rosters", 0, lambda: rosters.sync_due(rosters_of(services)))
    return Counts(
        opened, expired, ended, mailed.sent, mailed.failed, told.told, told.failed, synced
    )


def tidy(services: Services) -> None:
    """Rotates our keys as needed, deletes what ended long ago, and leaves none of its bytes in
    SQLite's log, nor, once a night, in the file; to be called once an hour."""
    wall, engine = services.clock.wall(), services.db.engine
    _do("keys", None, lambda: services.lti.keys.tend(wall))
    _do("retention", 0, lambda: forget_old(services.units))
    _do("gate", None, lambda: _sweep_gate(services.db, wall))
    leave_nothing = scrubbing.scrub if wall.hour == NIGHT else scrubbing.empty_log
    _do("scrubbing", False, lambda: leave_nothing(engine))


def _sweep_gate(db: Database, wall: datetime) -> None:
    with db.shared(write=True) as session:
        gate.sweep(session, wall)


def rosters_of(services: Services) -> Rosters:
    """Returns what syncs the courses of LMSs."""
    return Rosters(services.lti.caller, f"{services.settings.base_url}/lti/notices")


def _do(job: str, nothing: Result, run: Callable[[], Result]) -> Result:
    """The job's result; ``nothing`` if it raised, which is logged."""
    try:
        return run()
    except Exception:
        structlog.get_logger("worker").exception("job-broken", job=job)
        return nothing
