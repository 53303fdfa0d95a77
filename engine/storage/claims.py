"""The worker's door: finds which organisations have something due; each row is then claimed inside
its own organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session

from engine.storage.queries import deliveries
from engine.storage.queries.running import Bound, across, change, rows
from engine.storage.tables import (
    AddressClaim,
    Announcement,
    AskedLink,
    Course,
    Delivery,
    Enrolment,
    Invitation,
    Learner,
    LtiContext,
    MailRefusal,
    MondayMail,
    OnItsWay,
    Outbox,
    PlayTable,
    Touch,
    Upload,
)
from engine.storage.types import UtcDateTime


@dataclass(frozen=True)
class TouchKey:
    """Identifies a touch."""

    tenant: str
    learner: str
    number: int


@dataclass(frozen=True)
class LearnerKey:
    """Identifies a learner."""

    tenant: str
    learner: str


@dataclass(frozen=True)
class DeliveryKey:
    """Identifies the delivery of a touch through one channel."""

    tenant: str
    learner: str
    touch: int
    channel: str


@dataclass(frozen=True)
class NewsKey:
    """Identifies an experience with news: ``version`` is the one now being read, ``attempt`` counts
    the tries, from 1."""

    tenant: str
    enrolment: str
    version: int
    attempt: int


@dataclass(frozen=True)
class ContextRow:
    """Identifies a platform's course."""

    tenant: str
    registration: str
    deployment: str
    context: str


@dataclass(frozen=True)
class CourseKey:
    """Identifies a course."""

    tenant: str
    course: str


@dataclass(frozen=True)
class TableKey:
    """Identifies a table of several."""

    tenant: str
    table: str


_NOW = bindparam("now", type_=UtcDateTime())
_WALL = bindparam("wall", type_=UtcDateTime())
_MOST = bindparam("most", type_=Integer())
_DAY = bindparam("day", type_=Date())

_DUE_TOUCHES = (
    select(Touch.tenant, Touch.learner, Touch.number)
    .where(Touch.state == literal_column("'planned'", String), Touch.due_at <= _NOW)
    .order_by(Touch.due_at)
    .limit(_MOST)
)
_EXPIRED_TOUCHES = (
    select(Touch.tenant, Touch.learner, Touch.number)
    .where(Touch.state == literal_column("'open'", String), Touch.expires_at <= _NOW)
    .order_by(Touch.expires_at)
    .limit(_MOST)
)
_TO_LOOK_AT = (
    select(Learner.tenant, Learner.id.label("learner"))
    .where(Learner.announce_at <= _NOW)
    .order_by(Learner.announce_at)
    .limit(_MOST)
)
_DEBRIEFS_OVER = (
    select(Enrolment.tenant, Enrolment.learner)
    .where(Enrolment.finished_at <= _NOW, Enrolment.closed_at.is_(None))
    .order_by(Enrolment.finished_at)
    .limit(_MOST)
)
_TABLES_DUE = (
    select(PlayTable.tenant, PlayTable.id.label("table"))
    .where(PlayTable.due_at <= _NOW)
    .order_by(PlayTable.due_at)
    .limit(_MOST)
)
_COURSES_OVER = (
    select(Course.tenant, Course.id)
    .where(Course.ended_at.is_(None), Course.ends_on.is_not(None), Course.ends_on < _DAY)
    .order_by(Course.ends_on)
    .limit(_MOST)
)
_COURSES_OWING = (
    select(Course.tenant, Course.id)
    .where(Course.owed.is_not(None))
    .order_by(Course.tenant)
    .limit(_MOST)
)
_MONDAYS = (
    select(MondayMail.tenant)
    .where(MondayMail.due_at <= _NOW)
    .group_by(MondayMail.tenant)
    .order_by(func.min(MondayMail.due_at), MondayMail.tenant)
)
_WITH_MAIL = (
    select(Delivery.tenant)
    .where(deliveries.DELIVERY_DUE)
    .group_by(Delivery.tenant)
    .order_by(func.min(Delivery.next_at), Delivery.tenant)
)
_WITH_NEWS = (
    select(Outbox.tenant)
    .where(deliveries.NEWS_DUE)
    .group_by(Outbox.tenant)
    .order_by(func.min(Outbox.next_at), Outbox.tenant)
)
_WITH_ROSTERS = (
    select(LtiContext.tenant)
    .where(LtiContext.sync_at <= _WALL)
    .group_by(LtiContext.tenant)
    .order_by(func.min(LtiContext.sync_at), LtiContext.tenant)
)


def is_due(table: type[OnItsWay], wall: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The condition for a mail that somebody asked for to be due for a try, and held by no worker.
    Links to sign in, which somebody waits for at the screen, do not heed the pace of the server."""
    due = and_(
        table.state == literal_column("'waiting'", String),  # as in the index of what waits
        table.next_at <= wall,
        or_(table.lease_until.is_(None), table.lease_until <= wall),
    )
    return (
        due
        if table is AskedLink
        else and_(due, literal("mail").not_in(deliveries.held_channels(wall)))
    )


_BY_STATE = select(Delivery.state, func.count().label("n")).group_by(Delivery.state)
_MAILS_DUE = select(func.count().label("n")).select_from(Delivery).where(deliveries.DELIVERY_DUE)
_TOUCHES_DUE = (
    select(func.count().label("n"))
    .select_from(Touch)
    .where(Touch.state == literal_column("'planned'", String), Touch.due_at <= _NOW)
)
_REFUSED = (
    select(func.count().label("n"))
    .select_from(MailRefusal)
    .where(MailRefusal.refused_at.is_not(None))
)
_LINK_DUE = select(AskedLink.kind).where(is_due(AskedLink, _WALL)).limit(1)
_WITH_ASKED: dict[type[OnItsWay], Select[str]] = {
    table: select(table.tenant)
    .where(is_due(table, _WALL))
    .group_by(table.tenant)
    .order_by(func.min(table.next_at), table.tenant)
    for table in (Invitation, AddressClaim, Announcement, MondayMail)
}


@dataclass(frozen=True)
class Census:
    """Counts over all organisations: deliveries by state, mails and touches that are due, people to
    whom no more mail is sent."""

    deliveries: Mapping[str, int]
    mails_due: int
    touches_due: int
    refused: int


def census(door: Session, now: datetime, wall: datetime) -> Census:
    """What a monitor reads. Four statements."""
    return Census(
        {row.state: row.n for row in across(door, _BY_STATE)},
        across(door, _MAILS_DUE, wall=wall)[0].n,
        across(door, _TOUCHES_DUE, now=now)[0].n,
        across(door, _REFUSED)[0].n,
    )


def due_touches(door: Session, now: datetime, limit: int) -> list[TouchKey]:
    """The planned touches that are due (learning time), oldest first."""
    found = across(door, _DUE_TOUCHES, now=now, most=limit)
    return [TouchKey(row.tenant, row.learner, row.number) for row in found]


def expired_touches(door: Session, now: datetime, limit: int) -> list[TouchKey]:
    """The open touches that have expired (learning time), oldest first."""
    found = across(door, _EXPIRED_TOUCHES, now=now, most=limit)
    return [TouchKey(row.tenant, row.learner, row.number) for row in found]


def debriefs_over(door: Session, finished_before: datetime, limit: int) -> list[LearnerKey]:
    """The learners with open debriefs of experiences finished by ``finished_before`` (learning
    time), oldest first."""
    over = across(door, _DEBRIEFS_OVER, now=finished_before, most=limit)
    return [LearnerKey(row.tenant, row.learner) for row in over]


def tables_due(door: Session, now: datetime, limit: int) -> list[TableKey]:
    """The tables at which somebody's time is over, or something is to be noted (learning time), the
    oldest first."""
    return [
        TableKey(row.tenant, row.table) for row in across(door, _TABLES_DUE, now=now, most=limit)
    ]


def courses_over(door: Session, last: date, limit: int) -> list[CourseKey]:
    """The courses that still run although their last day lies before ``last``, longest over
    first."""
    found = across(door, _COURSES_OVER, day=last, most=limit)
    return [CourseKey(row.tenant, row.id) for row in found]


def courses_owing(door: Session, limit: int) -> list[CourseKey]:
    """The courses whose end, or new beginning, is not yet carried out for every learner."""
    return [CourseKey(row.tenant, row.id) for row in across(door, _COURSES_OWING, most=limit)]


def learners_to_look_at(door: Session, now: datetime, limit: int) -> list[LearnerKey]:
    """The learners for whom there may be something to announce (learning time), those who have
    waited longest first."""
    found = across(door, _TO_LOOK_AT, now=now, most=limit)
    return [LearnerKey(row.tenant, row.learner) for row in found]


def tenants_with_mondays(door: Session, now: datetime) -> list[str]:
    """The organisations in which somebody is to hear of a course by now (learning time)."""
    return [row.tenant for row in across(door, _MONDAYS, now=now)]


def tenants_with_mail(door: Session, wall: datetime) -> list[str]:
    """The organisations with a delivery that is due for a try, longest waiting first."""
    return [row.tenant for row in across(door, _WITH_MAIL, wall=wall)]


def tenants_with(door: Session, table: type[OnItsWay], wall: datetime) -> list[str]:
    """The organisations with a mail of that table that is due, longest waiting first."""
    return [row.tenant for row in across(door, _WITH_ASKED[table], wall=wall)]


def is_link_due(door: Session, wall: datetime) -> bool:
    """Whether a link that somebody asked for at the sign-in page is due."""
    return bool(across(door, _LINK_DUE, wall=wall))


def tenants_with_news(door: Session, wall: datetime) -> list[str]:
    """The organisations with news of experiences to deliver, longest waiting first."""
    return [row.tenant for row in across(door, _WITH_NEWS, wall=wall)]


def tenants_with_rosters(door: Session, wall: datetime) -> list[str]:
    """The organisations with a platform course whose roster is due."""
    return [row.tenant for row in across(door, _WITH_ROSTERS, wall=wall)]


def claim_deliveries(
    session: Bound, wall: datetime, owner: str, lease: timedelta, limit: int
) -> list[DeliveryKey]:
    """Claims up to ``limit`` of the organisation's due deliveries for the length of ``lease`` (wall
    time).

    Commit at once. A try is counted for the first of them; count the others one by one with
    ``begin_delivery``.
    """
    until = wall + lease
    taken = rows(session, deliveries.CLAIM, wall=wall, by=owner, until=until, most=limit)
    tenant = session.info["tenant"]
    keys = [DeliveryKey(tenant, row.learner, row.touch, row.channel) for row in taken]
    if keys:
        begin_delivery(session, keys[0], owner)
    return keys


def begin_delivery(session: Bound, key: DeliveryKey, owner: str) -> None:
    """Counts a try of a delivery that this worker has claimed."""
    change(session, deliveries.BEGIN, **of_delivery(key), by=owner)


def of_delivery(key: DeliveryKey) -> dict[str, object]:
    """The parameters that identify a delivery in the statements of ``queries.deliveries``."""
    return {"of_learner": key.learner, "of_touch": key.touch, "of_channel": key.channel}


def claim_news(
    session: Session, wall: datetime, owner: str, lease: timedelta, limit: int
) -> list[NewsKey]:
    """Claims up to ``limit`` of the organisation's experiences that have news. Commit at once."""
    until = wall + lease
    taken = rows(session, deliveries.CLAIM_NEWS, wall=wall, by=owner, until=until, most=limit)
    tenant = session.info["tenant"]
    return [NewsKey(tenant, row.enrolment, row.version, row.attempts) for row in taken]


def claim_contexts(
    session: Session, wall: datetime, again: timedelta, awake: timedelta, limit: int
) -> list[ContextRow]:
    """Claims up to ``limit`` of the organisation's platform courses whose roster is due, for
    enabled registrations, by postponing their next sync by ``again``.

    Courses that nobody has opened for ``awake`` are skipped until somebody does. Wall time; commit
    at once.
    """
    change(session, deliveries.FORGET_SLEEPING, wall=wall, awake_since=wall - awake)
    taken = rows(session, deliveries.CLAIM_CONTEXTS, wall=wall, again=wall + again, most=limit)
    tenant = session.info["tenant"]
    return [ContextRow(tenant, row.registration, row.deployment, row.context) for row in taken]


LISTS_DUE = (
    select(Upload.tenant, Upload.id)
    .where(Upload.asked_at.is_not(None), Upload.done < Upload.total)
    .order_by(Upload.asked_at)
    .limit(20)
)


def lists_due(door: Session) -> list[tuple[str, str]]:
    """The lists of people whose invitations are not all written, as organisation and upload: asked
    at the worker's door."""
    return [(row.tenant, row.id) for row in across(door, LISTS_DUE)]
