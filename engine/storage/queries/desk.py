"""The statements of a facilitator's desk: a course in figures, and its people with what they did
in it, but none of their words.

An experience is lived only once, so in a course counts what its members lived in it, and also what
they lived elsewhere of the experiences that are placed in it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from engine.storage.queries.running import TENANT
from engine.storage.tables import (
    Account,
    Act,
    Answer,
    Cohort,
    CohortMember,
    Delivery,
    Enrolment,
    Invitation,
    Learner,
    Membership,
    Placement,
    Response,
)
from engine.storage.types import UtcDateTime

_COURSE: BindParameter[str] = bindparam("course")
_WHEN = UtcDateTime()

_PLACED_HERE = exists(
    select(Placement.section)
    .where(
        Placement.tenant == TENANT,
        Placement.course == _COURSE,
        Placement.pack == Enrolment.pack,
        Placement.module == Enrolment.module,
    )
    .correlate(Enrolment)
)
_COUNTS_HERE = or_(Enrolment.course == _COURSE, _PLACED_HERE)
_LEARNS = and_(
    Membership.tenant == TENANT, Membership.course == _COURSE, Membership.role == "learner"
)
_LEARNERS = select(Membership.account).where(_LEARNS)
"""Asked for as a list, which SQLite then looks up one by one; a join it may begin at the other end,
with what everybody in the organisation did."""
_LIVED = and_(Enrolment.tenant == TENANT, Enrolment.learner.in_(_LEARNERS), _COUNTS_HERE)


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _moved(what: str, at: Any) -> list[ColumnElement[int]]:
    """How often that was this week, last week up to the same moment, and in all of last week."""
    this, last, then = (bindparam(name, type_=_WHEN) for name in ("this", "last", "then"))
    return [
        _number(at >= this).label(f"{what}_now"),
        _number(and_(at >= last, at < then)).label(f"{what}_then"),
        _number(and_(at >= last, at < this)).label(f"{what}_last"),
    ]


_COMPLETE = Enrolment.closed_as == "complete"
_OVER = and_(Enrolment.finished_at.is_not(None), Enrolment.closed_at.is_not(None), _PLACED_HERE)
_LIVES = (
    select(
        Enrolment.learner,
        func.count().label("begun"),
        func.count(Enrolment.finished_at).label("finished"),
        _number(_COMPLETE).label("complete"),
        _number(_OVER).label("over"),
        _number(Enrolment.closed_at.is_(None)).label("open"),
    )
    .where(_LIVED)
    .group_by(Enrolment.learner)
)
PLACED = select(Placement.section, Placement.pack, Placement.version, Placement.module).where(
    Placement.tenant == TENANT, Placement.course == _COURSE
)
"""What is placed in a course."""

_lives = _LIVES.subquery("lives")
_MEMBERS_AND_LIVES = (
    select(Account.id)
    .select_from(Membership)
    .join(Learner, and_(Learner.tenant == Membership.tenant, Learner.id == Membership.account))
    .join(Account, and_(Account.tenant == Membership.tenant, Account.id == Membership.account))
    .outerjoin(_lives, _lives.c.learner == Membership.account)
    .where(_LEARNS)
)
PEOPLE = _MEMBERS_AND_LIVES.add_columns(
    Account.name,
    Account.email,
    Membership.joined_at,
    Learner.contract_at.is_not(None).label("came"),
    Learner.stopped_at.is_not(None).label("stopped"),
    Learner.paused_until,
    Learner.zone,
    Learner.missed_in_a_row,
    *(
        func.coalesce(_lives.c[name], 0).label(name)
        for name in ("begun", "finished", "complete", "over", "open")
    ),
)
"""The learners of a course, with what their states are made of. ``over``: how many of its
experiences they finished whose debriefs are over; ``open``: of what they began in it, how many are
not over."""
PERSON = PEOPLE.where(Learner.id == bindparam("learner"))
ADDRESSES = (
    select(Account.email)
    .select_from(Membership)
    .join(Account, and_(Account.tenant == Membership.tenant, Account.id == Membership.account))
    .where(Membership.tenant == TENANT, Membership.course == _COURSE)
)
"""The addresses of everybody in a course, whatever their role."""

_ITS_ANSWERS = and_(Answer.tenant == TENANT, Answer.enrolment == Enrolment.id)
_ITS_ACTS = and_(
    Act.tenant == TENANT,
    Act.table == Enrolment.table,
    Act.seat == Enrolment.seat,
    Enrolment.finished_at.is_(None),
)
SIGNS = (
    select(
        Enrolment.learner,
        func.max(Enrolment.started_at).label("started"),
        func.max(Enrolment.finished_at).label("finished"),
        func.max(
            select(func.max(Act.at)).where(_ITS_ACTS).correlate(Enrolment).scalar_subquery()
        ).label("acted"),
        func.max(
            select(func.max(Answer.answered_at))
            .where(_ITS_ANSWERS)
            .correlate(Enrolment)
            .scalar_subquery()
        ).label("answered"),
        cast(
            func.sum(
                select(func.count()).where(_ITS_ANSWERS).correlate(Enrolment).scalar_subquery()
            ),
            Integer,
        ).label("answers"),
    )
    .where(_LIVED)
    .group_by(Enrolment.learner)
)
"""How much everybody answered in a course, and the last signs of life that they gave in it. The
last act of a finished experience is its end."""
SIGNS_OF = SIGNS.where(Enrolment.learner.in_(bindparam("learners", expanding=True)))

IN_MODULE = select(Enrolment.learner, Enrolment.finished_at.is_not(None).label("finished")).where(
    _LIVED, Enrolment.pack == bindparam("pack"), Enrolment.module == bindparam("module")
)
"""Who began one of the experiences, and whether they finished it."""

_SIZE = and_(CohortMember.tenant == TENANT, CohortMember.cohort == Cohort.id)
COHORTS = (
    select(
        Cohort.id,
        Cohort.name,
        select(func.count()).where(_SIZE).correlate(Cohort).scalar_subquery().label("size"),
    )
    .where(Cohort.tenant == TENANT, Cohort.course == _COURSE)
    .order_by(Cohort.name, Cohort.id)
)
IN_COHORTS = (
    select(CohortMember.account, Cohort.id, Cohort.name)
    .join(Cohort, and_(Cohort.tenant == CohortMember.tenant, Cohort.id == CohortMember.cohort))
    .where(
        CohortMember.tenant == TENANT,
        CohortMember.cohort.in_(
            select(Cohort.id).where(Cohort.tenant == TENANT, Cohort.course == _COURSE)
        ),
    )
    .order_by(Cohort.name)
)
"""Who is in which cohort of a course."""

_OPEN_INVITATION = and_(
    Invitation.tenant == TENANT, Invitation.course == _COURSE, Invitation.accepted_at.is_(None)
)
INVITED = (
    select(Invitation.email, Invitation.state, Invitation.asked_at, Invitation.sent_at)
    .where(_OPEN_INVITATION)
    .order_by(Invitation.email)
)
"""The invitations to a course that nobody accepted yet."""
_later = aliased(Delivery)
REFUSED = (
    select(Delivery.learner)
    .join(
        Membership,
        and_(Membership.tenant == Delivery.tenant, Membership.account == Delivery.learner),
    )
    .where(
        _LEARNS,
        Delivery.tenant == TENANT,
        Delivery.channel == "mail",
        Delivery.state == literal_column("'parked'", String),  # as in the index of what is parked
        ~exists(
            select(_later.touch)
            .where(
                _later.tenant == TENANT,
                _later.learner == Delivery.learner,
                _later.channel == Delivery.channel,
                _later.touch > Delivery.touch,
                _later.state == "sent",
            )
            .correlate(Delivery)
        ),
    )
    .distinct()
)
"""The learners of a course whose last mail with questions was refused for good."""

MEMBERS = (
    select(
        func.count().label("members"),
        func.count(Learner.contract_at).label("came"),
        *_moved("joined", Membership.joined_at),
    )
    .select_from(Membership)
    .join(Learner, and_(Learner.tenant == Membership.tenant, Learner.id == Membership.account))
    .where(_LEARNS)
)
"""How many learners are in a course, how many of them came, and how many joined it lately."""
_lived = (
    select(
        Enrolment.learner,
        func.count(Enrolment.finished_at).label("finished"),
        _number(_COMPLETE).label("complete"),
    )
    .where(_LIVED)
    .group_by(Enrolment.learner)
    .subquery("lived")
)
REACHED = select(
    func.count().label("began"),
    _number(_lived.c.finished > 0).label("finished"),
    _number(_lived.c.complete > 0).label("complete"),
).select_from(_lived)
"""How many of them began one of its experiences, finished one, completed the debrief of one."""


def _is_member(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether who is invited is in the course by now."""
    return exists(
        select(Account.id)
        .join(
            Membership,
            and_(Membership.tenant == Account.tenant, Membership.account == Account.id),
        )
        .join(Learner, and_(Learner.tenant == Account.tenant, Learner.id == Account.id))
        .where(Account.tenant == TENANT, Account.email == Invitation.email)
        .where(Membership.course == _COURSE, *more)
        .correlate(Invitation)
    )


NOT_MEMBERS = select(
    _number(~_is_member()).label("invited"),
    _number(
        and_(Invitation.state == "parked", ~_is_member(Learner.contract_at.is_not(None)))
    ).label("refused"),
).where(_OPEN_INVITATION)
"""How many people are invited who are not in the course yet; and how many who have not come refused
their invitation for good."""

SECTIONS = (
    select(
        Enrolment.pack,
        Enrolment.module,
        func.count().label("begun"),
        func.count(Enrolment.finished_at).label("finished"),
        _number(_COMPLETE).label("complete"),
    )
    .where(_LIVED)
    .group_by(Enrolment.module, Enrolment.pack)  # packs are long and alike: modules tell sooner
)
"""How far members of a course came in each experience."""
_LAST = bindparam("last", type_=_WHEN)
LATELY = select(
    *_moved("begun", Enrolment.started_at),
    *_moved("finished", Enrolment.finished_at),
    *_moved("complete", case((_COMPLETE, Enrolment.closed_at))),
).where(
    _LIVED,
    or_(
        Enrolment.started_at >= _LAST,
        Enrolment.finished_at >= _LAST,
        Enrolment.closed_at >= _LAST,
    ),
)
"""How often members of a course came so far in one of its experiences lately."""

RESPONSES = (
    select(
        Response.week,
        _number(Response.answered.is_(True)).label("answered"),
        func.count().label("closed"),
    )
    .where(
        Response.tenant == TENANT,
        Response.course == _COURSE,
        Response.week >= bindparam("since", type_=Date()),
    )
    .group_by(Response.week)
)
"""How many touches that asked about a course were closed in each week, and how many of them were
answered."""
