"""The statements that read the courses of a learner, with what is placed in them."""

from __future__ import annotations

from sqlalchemy import (
    BindParameter,
    Integer,
    and_,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import aliased

from engine.storage.queries.running import BOUND, TENANT
from engine.storage.tables import (
    Course,
    Enrolment,
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
PLACED_FOR_LEARNER = select(
    Placement.course, Placement.section, Placement.pack, Placement.version, Placement.module
).where(Placement.tenant == TENANT, Placement.course.in_(select(Membership.course).where(_LEARNS)))
"""Every experience placed in those courses."""

_LIVED = and_(Enrolment.tenant == TENANT, Enrolment.course == _COURSE)
BEGUN = (
    select(Enrolment.pack, Enrolment.module, func.count().label("people"))
    .where(_LIVED)
    .group_by(Enrolment.pack, Enrolment.module)
)
"""How many people began each experience in a course."""

_OF_COURSE = (
    select(Enrolment.learner).distinct().where(_LIVED).limit(bindparam("most", type_=Integer()))
)
IN_OPEN_DEBRIEF = _OF_COURSE.where(Enrolment.closed_at.is_(None))
"""The learners of a course with something in it that is not closed."""
STOPPED = _OF_COURSE.where(Enrolment.closed_as == bindparam("closed_as"))
"""The learners of a course whose debriefs in it were closed in that way."""
