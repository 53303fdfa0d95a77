"""Rosters: the people that a platform lists in a course become members here, page by page; those
who left are no longer asked anything.

Reading a roster is a generator that stops after each page. The worker can leave a slow one there
and go on with it in the next tick; what it holds meanwhile is memory, no transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Generator, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import structlog
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from engine.delivery.send import SHIFT
from engine.storage.claims import ContextRow, claim_contexts, tenants_with_rosters
from engine.storage.tables import Course, LtiContext, LtiPerson, Membership
from engine.storage.work import Units, Work
from engine.values.errors import NotFound, RelectureError
from lti.courses import groups
from lti.courses.contexts import ContextKey, course_of
from lti.courses.members import enter, leave
from lti.courses.people import LocaleDefaults, accounts_of
from lti.courses.turns import Left, Steps, Turn
from lti.launch.values import User
from lti.platforms import registrations
from lti.platforms.reasons import RosterUnknown
from lti.platforms.registrations import Registration
from lti.services import groups as group_service
from lti.services import nrps, pns
from lti.services.call import Caller
from lti.services.nrps import Member
from lti.wire import names
from lti.wire.refusals import ServiceRefused

PERIOD = timedelta(hours=6)
"""How often a course is synced."""
AGAIN = timedelta(hours=1)
"""How long until a course that could not be synced is tried again."""
AWAKE = timedelta(days=90)
"""A course that nobody has opened for this long is not synced until it is opened again."""
PAGE = 500
"""How many members are requested at once; platforms may return fewer."""
BATCH = 100
"""How many members are removed in one transaction."""
SLICE = 200
"""How many members of a page, which may be of any size, are written in one transaction."""


@dataclass(frozen=True)
class Rosters:
    """The dependencies needed to sync courses with their platforms. ``locale``: the defaults for
    new people; ``notices``: the base address for notices, with one path per registration below
    it; ``left``: the syncs that the last tick of this process left where they were."""

    caller: Caller
    locale: LocaleDefaults
    notices: str
    left: Left = field(default_factory=dict)

    @property
    def units(self) -> Units:
        """The factory for units of work."""
        return self.caller.units


@dataclass(frozen=True)
class SyncResult:
    """The result of a sync: how many members the platform listed, how many joined and left; and
    ``members``, their subjects."""

    seen: int
    joined: int
    left: int
    members: frozenset[str]


def sync_due(rosters: Rosters) -> int:
    """Goes on with the syncs that were left, then syncs the courses that are due, one per
    organisation in turn; returns how many were finished. One that fails is tried again in an hour.

    Each registration has ``EACH`` of a tick. What it could not do in this time is left to the next
    tick, so that a platform that drips keeps no other waiting.
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
    and reads the roster."""
    with rosters.units.read(claimed.tenant) as work:
        registration = registrations.get(work, claimed.registration)
    key = ContextKey(claimed.registration, claimed.deployment, claimed.context)
    asked = _ask_for_copies(rosters, registration, key)
    row = _row(rosters, registration, key)
    if row.roster_url is not None and granted(registration, names.SCOPE_ROSTER):
        yield
        yield from _syncing(rosters, registration, key)
        return True
    if asked:
        _plan(rosters, registration, key, None)
    return False


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

    Requests only the changes if the platform supports that (section 2.4.3) and the course has no
    groups, and everybody otherwise. Each transaction covers a few members. Raises
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
    run = _Sync(rosters, registration, key)
    if resource_link is not None:
        yield from run.read(row.roster_url, resource_link=resource_link)
        return run.synced()
    told = _groups(rosters, registration, row)
    yield
    whole = row.differences_url is None or told is not None
    if not whole:
        try:
            yield from run.read(str(row.differences_url))
        except ServiceRefused as refused:  # the platform may have lost our starting point
            if not refused.lasting:
                raise
            whole, run = True, _Sync(rosters, registration, key)
    if whole:
        yield from run.read(row.roster_url, with_groups=told is not None)
        run.let_go()
    _finish(rosters, registration, key, run, told)
    return run.synced()


@dataclass
class _Sync:
    """One pass through a roster."""

    rosters: Rosters
    registration: Registration
    key: ContextKey
    joined: int = 0
    left: int = 0
    seen: set[str] = field(default_factory=set)
    differences: str | None = None
    in_groups: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self.began = self.rosters.units.clock.wall()

    def read(
        self, url: str, *, resource_link: str | None = None, with_groups: bool = False
    ) -> Generator[None, None, None]:
        """Processes every page as it is received, and stops after each."""
        for page in nrps.roster(
            self.rosters.caller,
            self.registration,
            url,
            resource_link=resource_link,
            limit=PAGE,
            groups=with_groups,
        ):
            for first in range(0, len(page.members), SLICE):
                self._take(page.members[first : first + SLICE])
            self.differences = page.differences or self.differences
            yield

    def let_go(self) -> None:
        """Removes members who came from this platform and are no longer listed, except those who
        joined meanwhile. An empty roster is not believed."""
        if not self.seen:
            return
        with self.rosters.units.read(self.registration.tenant) as work:
            of_account = and_(
                LtiPerson.tenant == Membership.tenant, LtiPerson.account == Membership.account
            )
            course = _course(work.session, self.key)
            rows = work.session.execute(
                select(LtiPerson.subject, LtiPerson.account)
                .join(Membership, of_account)
                .where(
                    Membership.course == course.id,
                    LtiPerson.registration == self.registration.id,
                    LtiPerson.seen_at < self.began,
                )
            ).all()
        here = {account for subject, account in rows if subject in self.seen}
        gone = sorted({account for subject, account in rows if subject not in self.seen} - here)
        for first in range(0, len(gone), BATCH):
            with self.rosters.units.write(self.registration.tenant) as work:
                self._leave(work, _course(work.session, self.key), gone[first : first + BATCH])
                work.commit()

    def synced(self) -> SyncResult:
        """The result of the pass."""
        return SyncResult(len(self.seen), self.joined, self.left, frozenset(self.seen))

    def _take(self, members: Collection[Member]) -> None:
        here = [member for member in members if len(member.user) <= 255]
        with self.rosters.units.write(self.registration.tenant) as work:
            registrations.hold(work, self.registration.id)
            course = _course(work.session, self.key)
            gone = [member.user for member in here if member.status != "active"]
            self._leave(
                work,
                course,
                work.session.scalars(
                    select(LtiPerson.account).where(
                        LtiPerson.registration == self.registration.id, LtiPerson.subject.in_(gone)
                    )
                ).all(),
            )
            active = [member for member in here if member.status == "active"]
            users = [
                User(one.user, one.name, one.given_name, one.family_name, one.email)
                for one in active
            ]
            accounts = accounts_of(work, self.registration.id, users, self.rosters.locale)
            roles = {
                account.id: member.course_role
                for account, member in zip(accounts, active, strict=True)
            }
            self.joined += enter(work, course, roles)
            for account, member in zip(accounts, active, strict=True):
                self.seen.add(member.user)
                for group in member.groups:
                    self.in_groups[group].add(account.id)
            work.commit()

    def _leave(self, work: Work, course: Course, accounts: Iterable[str]) -> None:
        for account in accounts:
            self.left += leave(work, course, account)


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
    run: _Sync,
    told: Collection[group_service.Group] | None,
) -> None:
    wall = rosters.units.clock.wall()
    with rosters.units.write(registration.tenant) as work:
        row = key.row(work.session)
        if row is not None:
            row.differences_url, row.synced_at, row.sync_at = run.differences, wall, wall + PERIOD
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


def _course(unit: Session, key: ContextKey) -> Course:
    """Our course. Raises ``NotFound`` if its registration has been deleted meanwhile."""
    row = key.row(unit)
    if row is None:
        raise NotFound(RosterUnknown())
    return course_of(unit, row)
