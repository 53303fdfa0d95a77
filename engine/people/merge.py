"""Merges two accounts of one person, as ``merging`` decides: the plan is read and shown first, then
carried out in one unit of work."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, inspect, select, update
from sqlalchemy.orm import Session

from engine.journey.forgetting import forget_acts
from engine.journey.joining import learner_of
from engine.journey.news import tell
from engine.journey.planning import replan
from engine.journey.touches import close_if_nothing_is_left, close_touch, planned_one, unclosed_one
from engine.people.accounts import account_of
from engine.people.merging import Lived, Merge, Side, decide
from engine.people.reasons import MergeWithItself
from engine.storage.scrubbing import owe_rewriting
from engine.storage.tables import (
    Address,
    AddressClaim,
    Announcement,
    Answer,
    CohortMember,
    CourseWord,
    Delivery,
    Enrolment,
    Invitation,
    Learner,
    LtiPerson,
    LtiScore,
    LtiVisit,
    MailRefusal,
    Membership,
    MondayMail,
    Response,
    Shared,
    Touch,
    TouchPrompt,
    Upload,
)
from engine.storage.work import Work
from engine.values.errors import Invalid

HELD_BY_KEY = (CohortMember, Address, LtiScore, MondayMail)
"""Rows that move unless the account that stays has the same one."""
NOT_THE_LEARNERS = {"tenant", "id", "last_touch"}


def plan(unit: Session, stays: str, goes: str) -> Merge:
    """What merging the second account into the first would do.

    Raises ``NotFound("account-unknown")`` and ``Invalid("merge-with-itself")``.
    """
    if stays == goes:
        raise Invalid(MergeWithItself(), field="other")
    return decide(_side(unit, stays), _side(unit, goes))


def _side(unit: Session, account_id: str) -> Side:
    account = account_of(unit, account_id)
    joined = select(Learner.contract_at).where(Learner.id == account_id)
    courses = select(Membership.course, Membership.role).where(Membership.account == account_id)
    platforms = select(func.count(LtiPerson.subject)).where(LtiPerson.account == account_id)
    return Side(
        account.id,
        account.email,
        account.roles,
        unit.scalars(joined).first() is not None,
        {row.course: row.role for row in unit.execute(courses)},
        _lived(unit, account_id),
        unit.scalars(platforms).one(),
    )


def _lived(unit: Session, account_id: str) -> tuple[Lived, ...]:
    its = (Answer.tenant == Enrolment.tenant) & (Answer.enrolment == Enrolment.id)
    columns = (
        Enrolment.id,
        Enrolment.pack,
        Enrolment.module,
        Enrolment.started_at,
        Enrolment.finished_at,
    )
    found = unit.execute(
        select(*columns, func.count(Answer.prompt).label("answers"))
        .outerjoin(Answer, its)
        .where(Enrolment.learner == account_id)
        .group_by(*columns)
        .order_by(Enrolment.started_at, Enrolment.id)
    )
    return tuple(
        Lived(
            row.id,
            f"{row.pack}/{row.module}",
            row.started_at,
            row.finished_at is not None,
            row.answers,
        )
        for row in found
    )


def merge(work: Work, stays: str, goes: str) -> Merge:
    """Carries the plan out, decided anew on rows that are locked meanwhile; then decides anew what
    the person is asked. What the other account's open questions asked is asked again.

    Raises as ``plan`` does. This cannot be undone.
    """
    unit = work.session
    # in one order, whoever merges what into what: of two at once none waits for the other
    held = {key: learner_of(unit, key) for key in sorted({stays, goes}) if account_of(unit, key)}
    done = plan(unit, stays, goes)
    own, other = held[stays], held[goes]
    owe_rewriting(unit.connection())
    _end_what_is_open(work, own, other)
    _drop(work, own, done)
    _move_touches(unit, own, other, done)
    _move_memberships(work, done)
    _move_rows(unit, done)
    if done.contract:
        _copy_rhythm(own, other)
    _leave(unit, own, other, done)
    for enrolment in done.moved:
        tell(unit, own.id, enrolment)
    replan(work, own)
    unit.flush()
    return done


def _end_what_is_open(work: Work, own: Learner, other: Learner) -> None:
    """Takes back what is planned for both, and what the account that goes was asked last: its
    unanswered questions count as not asked."""
    for learner in (own, other):
        planned = planned_one(work.session, learner.id)
        if planned is not None:
            work.session.delete(planned)
    touch = unclosed_one(work.session, other.id)
    if touch is not None:
        close_touch(work, other, touch.number, "snoozed")
    work.session.flush()


def _drop(work: Work, own: Learner, done: Merge) -> None:
    """Deletes what was lived twice; acts, answers and questions go with it."""
    ids = [one.id for one in done.dropped]
    forget_acts(work.session, ids)
    work.session.execute(
        delete(Enrolment).where(Enrolment.id.in_(ids)).execution_options(synchronize_session=False)
    )
    work.session.expire_all()
    touch = unclosed_one(work.session, own.id)
    if ids and touch is not None:
        close_if_nothing_is_left(work, own, touch)


def _move_touches(unit: Session, own: Learner, other: Learner, done: Merge) -> None:
    """Numbers the other's touches after one's own, so that links in mails to the account that stays
    lead where they led."""
    after = own.last_touch
    theirs = unit.scalars(select(Touch).where(Touch.learner == other.id)).all()
    columns = [column.key for column in inspect(Touch).columns]
    for touch in theirs:
        copy = {key: getattr(touch, key) for key in columns}
        unit.add(Touch(**(copy | {"learner": own.id, "number": touch.number + after})))
    unit.flush()
    for table in (TouchPrompt, Delivery, Response):
        _update(unit, table, table.learner == other.id, learner=own.id, touch=table.touch + after)
    moved = Enrolment.id.in_(done.moved)
    _update(unit, Answer, Answer.enrolment.in_(done.moved), touch=Answer.touch + after)
    _update(unit, Enrolment, moved, learner=own.id)
    own.last_touch = after + other.last_touch
    for touch in theirs:
        unit.delete(touch)
    unit.flush()


def _move_memberships(work: Work, done: Merge) -> None:
    unit = work.session
    there = {
        row.course: row
        for row in unit.scalars(select(Membership).where(Membership.account == done.stays))
    }
    for row in unit.scalars(select(Membership).where(Membership.account == done.goes)).all():
        own = there.get(row.course)
        if own is None:
            unit.add(
                Membership(
                    course=row.course,
                    account=done.stays,
                    role=row.role,
                    role_source=row.role_source,
                    joined_at=row.joined_at,
                )
            )
        elif row.course in done.courses:
            own.role, own.role_source = row.role, row.role_source
        unit.delete(row)
    unit.flush()


def _move_rows(unit: Session, done: Merge) -> None:
    for table in HELD_BY_KEY:
        _move_by_key(unit, table, done)
    _update(unit, LtiPerson, LtiPerson.account == done.goes, account=done.stays)
    _update(unit, Invitation, Invitation.invited_by == done.goes, invited_by=done.stays)
    _update(unit, Shared, Shared.learner == done.goes, learner=done.stays)
    _update(unit, CourseWord, CourseWord.account == done.goes, account=done.stays)
    _update(unit, Upload, Upload.account == done.goes, account=done.stays)
    if done.address is not None:
        _update(unit, MondayMail, MondayMail.account == done.stays, email=done.address)
    for personal in (LtiVisit, AddressClaim, MailRefusal):
        unit.execute(delete(personal).where(personal.account == done.goes))
    unit.execute(delete(Announcement).where(Announcement.learner == done.goes))


def _move_by_key(unit: Session, table: type[Any], done: Merge) -> None:
    key = [column.key for column in inspect(table).primary_key if column.key != "account"]

    def rows_of(account: str) -> dict[tuple[Any, ...], Any]:
        found = unit.scalars(select(table).where(table.account == account))
        return {tuple(getattr(row, name) for name in key): row for row in found}

    own, columns = rows_of(done.stays), [column.key for column in inspect(table).columns]
    for at, row in rows_of(done.goes).items():
        if at not in own:
            copy = {name: getattr(row, name) for name in columns}
            unit.add(table(**(copy | {"account": done.stays})))
        unit.delete(row)
    unit.flush()


def _copy_rhythm(own: Learner, other: Learner) -> None:
    """The trust contract that was accepted, with the rhythm and pace that belong to it."""
    for column in inspect(Learner).columns:
        if column.key not in NOT_THE_LEARNERS:
            setattr(own, column.key, getattr(other, column.key))


def _leave(unit: Session, own: Learner, other: Learner, done: Merge) -> None:
    """Gives the account that stays the roles, and the address if it had none, with the password
    that belongs to it; deletes the other."""
    account, gone = own.account, other.account
    email, password, name = gone.email, gone.password_hash, gone.name
    unit.delete(other)
    unit.flush()
    unit.delete(gone)
    unit.flush()
    unit.info.get("learners", {}).pop(done.goes, None)
    account.roles, account.name = frozenset(done.roles), account.name or name
    if account.email is None and email is not None:
        account.email, account.password_hash = email, password
        account.epoch += 1
        own.channel = "mail" if own.channel == "inbox" and other.channel == "mail" else own.channel
    unit.flush()


def _update(unit: Session, table: type[Any], where: Any, **values: Any) -> None:
    unit.execute(
        update(table).where(where).values(**values).execution_options(synchronize_session=False)
    )
