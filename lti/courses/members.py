"""Members of a platform's course in ours: joining by a launch, which role they have by what the
platform said where, leaving, and coming back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.journey.joining import learner_of
from engine.journey.leaving import come_back, leave_course
from engine.storage.queries import launches
from engine.storage.queries.running import change, rows
from engine.storage.tables import Course, Enrolment, Membership
from engine.storage.tables.journeys import LEFT
from engine.storage.work import Work
from lti.wire.roles import CourseRole

Source = Literal["roster", "launch", "deep-linking", "here"]
"""Where a role was said, the weightiest last: only who may author a course is sent to Deep Linking,
and rosters of some platforms list teachers without editing rights as learners."""


@dataclass(frozen=True)
class RoleSaid:
    """Somebody's role in a course, and where it was last said."""

    role: CourseRole
    source: Source

    def after(self, said: CourseRole | None, source: Source) -> RoleSaid:
        """The role once ``source`` has said another; None if it did not say. What outranks it is
        not undone by it: it may make a facilitator of a learner, not a learner of a facilitator."""
        outranked = _RANKS.index(source) < _RANKS.index(self.source)
        if said is None or (outranked and said in ("learner", self.role)):
            return self
        return RoleSaid(said, source)


_RANKS: tuple[Source, ...] = get_args(Source)


@dataclass(frozen=True)
class Followed:
    """What following a roster came to: how many came back, and the accounts of those on it who run
    the course, whatever it says of them."""

    back: int
    facilitators: set[str]


def follow(work: Work, course: Course, roles: Mapping[str, CourseRole | None]) -> Followed:
    """Gives these accounts the role that the platform's roster says they have, where they are
    members and nothing weightier said another. Those who had left come back and resume where they
    were; who never came is not made a member. Takes a few queries, however many accounts there
    are."""
    there = {
        row.account: row
        for row in work.session.scalars(
            select(Membership).where(Membership.course == course.id, Membership.account.in_(roles))
        )
    }
    for account, row in there.items():
        now = RoleSaid(cast(CourseRole, row.role), cast(Source, row.role_source))
        now = now.after(roles[account], "roster")
        row.role, row.role_source = now.role, now.source
    back = work.session.scalars(
        select(Enrolment.learner)
        .distinct()
        .where(
            Enrolment.course == course.id,
            Enrolment.closed_as == LEFT,
            Enrolment.learner.in_(roles.keys() - there.keys()),
        )
    ).all()
    work.session.add_all(
        Membership(
            course=course.id,
            account=account,
            role=roles[account] or "learner",
            role_source="roster",
            joined_at=work.now,
        )
        for account in back
    )
    work.session.flush()
    for account in back:
        come_back(work, learner_of(work.session, account), course.id)
    facilitators = {account for account, row in there.items() if row.role == "facilitator"}
    return Followed(len(back), facilitators)


def come(
    work: Work,
    course: str,
    account: str,
    now: RoleSaid,
    before: RoleSaid | None,
    *,
    newcomer: bool,
) -> None:
    """Makes an account that arrives by a launch a member of the course in that role; ``before`` is
    its previous role, None if it was not a member. A ``newcomer`` to the installation cannot have
    left a course before."""
    if before is None:
        change(
            work.session,
            launches.ADD_MEMBER,
            course=course,
            account=account,
            role=now.role,
            role_source=now.source,
            joined_at=work.now,
        )
        if not newcomer and rows(
            work.session, launches.LEFT_BEHIND, learner=account, course=course, closed_as=LEFT
        ):
            come_back(work, learner_of(work.session, account), course)
    elif before != now:
        change(
            work.session,
            launches.CHANGE_ROLE,
            of_course=course,
            of_account=account,
            new_role=now.role,
            new_source=now.source,
        )


def learn_now(unit: Session, course: Course, account: str) -> None:
    """Makes a learner of a member who ran the course, as they say themselves."""
    row = unit.get_one(Membership, (unit.info["tenant"], course.id, account))
    row.role, row.role_source = "learner", "launch"
    unit.flush()


def leave(work: Work, course: Course, account: str) -> bool:
    """Removes the account from the course's members and ends its touches for this course. Returns
    False if it was not a member."""
    if work.session.get(Membership, (work.session.info["tenant"], course.id, account)) is None:
        return False
    return leave_course(work, learner_of(work.session, account), course.id)
