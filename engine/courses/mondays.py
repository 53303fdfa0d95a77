"""What somebody who runs a course may hear of it on Mondays: counts and names, never words; nothing
where there is nothing to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses import calendar, progress
from engine.courses.calendar import WEEK
from engine.courses.outlines import outline_of
from engine.courses.progress import REFUSED, Progress
from engine.journey.term import is_over
from engine.spacing.days import local_day, monday_of, zone_of
from engine.storage.queries import desk
from engine.storage.queries.running import rows
from engine.storage.tables import Account, Course, Learner, Membership, MondayMail
from engine.storage.work import Work
from engine.values.roles import ADMINISTRATOR

HOUR = time(8, 30)
NAMED = 5
"""So many people are named; the others are counted."""
SHOWN = ("unbegun", "invited", REFUSED)


@dataclass(frozen=True)
class People:
    """How many people there is something to do about, and what the first of them are called."""

    count: int
    names: tuple[str, ...]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.names)


@dataclass(frozen=True)
class Opening:
    """An experience that opens this week, and the title of its section."""

    section: str
    pack: str
    version: str
    module: str


@dataclass(frozen=True)
class MondayNews:
    """What there is to hear of a course: what opens this week; who is in the course and has begun
    nothing (``unbegun``), was invited and has not come, and whose mail is refused."""

    opens: tuple[Opening, ...]
    unbegun: People
    invited: People
    refused: People


def news_of(work: Work, course: Course, zone: ZoneInfo) -> MondayNews | None:
    """What there is to hear of a course this week; None if there is nothing, or its time is
    over."""
    outline, today = outline_of(course), local_day(work.now, zone)
    if calendar.is_over(outline, today) or is_over(course, work.now, zone.key):
        return None
    placed = {row.section: row for row in rows(work.session, desk.PLACED, course=course.id)}
    days, last = outline.first_days(), course.ends_on or date.max
    opens = tuple(
        Opening(section.title, row.pack, row.version, row.module)
        for section in calendar.opening(outline, placed, monday_of(today))
        for row in (placed[section.id],)
        if (days[section.id] or last) <= last
    )
    them = progress.everybody(work, course)
    told = {state: _people(one for one in them if progress.is_in(one, state)) for state in SHOWN}
    if not any((days[section] or today) <= today for section in placed if section in days):
        told["unbegun"] = People(0, ())  # nobody is late with what cannot be begun yet
    if not opens and not any(people.count for people in told.values()):
        return None
    return MondayNews(opens, told["unbegun"], told["invited"], told[REFUSED])


def _people(them: Iterable[Progress]) -> People:
    names = sorted((one.name for one in them), key=progress.as_read)
    return People(len(names), tuple(names[:NAMED]))


def next_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """The first Monday morning after ``now`` in that zone."""
    monday = monday_of(local_day(now, zone))
    this = datetime.combine(monday, HOUR, zone)
    return this if this > now else datetime.combine(monday + WEEK, HOUR, zone)


def week_of(now: datetime, zone: ZoneInfo) -> str:
    """The ISO week there, such as ``2027-W03``."""
    year, week, _day = local_day(now, zone).isocalendar()
    return f"{year}-W{week:02}"


def wish_of(unit: Session, course: Course, account: str) -> MondayMail | None:
    """The row of somebody who wishes to hear of a course on Mondays."""
    return unit.get(MondayMail, (unit.info["tenant"], course.id, account))


def wish(work: Work, course: Course, account: str) -> bool:
    """From the next Monday on they hear of that course; does nothing if they do already. Returns
    False if they have no address."""
    unit = work.session
    if wish_of(unit, course, account) is not None:
        return True
    email = unit.scalars(select(Account.email).where(Account.id == account)).one()
    if email is None:
        return False
    due = next_monday(work.now, zone_of_account(unit, account))
    made = MondayMail(course=course.id, account=account, email=email, due_at=due)
    made.state, made.next_at = "idle", work.wall
    unit.add(made)
    unit.flush()
    return True


def wish_no_more(work: Work, course: str, account: str) -> None:
    """They hear no more of that course on Mondays."""
    found = work.session.get(MondayMail, (work.tenant, course, account))
    if found is not None:
        work.session.delete(found)
        work.session.flush()


def zone_of_account(unit: Session, account: str) -> ZoneInfo:
    """Where somebody lives."""
    return zone_of(unit.scalars(select(Learner.zone).where(Learner.id == account)).one())


def runs(unit: Session, course: str, account: str) -> bool:
    """Whether they run that course (still)."""
    roles = unit.scalars(select(Account.roles).where(Account.id == account)).one_or_none()
    if roles and ADMINISTRATOR in roles:
        return True
    its = select(Membership.role).where(Membership.course == course, Membership.account == account)
    return unit.scalars(its).one_or_none() == "facilitator"
