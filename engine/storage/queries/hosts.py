"""The statements that say who offers the courses of a learner."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from engine.storage.queries.running import TENANT
from engine.storage.tables import Account, Course, Invitation, Membership

_RUNS = aliased(Membership)
_FACILITATES = and_(_RUNS.tenant == TENANT, _RUNS.course == Course.id, _RUNS.role == "facilitator")
HOSTS = (
    select(Course.id, Course.title, Account.name)
    .join(Membership, and_(Membership.tenant == TENANT, Membership.course == Course.id))
    .outerjoin(_RUNS, _FACILITATES)
    .outerjoin(Account, and_(Account.tenant == TENANT, Account.id == _RUNS.account))
    .where(
        Course.tenant == TENANT,
        Membership.account == bindparam("learner"),
        Membership.role == "learner",
    )
    .order_by(Course.title, Course.id, _RUNS.joined_at)
)
"""Every course of a learner, once for each of its facilitators; without a name if it has none."""
_TAKEN = select(Membership.course).where(
    Membership.tenant == TENANT,
    Membership.account == bindparam("learner"),
    Membership.role == "learner",
)
INVITED_BY = (
    select(Invitation.course, Account.name)
    .join(Account, and_(Account.tenant == TENANT, Account.id == Invitation.invited_by))
    .where(
        Invitation.tenant == TENANT,
        Invitation.course.in_(_TAKEN),
        Invitation.email == bindparam("email"),
    )
)
"""Who invited a learner, at that address, to which of their courses."""
