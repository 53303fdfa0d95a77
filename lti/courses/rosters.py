"""Rosters: of the people that a platform lists in a course, those who have launched are kept up to
date, page by page, and all are counted; those who left are no longer asked anything.

Reading a roster is a generator that stops after each page. The worker can leave a slow one there
and go on with it in the next tick; what it holds meanwhile is memory, no transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import structlog
from sqlalchemy import select

from engine.delivery.send import SHIFT
from engine.storage.claims import ContextRow, claim_contexts, tenants_with_rosters
from engine.storage.tables import LtiContext
from engine.storage.work import Units
from engine.values.errors import NotFound, RelectureError
from lti.courses import groups
from lti.courses.contexts import ContextKey, course_of
from lti.courses.roster_pass import RosterPass, SyncResult
from lti.courses.turns import Left, Steps, Turn
from lti.platforms import registrations
from lti.platforms.reasons import RosterUnknown
from lti.platforms.registrations import Registration
from lti.services import groups as group_service
from lti.services import pns
from lti.services.call import Caller
from lti.wire import names
from lti.wire.refusals import ServiceRefused

PERIOD = timedelta(hours=6)
"""How often a course is synced."""
AGAIN = timedelta(hours=1)
"""How long until a course that could not be synced is tried again."""
AWAKE = timedelta(days=90)
"""A course that nobody has opened for this long is not synced until it is opened again."""
RECOUNT = timedelta(days=1)
"""How often everybody is read for the sake of the count alone, where the platform tells changes."""


@dataclass(frozen=True)
class Rosters:
    """The dependencies needed to sync courses with their platforms. ``notices``: the base address
    for notices, with one path per registration below it; ``left``: the syncs that the last tick of
    this process left where they were."""

    caller: Caller
    notices: str
    left: Left = field(default_factory=dict)

    @property
    def units(self) -> Units:
        """The factory for units of work."""
        return self.caller.units


def sync_due(rosters: Rosters) -> int:
    """Goes on with the syncs that were left, then syncs the courses that are due, one per
    organisation in turn; returns how many were finished. One that fails is tried again in an hour.

    Each registration has a budget of each tick. What it could not do in this time is left to the
    next tick, so that a platform that drips keeps no other waiting.
    """
    clock = rosters.units.clock
    turn = Turn(clock, clock.wall() + SHIFT, rosters.left)
    turn.drop_older_than(AGAIN)
    done = sum(turn.go_on(one, _tried(rosters, one)) for one in list(rosters.left))
    while clock.wall() < turn.until:
        claimed = [one for tenant in _due(rosters) for one in claim_due(rosters, tenant)]
        if not claimed:
            break
        done += sum(turn.go_on(one, _tried(rosters, one)) for one in claimed)
    return done


def _due(rosters: Rosters) -> list[str]:
    with rosters.units.db.across("worker-claim") as door:
        return tenants_with_rosters(door, rosters.units.clock.wall())


def claim_due(rosters: Rosters, tenant: str) -> list[ContextRow]:
    """Claims the organisation's most overdue course, so that nobody else gets it within the
    hour."""
    with rosters.units.write(tenant) as work:
        found = claim_contexts(work.session, work.wall, AGAIN, AWAKE, limit=1)
        work.commit()
        return found


def _tried(rosters: Rosters, claimed: ContextRow) -> Steps:
    log = structlog.get_logger("lti").bind(tenant=claimed.tenant, registration=claimed.registration)
    try:
        return (yield from _serve(rosters, claimed))
    except RelectureError as refused:
        log.warning("roster-not-synced", context=claimed.context, code=refused.reason.code)
    except Exception:
        log.exception("roster-broken")
    return False


def _serve(rosters: Rosters, claimed: ContextRow) -> Steps:
    """Makes all regular requests for a course to its platform: subscribes to copy notices, once,
    and reads the roster. Stops where the registration is switched off or changed meanwhile: the
    next sync begins with what it is then."""
    registration = _now(rosters, claimed)
    if not registration.enabled:
        return False
    key = ContextKey(claimed.registration, claimed.deployment, claimed.context)
    asked = _ask_for_copies(rosters, registration, key)
    row = _row(rosters, registration, key)
    if row.roster_url is not None and granted(registration, names.SCOPE_ROSTER):
        steps = _syncing(rosters, registration, key)
        yield
        while _now(rosters, claimed) == registration:
            if next(steps, True):
                return True
            yield
        return False
    if asked:
        _plan(rosters, registration, key, None)
    return False


def _now(rosters: Rosters, claimed: ContextRow) -> Registration:
    with rosters.units.read(claimed.tenant) as work:
        return registrations.get(work, claimed.registration)


def granted(registration: Registration, scope: str) -> bool:
    """Whether that service may be called, as far as the registration knows; a registration entered
    by hand may not know."""
    return not registration.scopes or scope in registration.scopes


def sync(
    rosters: Rosters,
    registration: Registration,
    key: ContextKey,
    *,
    resource_link: str | None = None,
) -> SyncResult:
    """Brings the members of a course up to date now: all of them, or (with ``resource_link``) only
    those who may follow that link, in which case nobody is removed (NRPS 2.0, section 3).

    Nobody is stored who has not launched. Requests only the changes if the platform supports that
    (section 2.4.3), the course has no groups and its count is not in doubt for a day; everybody
    otherwise. Each transaction covers a few members. Raises
    ``NotFound("roster-unknown")``, ``ServiceRefused`` and ``FetchRefused``; what was read until
    then is kept, and nobody is removed for being missing.
    """
    steps = _syncing(rosters, registration, key, resource_link)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast(SyncResult, end.value)


def _syncing(
    rosters: Rosters,
    registration: Registration,
    key: ContextKey,
    resource_link: str | None = None,
) -> Generator[None, None, SyncResult]:
    """What ``sync`` does, in steps of a page."""
    row = _row(rosters, registration, key)
    if row.roster_url is None:
        raise NotFound(RosterUnknown())
    if resource_link is not None:
        run = RosterPass(rosters.caller, registration, key)
        yield from run.read(row.roster_url, resource_link=resource_link)
        return run.synced()
    told = _groups(rosters, registration, row)
    yield
    run = RosterPass(rosters.caller, registration, key)
    whole = row.differences_url is None or told is not None or _in_doubt(rosters, row)
    if not whole:
        try:
            yield from run.read(str(row.differences_url))
        except ServiceRefused as refused:  # the platform may have lost our starting point
            if not refused.lasting:
                raise
            whole, run = True, RosterPass(rosters.caller, registration, key)
    if whole:
        yield from run.read(row.roster_url, with_groups=told is not None)
        run.let_go()
    _finish(rosters, registration, key, run, told, whole=whole)
    return run.synced()


def _in_doubt(rosters: Rosters, row: LtiContext) -> bool:
    """Whether it is time to count the learners again. Changes name people without saying whether
    they were counted before, and who was counted is not stored; so a change that names anybody
    leaves the count as it was, of its day."""
    if row.counted_at is None or row.synced_at is None:
        return True
    return row.counted_at < row.synced_at and (
        rosters.units.clock.wall() - row.counted_at >= RECOUNT
    )


def _groups(
    rosters: Rosters, registration: Registration, row: LtiContext
) -> tuple[group_service.Group, ...] | None:
    """The groups of a course; None if the platform has none, or did not grant access to them."""
    if row.groups_url is None or not granted(registration, names.SCOPE_GROUPS):
        return None
    return tuple(group_service.groups(rosters.caller, registration, row.groups_url))


def _finish(
    rosters: Rosters,
    registration: Registration,
    key: ContextKey,
    run: RosterPass,
    told: Collection[group_service.Group] | None,
    *,
    whole: bool,
) -> None:
    wall = rosters.units.clock.wall()
    with rosters.units.write(registration.tenant) as work:
        row = key.row(work.session)
        if row is not None:
            row.differences_url, row.synced_at, row.sync_at = run.differences, wall, wall + PERIOD
            if whole and run.seen:
                row.learners = run.learners
            if (whole and run.seen) or not (whole or run.named):
                row.counted_at = wall
            if told is not None:
                groups.keep(work.session, key, course_of(work.session, row), told, run.in_groups)
            work.commit()


def _ask_for_copies(rosters: Rosters, registration: Registration, key: ContextKey) -> bool:
    """Subscribes to copy notices, once; returns whether that is settled. A subscription to the same
    address for another course covers all of them."""
    row = _row(rosters, registration, key)
    if (
        row.notices_url is None
        or row.notices_at is not None
        or not granted(registration, names.SCOPE_NOTICES)
    ):
        return True
    with rosters.units.read(registration.tenant) as work:
        asked = (
            work.session.scalars(
                select(LtiContext.notices_at)
                .where(
                    LtiContext.registration == registration.id,
                    LtiContext.notices_url == row.notices_url,
                    LtiContext.notices_at.is_not(None),
                )
                .limit(1)
            ).first()
            is not None
        )
    try:
        if not asked:
            pns.ask_for_copies(
                rosters.caller,
                registration,
                row.notices_url,
                f"{rosters.notices}/{registration.id}",
            )
    except RelectureError as refused:
        structlog.get_logger("lti").warning(
            "notices-not-asked-for", registration=registration.id, code=refused.reason.code
        )
        return False
    with rosters.units.write(registration.tenant) as work:
        found = key.row(work.session)
        if found is not None:
            found.notices_at = rosters.units.clock.wall()
            work.commit()
    return True


def _plan(
    rosters: Rosters, registration: Registration, key: ContextKey, at: datetime | None
) -> None:
    with rosters.units.write(registration.tenant) as work:
        row = key.row(work.session)
        if row is not None:
            row.sync_at = at
            work.commit()


def _row(rosters: Rosters, registration: Registration, key: ContextKey) -> LtiContext:
    with rosters.units.read(registration.tenant) as work:
        row = key.row(work.session)
    if row is None:
        raise NotFound(RosterUnknown())
    return row
