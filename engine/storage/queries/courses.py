"""The statements that read courses: those of a learner with what is placed in them, and the people
of one course with counts of what they did, but none of their words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BindParameter,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import aliased

from engine.storage.queries.running import BOUND, TENANT
from engine.storage.tables import (
    Account,
    Answer,
    Course,
    Enrolment,
    Learner,
    Membership,
    Placement,
)

_COURSE: BindParameter[str] = bindparam("course")

_LEARNER: BindParameter[str] = bindparam("learner")

_LEARNS = and_(
    Membership.tenant == TENANT, Membership.account == _LEARNER, Membership.role == "learner"
)
_OWN = aliased(Membership)
_OWN_LEARNS = and_(_OWN.tenant == TENANT, _OWN.account == _LEARNER, _OWN.role == "learner")
COURSE = (
    select(Course).where(Course.tenant == TENANT, Course.id == _COURSE).execution_options(**BOUND)
)
OF_LEARNER = (
    select(Course)
    .join(Membership, and_(Membership.tenant == Course.tenant, Membership.course == Course.id))
    .where(_LEARNS, Course.tenant == TENANT)
    .order_by(Course.title, Course.id)
    .execution_options(**BOUND)
)
"""The courses in which an account is a learner, by title."""
RUN_FOR_LEARNER = (
    select(Membership.course, Account.name)
    .join(Account, and_(Account.tenant == Membership.tenant, Account.id == Membership.account))
    .where(
        Membership.tenant == TENANT,
        Membership.role == "facilitator",
        Membership.course.in_(select(_OWN.course).where(_OWN_LEARNS)),
        Account.tenant == TENANT,
        Account.name != "",
    )
    .order_by(Membership.joined_at, Account.id)
)
"""Who runs those courses, by name."""
PLACED_FOR_LEARNER = select(
    Placement.course, Placement.section, Placement.pack, Placement.version, Placement.module
).where(Placement.tenant == TENANT, Placement.course.in_(select(Membership.course).where(_LEARNS)))
"""Every experience placed in those courses."""

_LIVED = and_(Enrolment.tenant == TENANT, Enrolment.course == _COURSE)
_ANSWERED = (
    select(func.count())
    .where(Answer.tenant == TENANT, Answer.enrolment == Enrolment.id)
    .correlate(Enrolment)
    .scalar_subquery()
)
_COUNTS = (
    select(
        Enrolment.learner,
        func.count().label("begun"),
        func.count(Enrolment.finished_at).label("finished"),
        func.count(case((Enrolment.closed_as == "complete", 1))).label("complete"),
        cast(func.sum(_ANSWERED), Integer).label("answers"),
    )
    .where(_LIVED)
    .group_by(Enrolment.learner)
)
COUNTS = _COUNTS.where(Enrolment.learner.in_(bindparam("learners", expanding=True)))
"""How much the given learners did in a course; those who began nothing are absent."""

_MEMBERS = and_(
    Membership.tenant == TENANT,
    Membership.course == _COURSE,
    Membership.role == "learner",
    Learner.tenant == TENANT,
    Learner.id == Membership.account,
    Account.tenant == TENANT,
    Account.id == Membership.account,
)
_PEOPLE = select(
    Account.id,
    Account.name,
    Account.email,
    Learner.contract_at.is_not(None).label("joined"),
    Learner.stopped_at.is_not(None).label("stopped"),
    Learner.paused_until,
    Learner.zone,
    Learner.missed_in_a_row,
    Learner.id.in_(select(Enrolment.learner).where(_LIVED)).label("has_begun"),
).where(_MEMBERS)
PEOPLE = _PEOPLE.add_columns(literal(0).label("rank"))
"""The learners of a course, with what their states are made of."""
PERSON = PEOPLE.where(Learner.id == _LEARNER)


def _ranked(by: str) -> Select[Any]:
    """``PEOPLE`` with the count to sort by as ``rank``."""
    counts = _COUNTS.subquery()
    return _PEOPLE.outerjoin(counts, counts.c.learner == Learner.id).add_columns(
        func.coalesce(counts.c[by], 0).label("rank")
    )


PEOPLE_AND_FINISHED = _ranked("finished")
PEOPLE_AND_ANSWERS = _ranked("answers")
