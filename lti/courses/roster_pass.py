"""One pass through a roster: counts whom the platform lists, and keeps those of them up to date who
have launched. When to read which one is in ``rosters``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Generator, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from engine.storage.tables import Course, LtiPerson, Membership
from engine.storage.work import Work
from engine.values.errors import NotFound
from lti.courses.contexts import ContextKey, course_of
from lti.courses.members import follow, leave
from lti.courses.people import recognise
from lti.launch.values import User
from lti.platforms import registrations
from lti.platforms.reasons import RosterUnknown
from lti.platforms.registrations import Registration
from lti.services import nrps
from lti.services.call import Caller
from lti.services.nrps import Member

PAGE = 500
"""How many members are requested at once; platforms may return fewer."""
BATCH = 100
"""How many members are removed in one transaction."""
SLICE = 200
"""How many members of a page, which may be of any size, are written in one transaction."""


@dataclass(frozen=True)
class SyncResult:
    """The result of a sync: how many active members the platform listed, how many of them are
    learners, how many of ours came back and left; and ``members``, the subjects listed."""

    seen: int
    learners: int
    returned: int
    left: int
    members: frozenset[str]


@dataclass
class RosterPass:
    """One pass: the active members that were listed (``seen``), how many of them are learners, and
    how many of ours came back and left. ``named`` also counts who is no longer active;
    ``in_groups`` are the accounts of ours in each group."""

    caller: Caller
    registration: Registration
    key: ContextKey
    learners: int = 0
    returned: int = 0
    left: int = 0
    named: int = 0
    seen: set[str] = field(default_factory=set)
    differences: str | None = None
    in_groups: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self.began = self.caller.units.clock.wall()

    def read(
        self, url: str, *, resource_link: str | None = None, with_groups: bool = False
    ) -> Generator[None, None, None]:
        """Processes every page as it is received, and stops after each."""
        for page in nrps.roster(
            self.caller,
            self.registration,
            url,
            resource_link=resource_link,
            limit=PAGE,
            groups=with_groups,
        ):
            self.named += len(page.members)
            for first in range(0, len(page.members), SLICE):
                self._take(page.members[first : first + SLICE])
            self.differences = page.differences or self.differences
            yield

    def let_go(self) -> None:
        """Removes members who came from this platform and are no longer listed, except those who
        launched meanwhile. An empty roster is not believed."""
        if not self.seen:
            return
        with self.caller.units.read(self.registration.tenant) as work:
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
            with self.caller.units.write(self.registration.tenant) as work:
                self._leave(work, _course(work.session, self.key), gone[first : first + BATCH])
                work.commit()

    def synced(self) -> SyncResult:
        """The result of the pass."""
        seen = frozenset(self.seen)
        return SyncResult(len(seen), self.learners, self.returned, self.left, seen)

    def _take(self, members: Collection[Member]) -> None:
        """Counts these members, and updates those of them who have launched."""
        here = [member for member in members if len(member.user) <= 255]
        active = {one.user: one for one in here if one.status == "active"}
        gone = {one.user for one in here} - active.keys()
        learning = {one.user for one in active.values() if _learns(one)} - self.seen
        self.seen.update(active)
        if self._have_launched(active.keys() | gone):
            learning -= self._follow(active, gone)
        self.learners += len(learning)

    def _follow(self, active: Mapping[str, Member], gone: Collection[str]) -> set[str]:
        """Updates those of these members who have launched, and returns who of them runs the
        course: by what they launched as, perhaps, where the roster says less."""
        with self.caller.units.write(self.registration.tenant) as work:
            registrations.hold(work, self.registration.id)
            course = _course(work.session, self.key)
            left = recognise(work, self.registration.id, [User(user) for user in gone])
            self._leave(work, course, (account.id for account in left.values()))
            users = [
                User(one.user, one.name, one.given_name, one.family_name) for one in active.values()
            ]
            known = recognise(work, self.registration.id, users)
            roles = {account.id: active[user].role_said for user, account in known.items()}
            followed = follow(work, course, roles)
            self.returned += followed.back
            for user, account in known.items():
                for group in active[user].groups:
                    self.in_groups[group].add(account.id)
            work.commit()
        return {user for user, one in known.items() if one.id in followed.facilitators}

    def _have_launched(self, subjects: Collection[str]) -> bool:
        """Whether any of them has; most rosters name many who have not, for whom nothing is
        written."""
        with self.caller.units.read(self.registration.tenant) as work:
            launched = select(LtiPerson.subject).where(
                LtiPerson.registration == self.registration.id, LtiPerson.subject.in_(subjects)
            )
            return work.session.scalars(launched.limit(1)).first() is not None

    def _leave(self, work: Work, course: Course, accounts: Iterable[str]) -> None:
        for account in accounts:
            self.left += leave(work, course, account)


def _learns(member: Member) -> bool:
    """Whether the roster lists this member as a learner, as far as it says."""
    return member.role_said != "facilitator" and not member.looks_on


def _course(unit: Session, key: ContextKey) -> Course:
    """Our course. Raises ``NotFound`` if its registration has been deleted meanwhile."""
    row = key.row(unit)
    if row is None:
        raise NotFound(RosterUnknown())
    return course_of(unit, row)
