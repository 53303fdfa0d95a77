"""The worker: its jobs find what is due and do it, each at its own pace, so that a slow mail server
or LMS holds up nothing else. Any number of processes may work at once; there is no leader."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TypeVar

import structlog

from engine.delivery.announcing import announce_due
from engine.delivery.asked import Sender
from engine.delivery.bounces import Bounces
from engine.delivery.course_ends import end_courses, settle_debriefs
from engine.delivery.expiring import end_debriefs, expire_due
from engine.delivery.message import Message
from engine.delivery.mondays import ask_mondays
from engine.delivery.opening import open_due
from engine.delivery.outbox import NewsCounts
from engine.delivery.send import SHIFT, DeliveryCounts, Outgoing, send_due
from engine.journey.tables import move_on
from engine.people import gate, listed
from engine.people.asking import forget_old_links
from engine.storage import scrubbing, workers
from engine.storage.claims import DeliveryKey, is_link_due
from engine.storage.database import Database
from engine.storage.retention import forget_old
from engine.storage.tables import AddressClaim, Announcement, Invitation, MondayMail
from lti.courses import rosters, scores
from lti.courses.rosters import Rosters
from web.mails import queues
from web.mails.letters import Letters
from web.services import Services
from web.words.comments import comment

Result = TypeVar("Result")
NIGHT = 2
"""In this hour (UTC) the file of a SQLite database is rewritten: writers wait for a moment."""
MANY_LINKS = 1_000
"""More links than anybody sends in the time of one tick."""


@dataclass(frozen=True)
class Counts:
    """What a tick did: touches opened, touches closed, debriefs and courses ended and tables moved
    on, learners told something beside; deliveries sent and refused; experiences whose news LMSs
    accepted or could not be sent, and LMS courses whose roster was synced; chunks of lists whose
    invitations were written."""

    opened: int = 0
    expired: int = 0
    ended: int = 0
    announced: int = 0
    sent: int = 0
    failed: int = 0
    told: int = 0
    untold: int = 0
    synced: int = 0
    listed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{name: n + getattr(other, name) for name, n in vars(self).items()})

    @property
    def went_on(self) -> bool:
        """Whether anything was done; what failed waits for its next try."""
        return replace(self, failed=0, untold=0) != Counts()


Job = Callable[[Services], Counts]
"""Does a batch of one kind of work that is due. What fails in it is logged and holds up nothing
else."""


def open_and_end(services: Services) -> Counts:
    """What opens and ends with time; asks nothing of any other machine."""
    units = services.units
    expired = _do("expire", 0, lambda: expire_due(units))
    opened = _do("open", 0, lambda: open_due(units))
    ended = _do("end", 0, lambda: end_debriefs(units))
    ended += _do("courses", 0, lambda: end_courses(units) + settle_debriefs(units))
    ended += _do("tables", 0, lambda: move_on(units))
    announced = _do("announce", 0, lambda: announce_due(units))
    _do("mondays", 0, lambda: ask_mondays(units))
    return Counts(opened, expired, ended, announced)


def send_asked(services: Services) -> Counts:
    """The mails that somebody waits for on a page: links to sign in, addresses to confirm."""
    with sending(services) as sender:
        until = services.clock.wall() + SHIFT
        claims = queues.confirmations(services)
        done = _do("links", DeliveryCounts(), lambda: _send_links(services, sender, until))
        done += _do(
            "addresses", DeliveryCounts(), lambda: sender.send_in_turn(AddressClaim, claims, until)
        )
    return Counts(sent=done.sent, failed=done.failed)


def _send_links(services: Services, sender: Sender, until: datetime) -> DeliveryCounts:
    with services.db.across("worker-claim") as door:
        if not is_link_due(door, services.clock.wall()):
            return DeliveryCounts()
    return sender.send_queue(queues.links(services), until, most=MANY_LINKS).counts


def send_mails(services: Services) -> Counts:
    """Touches, then announcements, invitations and news of courses; of each, every organisation in
    turn."""
    letters, returns = Letters(services.settings), services.settings.return_addresses

    def render(key: DeliveryKey, to: str) -> Message:
        with services.read(key.tenant) as work:
            return replace(letters.touch(work, key, to), returns=returns.of(key))

    with sending(services) as sender:
        outgoing = Outgoing(sender.owner, render, services.channels)
        done = _do("send", DeliveryCounts(), lambda: send_due(services.units, outgoing))
        until, invited = services.clock.wall() + SHIFT, queues.invited(services)
        told = queues.announced(services)
        done += _do(
            "announcements",
            DeliveryCounts(),
            lambda: sender.send_in_turn(Announcement, told, until),
        )
        done += _do(
            "invitations", DeliveryCounts(), lambda: sender.send_in_turn(Invitation, invited, until)
        )
        mondays = queues.on_mondays(services)
        done += _do(
            "mondays", DeliveryCounts(), lambda: sender.send_in_turn(MondayMail, mondays, until)
        )
    return Counts(sent=done.sent, failed=done.failed)


def send_scores(services: Services) -> Counts:
    """Scores to the gradebooks of LMSs."""
    caller, owner = services.lti.caller, uuid.uuid4().hex
    done = _do("scores", NewsCounts(), lambda: scores.send_scores(caller, owner, comment))
    return Counts(told=done.told, untold=done.failed)


def sync_rosters(services: Services) -> Counts:
    """The rosters of courses of LMSs."""
    return Counts(synced=_do("rosters", 0, lambda: rosters.sync_due(rosters_of(services))))


def write_invitations(services: Services) -> Counts:
    """The next invitations of every list that somebody handed in."""
    return Counts(listed=_do("lists", 0, lambda: listed.advance_all(services.units)))


JOBS: tuple[Job, ...] = (
    open_and_end,
    send_asked,
    write_invitations,
    send_mails,
    send_scores,
    sync_rosters,
)
"""Every job; ``serve`` gives each a thread of its own."""


def tick(services: Services) -> Counts:
    """Does everything that is due, in one thread."""
    return work_off(services, *JOBS)


def work_off(services: Services, *jobs: Job) -> Counts:
    """Does these jobs until nothing due is left or the time for one tick is used up; costs a few
    index look-ups if nothing is due."""
    total, until = Counts(), services.clock.wall() + SHIFT
    while (done := _round(services, jobs)).went_on and services.clock.wall() < until:
        total += done
    total += done
    services.pulse.note(jobs, services.clock.wall())
    if total != Counts():
        structlog.get_logger("worker").info("tick", **asdict(total))
    return total


def _round(services: Services, jobs: Iterable[Job]) -> Counts:
    return sum((job(services) for job in jobs), Counts())


@contextmanager
def sending(services: Services) -> Iterator[Sender]:
    """What sends the mails that somebody asked for, until the block is left."""
    made = Sender(services.units, uuid.uuid4().hex, services.mail)
    try:
        yield made
    finally:
        made.release()


def tidy(services: Services) -> None:
    """Rotates our keys as needed, deletes what ended long ago, and leaves none of its bytes in
    SQLite's log, nor, once a night and when an erasure owes it, in the file; to be called once
    an hour."""
    wall, engine = services.clock.wall(), services.db.engine
    _do("keys", None, lambda: services.lti.keys.tend(wall))
    _do("links", 0, lambda: forget_old_links(services.units))
    _do("retention", 0, lambda: forget_old(services.units))
    _do("gate", None, lambda: _sweep_gate(services.db, wall))
    owed = wall.hour == NIGHT or scrubbing.must_be_rewritten(engine)
    leave_nothing = scrubbing.rewrite_once if owed else scrubbing.empty_log
    _do("scrubbing", False, lambda: leave_nothing(engine))


def beat(services: Services) -> None:
    """Tells the other processes that the worker of this one is alive; to be called every minute."""
    seen_at = services.pulse.ticked_at
    if seen_at is not None:
        _do("beat", None, lambda: workers.beat(services.db, services.pulse.process, seen_at))


def leave(services: Services) -> None:
    """The worker of this process ends in good order."""
    _do("leave", None, lambda: workers.leave(services.db, services.pulse.process))


def read_bounces(services: Services) -> None:
    """Takes what mail servers sent back to the mailbox of the settings, if there is one; to be
    called every few minutes."""
    mailbox = services.settings.bounce_mailbox
    if mailbox is not None:
        bounces = Bounces(services.units, services.settings.return_addresses)
        _do("bounces", 0, lambda: bounces.collect(mailbox))


def _sweep_gate(db: Database, wall: datetime) -> None:
    with db.shared(write=True) as session:
        gate.sweep(session, wall)


def rosters_of(services: Services) -> Rosters:
    """Returns what syncs the courses of LMSs."""
    notices = f"{services.settings.base_url}/lti/notices"
    return Rosters(services.lti.caller, notices, services.lti.left)


def _do(job: str, nothing: Result, run: Callable[[], Result]) -> Result:
    """The job's result; ``nothing`` if it raised, which is logged."""
    try:
        return run()
    except Exception:
        structlog.get_logger("worker").exception("job-broken", job=job)
        return nothing
