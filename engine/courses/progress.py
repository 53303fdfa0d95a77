"""The people of a course as facilitators see them: counts and states, never words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.spacing.days import local_day, zone_of
from engine.storage.tables import Account, Answer, Course, Enrolment, Learner, Membership


@dataclass(frozen=True)
class Progress:
    """One learner as a facilitator sees them. ``state``: invited, joined, active, paused, quiet
    (missing touches), stopped."""

    account: str
    name: str
    state: str
    begun: int
    finished: int
    debriefs_done: int
    answers: int


@dataclass(frozen=True)
class CourseProgress:
    """The people of a course and how many are in each state."""

    people: tuple[Progress, ...]

    @property
    def states(self) -> dict[str, int]:
        """How many learners are in each state."""
        return dict(Counter(p.state for p in self.people))


def progress(unit: Session, course: Course, now: datetime) -> CourseProgress:
    """Counts and states of a course's learners, by name. Three queries, however many learners there
    are."""
    pairs = unit.execute(
        select(Learner, Account)
        .join(Account, (Account.tenant == Learner.tenant) & (Account.id == Learner.id))
        .join(
            Membership, (Membership.tenant == Learner.tenant) & (Membership.account == Learner.id)
        )
        .where(Membership.course == course.id, Membership.role == "learner")
        .order_by(Account.name, Account.email)
    ).all()
    lived: dict[str, list[Enrolment]] = {}
    for enrolment in unit.scalars(select(Enrolment).where(Enrolment.course == course.id)):
        lived.setdefault(enrolment.learner, []).append(enrolment)
    of_enrolment = (Answer.tenant == Enrolment.tenant) & (Answer.enrolment == Enrolment.id)
    counted = unit.execute(
        select(Enrolment.learner, func.count())
        .join(Answer, of_enrolment)
        .where(Enrolment.course == course.id)
        .group_by(Enrolment.learner)
    )
    answers = {row[0]: row[1] for row in counted}
    return CourseProgress(
        tuple(
            _progress(learner, account, lived.get(learner.id, []), answers.get(learner.id, 0), now)
            for learner, account in pairs
        )
    )


def _progress(
    learner: Learner, account: Account, lived: list[Enrolment], answers: int, now: datetime
) -> Progress:
    return Progress(
        account=account.id,
        name=account.name or account.email or "",
        state=_state(learner, lived, now),
        begun=len(lived),
        finished=sum(e.finished_at is not None for e in lived),
        debriefs_done=sum(e.closed_as == "complete" for e in lived),
        answers=answers,
    )


def _state(learner: Learner, lived: list[Enrolment], now: datetime) -> str:
    if learner.contract_at is None:
        return "invited"
    if learner.stopped_at is not None:
        return "stopped"
    if learner.paused_until is not None and learner.paused_until > local_day(
        now, zone_of(learner.zone)
    ):
        return "paused"
    if learner.missed_in_a_row:
        return "quiet"
    return "active" if lived else "joined"
