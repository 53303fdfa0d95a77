"""The worker: one tick looks for what is due and does it. Any number of processes may tick at
once; there is no leader."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeVar

import structlog

from engine.curriculum.outline import Lang
from engine.delivery.expiring import end_debriefs, expire_due
from engine.delivery.opening import open_due
from engine.delivery.outbox import NewsCounts
from engine.delivery.send import DeliveryCounts, Outgoing, send_due
from lti.courses import rosters, scores
from lti.courses.jobs import LtiJobs
from lti.courses.people import LocaleDefaults
from lti.launch import states
from web.mails.letters import Letters
from web.services import Services
from web.site import visits
from web.words.comments import comment

Result = TypeVar("Result")


@dataclass(frozen=True)
class Counts:
    """What a tick did: touches opened and closed as missed, debriefs ended, deliveries that left
    and that were refused; experiences whose news LMSs were told, or could not be, and courses of
    LMSs whose roster was synced."""

    opened: int = 0
    expired: int = 0
    ended: int = 0
    sent: int = 0
    failed: int = 0
    told: int = 0
    untold: int = 0
    synced: int = 0


def tick(services: Services) -> Counts:
    """Do what is due. Costs a few index look-ups and claims when nothing is. A job that fails
    holds up no other one."""
    units, name = services.units, uuid.uuid4().hex
    letters, jobs = Letters(services.settings), lti_jobs(services)
    outgoing = Outgoing(name, letters.touch, services.channels)
    expired = _do("expire", 0, lambda: expire_due(units))
    opened = _do("open", 0, lambda: open_due(units))
    ended = _do("end", 0, lambda: end_debriefs(units))
    mailed = _do("send", DeliveryCounts(), lambda: send_due(units, outgoing))
    _do("tidy", None, lambda: tidy(services))
    told = _do("scores", NewsCounts(), lambda: scores.send_scores(jobs, name, comment))
    synced = _do("rosters", 0, lambda: rosters.sync_due(jobs))
    counts = Counts(
        opened, expired, ended, mailed.sent, mailed.failed, told.told, told.failed, synced
    )
    if counts != Counts():
        structlog.get_logger("worker").info("tick", **asdict(counts))
    return counts


def tidy(services: Services) -> None:
    """Our keys are of the right age, and logins and visits that are long over are forgotten."""
    wall = services.clock.wall()
    services.lti.keys.tend(wall)
    states.sweep(services.db, wall)
    visits.sweep(services.db, wall)


def lti_jobs(services: Services) -> LtiJobs:
    """What jobs that deal with LMSs need, for the worker and for pages that start one on demand."""
    settings = services.settings
    usual: Lang = "en" if settings.language == "en" else "fr"
    return LtiJobs(
        services.units,
        services.lti.caller,
        LocaleDefaults(None, usual, settings.time_zone),
        f"{settings.base_url}/lti/notices",
    )


def _do(job: str, nothing: Result, run: Callable[[], Result]) -> Result:
    """What the job did; ``nothing`` when it broke, which is logged."""
    try:
        return run()
    except Exception:
        structlog.get_logger("worker").exception("job-broken", job=job)
        return nothing
