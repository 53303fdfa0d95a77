"""Taking people out of a course, as if they had left it themselves: what they did stays theirs."""

from __future__ import annotations

from sqlalchemy import delete, select

from engine.journey.joining import learner_of
from engine.journey.leaving import leave_course
from engine.storage.tables import (
    Account,
    Cohort,
    CohortMember,
    Course,
    Enrolment,
    Invitation,
    Membership,
)
from engine.storage.work import Work


def is_learner(work: Work, course: Course, account: str) -> bool:
    """Whether that account learns in the course: who runs it is not taken out here."""
    its = select(Membership.role).where(
        Membership.course == course.id, Membership.account == account
    )
    return work.session.scalars(its).one_or_none() == "learner"


def take_out(work: Work, course: Course, account: str) -> bool:
    """Ends the membership of a learner by the road by which they would leave: nothing about the
    course is asked of them any more, and what they did stays on their path. Their cohorts in the
    course and an invitation that was not accepted end with it. Returns False if they do not learn
    in it."""
    if not is_learner(work, course, account):
        return False
    learner = learner_of(work.session, account)
    leave_course(work, learner, course.id)
    cohorts = select(Cohort.id).where(Cohort.course == course.id)
    work.session.execute(
        delete(CohortMember).where(
            CohortMember.account == account, CohortMember.cohort.in_(cohorts)
        )
    )
    email = work.session.scalars(select(Account.email).where(Account.id == account)).one()
    if email is not None:
        take_back(work, course, email)
    return True


def take_back(work: Work, course: Course, email: str) -> bool:
    """Takes an invitation back that was not accepted: its link ends. Returns False if there is
    none."""
    wanted = select(Invitation).where(
        Invitation.course == course.id,
        Invitation.email == email,
        Invitation.accepted_at.is_(None),
    )
    row = work.session.scalars(wanted.with_for_update()).one_or_none()
    if row is None:
        return False
    work.session.delete(row)
    work.session.flush()
    return True


def open_debriefs(work: Work, course: Course, accounts: list[str]) -> int:
    """How many of these people have begun something in the course that is not over."""
    open_ones = (
        select(Enrolment.learner)
        .where(Enrolment.course == course.id, Enrolment.closed_at.is_(None))
        .distinct()
    )
    return len(set(work.session.scalars(open_ones)) & set(accounts))
