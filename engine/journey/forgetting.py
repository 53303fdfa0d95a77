"""What is stored about a person: exported to them in full, then erased, for one course or
altogether."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, delete, inspect, select, tuple_, update
from sqlalchemy.orm import Session

from engine.journey.planning import replan
from engine.journey.reasons import LastAdministrator
from engine.journey.touches import close_if_nothing_is_left, unclosed_one
from engine.storage.queries.people import has_role
from engine.storage.scrubbing import owe_rewriting
from engine.storage.tables import (
    Account,
    Act,
    Address,
    AddressClaim,
    Announcement,
    Answer,
    AskedLink,
    Base,
    Cohort,
    CohortMember,
    Course,
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
    Memory,
    MondayMail,
    Outbox,
    PlayTable,
    Response,
    Shared,
    Touch,
    TouchPrompt,
    Upload,
)
from engine.storage.work import Work
from engine.values.errors import Refused
from engine.values.roles import ADMINISTRATOR

KEPT: Mapping[str, type[Any]] = {
    "acts": Act,
    "shared_sentences": Shared,
    "answers": Answer,
    "memories": Memory,
    "news": Outbox,
    "touch_prompts": TouchPrompt,
    "responses": Response,
    "deliveries": Delivery,
    "announcements": Announcement,
    "touches": Touch,
    "addresses": Address,
    "experiences": Enrolment,
    "scores": LtiScore,
    "visits": LtiVisit,
    "platforms": LtiPerson,
    "cohorts": CohortMember,
    "courses": Membership,
    "course_words": CourseWord,
    "invitations": Invitation,
    "mail_refusals": MailRefusal,
    "address_claims": AddressClaim,
    "monday_mails": MondayMail,
    "asked_links": AskedLink,
    "uploads": Upload,
}
"""Every table with rows about a person, besides ``account`` and ``learner``, under its name in an
export. Tables that others refer to come after the tables that refer to them."""


@dataclass(frozen=True)
class Erased:
    """What was erased, so that mails about it can be found and deleted too: the ids of accounts and
    experiences, traces of addresses (``trace_of``), and the addresses of people who are gone
    altogether."""

    ids: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()

    def __or__(self, other: Erased) -> Erased:
        return Erased(self.ids | other.ids, self.addresses | other.addresses)


_SECRET = {
    "password_hash",
    "epoch",
    "link_epoch",
    "owner",
    "lease_until",
    "key",
    "browser",
    "session",
    "data",
}


def export(work: Work, learner: Learner, lang: str) -> dict[str, Any]:
    """Everything stored about a learner as plain JSON: the rows as they are stored, and the cover
    of each experience in words."""
    enrolments = work.session.scalars(
        select(Enrolment).where(Enrolment.learner == learner.id).order_by(Enrolment.started_at)
    ).all()
    covers = {
        e.id: work.library.module(e.pack, e.version, e.module).text("cover.title", lang)
        for e in enrolments
    }
    own = {
        name: [
            plain(row)
            for row in work.session.scalars(
                select(table).where(_about(table, learner, list(covers)))
            )
        ]
        for name, table in KEPT.items()
    }
    return {
        "account": plain(learner.account),
        "learner": plain(learner),
        **own,
        "experiences": [plain(e) | {"cover": covers[e.id]} for e in enrolments],
    }


def erase(unit: Session, learner: Learner) -> Erased:
    """Deletes every row about this person, including their account. This cannot be undone; the
    caller has to export first.

    Raises ``Refused("last-administrator")`` if nobody else could run the organisation; nothing is
    changed then.
    """
    check_another_runs_it(unit, learner.account)
    owe_rewriting(unit.connection())
    email = learner.account.email
    enrolments = unit.scalars(select(Enrolment.id).where(Enrolment.learner == learner.id)).all()
    forget_acts(unit, enrolments)
    for table in KEPT.values():
        if table is not Act:
            unit.execute(delete(table).where(_about(table, learner, enrolments)))
    invited = update(Invitation).where(Invitation.invited_by == learner.id)
    unit.execute(invited.values(invited_by=None))
    unit.execute(delete(Learner).where(Learner.id == learner.id))
    unit.execute(delete(Account).where(Account.id == learner.id))
    unit.flush()
    traces = {trace_of(learner.tenant, email)} if email else set[str]()
    return Erased(
        frozenset({learner.id, *enrolments} | traces), frozenset({email} if email else ())
    )


def trace_of(tenant: str, email: str, *course: str) -> str:
    """What stands for an address in one organisation, or in one ``course`` of it, as an id, in
    mails to somebody who may have no account there yet."""
    return hashlib.sha256("\n".join((tenant, email, *course)).encode()).hexdigest()[:32]


def check_another_runs_it(unit: Session, leaving: Account) -> None:
    """Raises ``Refused("last-administrator")`` if only this person administers the organisation.
    Locks its administrators, so that of two who leave at once the second finds itself the last."""
    if ADMINISTRATOR not in leaving.roles:
        return
    run_it = select(Account.id).where(has_role(ADMINISTRATOR)).order_by(Account.id)
    if set(unit.scalars(run_it.with_for_update())) <= {leaving.id}:
        raise Refused(LastAdministrator())


def _about(table: type[Any], person: Learner, enrolments: Sequence[str]) -> ColumnElement[bool]:
    """The condition for rows of a table to be about a person; account and learner share one id.
    Invitations and links that were asked for know an address alone."""
    columns = inspect(table).columns
    for name in ("learner", "account"):
        if name in columns:
            return cast(ColumnElement[bool], columns[name] == person.id)
    if "email" in columns:
        return cast(ColumnElement[bool], columns["email"] == person.account.email)
    if table is Act:
        return _acted_in(enrolments) | Act.table.in_(_lived_alone(enrolments))
    return cast(ColumnElement[bool], columns["enrolment"].in_(enrolments))


def _acted_in(enrolments: Sequence[str]) -> ColumnElement[bool]:
    """The condition for acts to come from the seats of those experiences."""
    seats = select(Enrolment.table, Enrolment.seat).where(Enrolment.id.in_(enrolments))
    return tuple_(Act.table, Act.seat).in_(seats)


def _lived_alone(enrolments: Sequence[str]) -> Select[str]:
    """The tables of those experiences at which nobody else sits: what somebody whom the learner met
    left there is about the learner too."""
    shared = select(PlayTable.id)
    its = Enrolment.id.in_(enrolments)
    return select(Enrolment.table).where(its, Enrolment.table.not_in(shared))


def forget_acts(unit: Session, enrolments: Sequence[str]) -> None:
    """Deletes what was done from the seats of those experiences. At a table where others sit, only
    the words go: their history stands on the rest. The worker then lets a voice play the seat."""
    unit.flush()
    gone = select(Enrolment.table).where(Enrolment.id.in_(enrolments))
    shared = select(Enrolment.table).where(
        Enrolment.table.in_(gone), Enrolment.id.not_in(enrolments)
    )
    quiet = {"synchronize_session": False}
    words = update(Act).where(_acted_in(enrolments), Act.table.in_(shared), Act.bare.is_not(None))
    unit.execute(words.values(said=Act.bare, bare=None), execution_options=quiet)
    of_them_alone = Act.table.in_(gone) & Act.table.not_in(shared)
    unit.execute(delete(Act).where(of_them_alone), execution_options=quiet)
    left = delete(PlayTable).where(PlayTable.id.in_(gone), PlayTable.id.not_in(shared))
    unit.execute(left, execution_options=quiet)
    going_on = update(PlayTable).where(PlayTable.id.in_(shared), PlayTable.ended_at.is_(None))
    unit.execute(going_on.values(due_at=PlayTable.opened_at), execution_options=quiet)


def plain(row: Base) -> dict[str, Any]:
    """A row as plain JSON, without the columns that are secret or internal."""
    columns = (column.key for column in inspect(type(row)).columns)
    return {key: _json(getattr(row, key)) for key in columns if key not in _SECRET}


def _json(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def forget_course(work: Work, learner: Learner, course: str) -> Erased:
    """Erases what this person did in that course and their membership in it, then decides anew what
    they are asked.

    An open touch that asks nothing else is closed: their pace does not suffer, and no mail is sent.
    """
    owe_rewriting(work.session.connection())
    ids = list(
        work.session.scalars(
            select(Enrolment.id).where(Enrolment.learner == learner.id, Enrolment.course == course)
        )
    )
    forget_acts(work.session, ids)
    for table in (TouchPrompt, Answer, Memory, Outbox):
        work.session.execute(delete(table).where(table.enrolment.in_(ids)))
    work.session.execute(delete(Enrolment).where(Enrolment.id.in_(ids)))
    touch = unclosed_one(work.session, learner.id)
    if touch is not None:
        close_if_nothing_is_left(work, learner, touch)
    work.session.execute(
        delete(Response).where(Response.learner == learner.id, Response.course == course)
    )
    cohorts = select(Cohort.id).where(Cohort.course == course)
    work.session.execute(
        delete(CohortMember).where(
            CohortMember.account == learner.id, CohortMember.cohort.in_(cohorts)
        )
    )
    work.session.execute(
        delete(Membership).where(Membership.account == learner.id, Membership.course == course)
    )
    for told in work.session.scalars(
        select(Announcement).where(Announcement.learner == learner.id)
    ):
        if any(str(subject).startswith(f"{course}/") for _kind, subject in told.items):
            work.session.delete(told)
    work.session.execute(
        delete(MondayMail).where(MondayMail.account == learner.id, MondayMail.course == course)
    )
    email = learner.account.email
    invited = and_(Invitation.course == course, Invitation.email == email)
    work.session.execute(delete(Invitation).where(invited))
    replan(work, learner)
    traces = {trace_of(learner.tenant, email, course)} if email else set[str]()
    return Erased(frozenset({*ids} | traces))


def erase_course(unit: Session, course: str) -> Erased:
    """Deletes a course in which nobody is any more, with the invitations to it."""
    owe_rewriting(unit.connection())
    invited = unit.scalars(select(Invitation.email).where(Invitation.course == course)).all()
    unit.execute(delete(Course).where(Course.id == course))
    tenant = unit.info["tenant"]
    return Erased(frozenset(trace_of(tenant, email, course) for email in invited))
