"""The statements that read what a learner may be told, and note that they were."""

from __future__ import annotations

from sqlalchemy import Select, Update, and_, bindparam, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from engine.storage.queries.running import TENANT
from engine.storage.tables import (
    Announcement,
    Course,
    Enrolment,
    Learner,
    LtiContext,
    Membership,
    PlayTable,
    TouchPrompt,
)

_LEARNER = bindparam("learner", type_=Learner.id.type)
_IN_AN_LMS = exists().where(LtiContext.tenant == TENANT, LtiContext.course == Course.id)
ANNOUNCES = or_(
    Course.announces.is_(True), and_(Course.announces.is_(None), ~_IN_AN_LMS.correlate(Course))
)
"""Whether a course tells its learners: as somebody decided, or as is usual."""

COURSES = (
    select(Course.id, Course.title, Course.outline, Membership.joined_at)
    .join(Membership, and_(Membership.tenant == TENANT, Membership.course == Course.id))
    .where(
        Course.tenant == TENANT,
        Membership.account == _LEARNER,
        Membership.role == "learner",
        ANNOUNCES,
    )
    .order_by(Course.title, Course.id)
)
"""The courses of a learner that announce, and since when they are in each."""
LIVED = select(Enrolment.pack, Enrolment.module, Enrolment.started_at, Enrolment.finished_at).where(
    Enrolment.tenant == TENANT, Enrolment.learner == _LEARNER
)
"""What a learner has begun, and when."""
UNDER_WAY = (
    select(
        Enrolment.id,
        Enrolment.course,
        Enrolment.section,
        Enrolment.pack,
        Enrolment.version,
        Enrolment.module,
    )
    .join(Course, and_(Course.tenant == TENANT, Course.id == Enrolment.course))
    .where(
        Enrolment.tenant == TENANT,
        Enrolment.learner == _LEARNER,
        Enrolment.finished_at.is_(None),
        ANNOUNCES,
    )
    .order_by(Enrolment.started_at, Enrolment.id)
)
"""What a learner has begun and not finished, in courses that announce."""
TOLD = (
    select(Announcement.day, Announcement.items)
    .where(Announcement.tenant == TENANT, Announcement.learner == _LEARNER)
    .order_by(Announcement.day.desc())
    .limit(60)
)
"""What a learner was told, the last first: more than a year of it."""
_ASKED = aliased(TouchPrompt)
COURSES_OF_TOUCH = (
    select(Course.id)
    .join(Enrolment, and_(Enrolment.tenant == TENANT, Enrolment.course == Course.id))
    .join(_ASKED, and_(_ASKED.tenant == TENANT, _ASKED.enrolment == Enrolment.id))
    .where(
        Course.tenant == TENANT,
        _ASKED.learner == _LEARNER,
        _ASKED.touch == bindparam("touch"),
        ANNOUNCES,
    )
    .distinct()
)
"""The courses that a touch asks about and that announce."""
TABLES = (
    select(*(column for column in PlayTable.__table__.c if column.name != "tenant"), Enrolment.seat)
    .join(Enrolment, and_(Enrolment.tenant == TENANT, Enrolment.table == PlayTable.id))
    .join(Course, and_(Course.tenant == TENANT, Course.id == PlayTable.course))
    .where(
        PlayTable.tenant == TENANT,
        PlayTable.pace == "days",
        PlayTable.begun_at.is_not(None),
        PlayTable.ended_at.is_(None),
        Enrolment.learner == _LEARNER,
        ANNOUNCES,
    )
    .order_by(PlayTable.begun_at, PlayTable.id)
)
"""The tables that go on, each when they can, with a seat of that learner, in courses that
announce."""
TABLE_ANNOUNCES = (
    select(PlayTable.id)
    .join(Enrolment, and_(Enrolment.tenant == TENANT, Enrolment.table == PlayTable.id))
    .join(Course, and_(Course.tenant == TENANT, Course.id == PlayTable.course))
    .where(
        PlayTable.tenant == TENANT,
        PlayTable.pace == "days",
        Enrolment.learner == _LEARNER,
        Enrolment.id == bindparam("enrolment"),
        ANNOUNCES,
    )
)
"""The table of an experience, if those at it are told when it waits for them."""
BESIDE = select(Announcement.items).where(
    Announcement.tenant == TENANT,
    Announcement.learner == _LEARNER,
    Announcement.day == bindparam("day"),
    Announcement.touch == bindparam("touch"),
)
"""What the mail of a touch tells as well."""
TELL = insert(Announcement).values(tenant=TENANT)
_ONE = update(Learner).where(Learner.tenant == TENANT, Learner.id == bindparam("of_id"))
LOOK_AT = _ONE.values(announce_at=bindparam("new_announce_at"))
ANNOUNCED = _ONE.values(
    announce_at=bindparam("new_announce_at"), announced_on=bindparam("new_announced_on")
)


def _look_at(some: Select[str]) -> Update:
    """Looks at those learners."""
    of_them = update(Learner).where(Learner.tenant == TENANT, Learner.id.in_(some))
    return of_them.values(announce_at=bindparam("new_announce_at"))


LOOK_AT_COURSE = _look_at(
    select(Membership.account).where(
        Membership.tenant == TENANT, Membership.course == bindparam("of_course")
    )
)
LOOK_AT_TABLE = _look_at(
    select(Enrolment.learner).where(
        Enrolment.tenant == TENANT, Enrolment.table == bindparam("of_table")
    )
)
"""Looks at everybody in a course, or at a table."""
OF_COURSE = select(ANNOUNCES.label("announces")).where(
    Course.tenant == TENANT, Course.id == bindparam("course")
)
"""Whether a course announces."""
