"""The statements about tables of several: who sits where, what was done, what goes on."""

from __future__ import annotations

from sqlalchemy import (
    BindParameter,
    and_,
    bindparam,
    delete,
    func,
    insert,
    null,
    select,
    update,
)
from sqlalchemy.orm import aliased

from engine.storage.queries.running import TENANT
from engine.storage.tables import (
    Account,
    Act,
    Cohort,
    CohortMember,
    Enrolment,
    Placement,
    PlayTable,
)

_TABLE: BindParameter[str] = bindparam("table")
_COLUMNS = tuple(column for column in PlayTable.__table__.c if column.name != "tenant")
_ITS = and_(PlayTable.tenant == TENANT, PlayTable.id == _TABLE)

TABLE = select(*_COLUMNS).where(_ITS)
HELD = TABLE.with_for_update()
"""A table, and the same locked until the unit ends: what is done at it is done one by one."""
ADD = insert(PlayTable).values(tenant=TENANT)
_ONE = update(PlayTable).where(PlayTable.tenant == TENANT, PlayTable.id == bindparam("of_id"))
CHANGE = _ONE.values(
    {name: bindparam(f"new_{name}") for name in ("begun_at", "ended_at", "due_at")}
)
DUE = _ONE.values(due_at=bindparam("new_due_at"))
"""Has the worker look at a table at that time."""
WITHOUT_WORDS = (
    update(Act)
    .where(Act.tenant == TENANT, Act.table == bindparam("of_table"), Act.bare.is_not(None))
    .where(Act.number == bindparam("of_number"))
    .values(said=Act.bare, bare=null())
)
"""Takes the words out of what was done at a table."""
REMOVE_LOG = delete(Act).where(Act.tenant == TENANT, Act.table == _TABLE)
REMOVE = delete(PlayTable).where(PlayTable.tenant == TENANT, PlayTable.id == _TABLE)
SEATED = (
    select(
        Enrolment.id,
        Enrolment.learner,
        Enrolment.seat,
        Enrolment.finished_at,
        Account.name,
    )
    .join(Account, and_(Account.tenant == Enrolment.tenant, Account.id == Enrolment.learner))
    .where(Enrolment.tenant == TENANT, Enrolment.table == _TABLE)
    .order_by(Enrolment.seat)
)
"""Those who have a seat at a table, by seat."""
LOG = (
    select(Act.number, Act.seat, Act.said, Act.at, Act.takes_back)
    .where(Act.tenant == TENANT, Act.table == _TABLE)
    .order_by(Act.number)
)
_OTHER = aliased(Enrolment)
LAST_LINE = (
    select(
        Enrolment.table,
        Enrolment.finished_at,
        PlayTable.opened_at,
        PlayTable.due_at,
        select(func.max(Act.number))
        .where(Act.tenant == TENANT, Act.table == Enrolment.table)
        .correlate(Enrolment)
        .scalar_subquery()
        .label("last"),
        select(func.count(_OTHER.id))
        .where(_OTHER.tenant == TENANT, _OTHER.table == Enrolment.table)
        .correlate(Enrolment)
        .scalar_subquery()
        .label("seated"),
    )
    .outerjoin(PlayTable, and_(PlayTable.tenant == TENANT, PlayTable.id == Enrolment.table))
    .where(
        Enrolment.tenant == TENANT,
        Enrolment.id == bindparam("enrolment"),
        Enrolment.learner == bindparam("learner"),
    )
)
"""What tells whether anything has changed at the table of an experience since it was looked at."""

NAMED_AT_TABLE = (
    select(Enrolment.id)
    .join(
        _OTHER,
        and_(
            _OTHER.tenant == Enrolment.tenant,
            _OTHER.table == Enrolment.table,
            _OTHER.id != Enrolment.id,
        ),
    )
    .where(
        Enrolment.tenant == TENANT,
        Enrolment.learner == bindparam("learner"),
        Enrolment.revealed_at.is_(None),
        _OTHER.tenant == TENANT,
        _OTHER.revealed_at.is_not(None),
    )
    .distinct()
)
"""What a learner lived with somebody to whom it has been named, and they have not read it yet."""

_OF_SECTION = and_(
    PlayTable.tenant == TENANT,
    PlayTable.course == bindparam("course"),
    PlayTable.section == bindparam("section"),
)
GATHERING = (
    select(*_COLUMNS)
    .where(_OF_SECTION, PlayTable.begun_at.is_(None), PlayTable.cohort.is_(None))
    .order_by(PlayTable.opened_at, PlayTable.id)
)
"""The tables of a section at which whoever of the course may still sit down, the oldest first."""
GATHERING_FOR = (
    select(*_COLUMNS, Cohort.name)
    .join(Cohort, and_(Cohort.tenant == PlayTable.tenant, Cohort.id == PlayTable.cohort))
    .join(
        CohortMember,
        and_(CohortMember.tenant == Cohort.tenant, CohortMember.cohort == Cohort.id),
    )
    .where(
        _OF_SECTION,
        PlayTable.begun_at.is_(None),
        CohortMember.account == bindparam("learner"),
    )
    .order_by(PlayTable.opened_at, PlayTable.id)
)
"""The tables opened for a cohort of that learner's."""
OF_COURSE = (
    select(
        *_COLUMNS,
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.tenant == TENANT, Enrolment.table == PlayTable.id)
        .correlate(PlayTable)
        .scalar_subquery()
        .label("seated"),
    )
    .where(PlayTable.tenant == TENANT, PlayTable.course == bindparam("course"))
    .order_by(PlayTable.opened_at.desc(), PlayTable.id)
)
PLACEMENT_HELD = (
    select(Placement.section)
    .where(
        Placement.tenant == TENANT,
        Placement.course == bindparam("course"),
        Placement.section == bindparam("section"),
    )
    .with_for_update()
)
"""Keeps others from opening a table of the same experience until the unit ends."""
