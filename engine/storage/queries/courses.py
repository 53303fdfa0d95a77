"""The statements that read the courses of a learner, with what is placed in them."""

from __future__ import annotations

from sqlalchemy import (
    BindParameter,
    and_,
    bindparam,
    select,
)

from engine.storage.queries.running import BOUND, TENANT
from engine.storage.tables import (
    Course,
    Membership,
    Placement,
)

_COURSE: BindParameter[str] = bindparam("course")

_LEARNER: BindParameter[str] = bindparam("learner")

_LEARNS = and_(
    Membership.tenant == TENANT, Membership.account == _LEARNER, Membership.role == "learner"
)
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
PLACED_FOR_LEARNER = select(
    Placement.course, Placement.section, Placement.pack, Placement.version, Placement.module
).where(Placement.tenant == TENANT, Placement.course.in_(select(Membership.course).where(_LEARNS)))
"""Every experience placed in those courses."""
