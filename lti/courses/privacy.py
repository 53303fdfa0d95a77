"""Data about people who came through a platform: exporting or erasing it, for one of its courses or
for all of them.

Nothing that a learner wrote or chose is exported here: the trust contract keeps it from the people
who run a course. Learners export all of it themselves, on their own pages or through their
platform's data privacy launch.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.journey import forgetting
from engine.journey.forgetting import Erased
from engine.journey.joining import learner_of
from engine.storage.tables import (
    Account,
    Base,
    Course,
    Enrolment,
    Learner,
    LtiContext,
    LtiLink,
    LtiPerson,
    LtiScore,
    LtiVisit,
    Membership,
    Placement,
)
from engine.storage.work import Units, Work
from engine.values.errors import NotFound
from engine.values.roles import LEARNER
from lti.platforms.registrations import Registration

OWN_WORDS = frozenset({"content", "said", "card", "card_before"})
"""What a learner wrote or chose, and how well they remember it."""


def courses_of(unit: Session, registration: str) -> list[str]:
    """The ids of the courses that this platform has opened here."""
    return sorted(
        set(unit.scalars(select(LtiContext.course).where(LtiContext.registration == registration)))
    )


def people_of(
    unit: Session, registration: str, courses: Collection[str], *, all_of_them: bool
) -> list[str]:
    """The ids of the accounts that are members of these courses or were active in them; with
    ``all_of_them``, also of everybody else who ever launched from the platform."""
    members = set(unit.scalars(select(Membership.account).where(Membership.course.in_(courses))))
    lived = set(unit.scalars(select(Enrolment.learner).where(Enrolment.course.in_(courses))))
    launched = (
        set(unit.scalars(select(LtiPerson.account).where(LtiPerson.registration == registration)))
        if all_of_them
        else set()
    )
    return sorted(members | lived | launched)


def about(unit: Session, registration: Registration, courses: Collection[str]) -> dict[str, Any]:
    """A registration and these of its courses as plain JSON: outlines, placements, contexts,
    links."""
    own = select(LtiContext).where(
        LtiContext.registration == registration.id, LtiContext.course.in_(courses)
    )
    contexts = list(unit.scalars(own))
    known = {(one.deployment, one.context) for one in contexts}
    links = unit.scalars(select(LtiLink).where(LtiLink.registration == registration.id))
    return {
        "connection": {
            "id": registration.id,
            "name": registration.name,
            "issuer": registration.issuer,
            "client_id": registration.client_id,
        },
        "courses": _rows(unit.scalars(select(Course).where(Course.id.in_(courses)))),
        "placements": _rows(unit.scalars(select(Placement).where(Placement.course.in_(courses)))),
        "contexts": _rows(contexts),
        "links": _rows(link for link in links if (link.deployment, link.context) in known),
    }


def export_people(
    work: Work, registration: str, courses: Collection[str], accounts: Collection[str], lang: str
) -> Iterator[dict[str, Any]]:
    """The data of each of these people, one at a time: who they are, the experiences they had in
    these courses, their scores. Leaves out ``OWN_WORDS``."""
    for account in accounts:
        subjects = work.session.scalars(
            select(LtiPerson.subject).where(
                LtiPerson.registration == registration, LtiPerson.account == account
            )
        )
        scores = work.session.scalars(
            select(LtiScore).where(
                LtiScore.registration == registration, LtiScore.account == account
            )
        )
        lived = forgetting.export(work, learner_of(work.session, account), lang)
        yield {"subjects": sorted(subjects), **_within(lived, courses), "scores": _rows(scores)}


def erase_course(units: Units, tenant: str, registration: str, course: str) -> Iterator[Erased]:
    """Erases a course that this platform opened, with all activity in it. People who are here only
    because of it are erased completely.

    Each person is erased in a separate transaction, so that nobody has to wait; what was erased is
    yielded after each, so that an interrupted run does not lose it. Running it again finishes the
    rest.
    """
    with units.read(tenant) as work:
        accounts = people_of(work.session, registration, [course], all_of_them=False)

    def erase(work: Work, learner: Learner) -> Erased:
        if _only_here(work.session, registration, learner.account, [course]):
            return forgetting.erase(work.session, learner)
        return forgetting.forget_course(work, learner, course)

    yield from _each(units, tenant, accounts, erase)
    with units.write(tenant) as work:
        erased = _close_course(work.session, registration, course)
        work.commit()
    yield erased


def _close_course(unit: Session, registration: str, course: str) -> Erased:
    """Deletes what is left of the course once nobody is in it: all of it, unless another platform
    has opened it too."""
    unit.execute(
        delete(LtiContext).where(
            LtiContext.registration == registration, LtiContext.course == course
        )
    )
    if unit.scalars(select(LtiContext.context).where(LtiContext.course == course)).first():
        return Erased()
    return forgetting.erase_course(unit, course)


def erase_registration(units: Units, tenant: str, registration: str) -> Iterator[Erased]:
    """Erases every course of this platform as ``erase_course`` does, then the other people who
    launched from it, and yields in the same way. The registration itself stays."""
    with units.read(tenant) as work:
        courses = courses_of(work.session, registration)
    for course in courses:
        yield from erase_course(units, tenant, registration, course)
    with units.read(tenant) as work:
        others = people_of(work.session, registration, [], all_of_them=True)
    yield from _each(
        units, tenant, others, lambda work, learner: _erase_from(work, registration, learner, [])
    )


def erase_person(units: Units, tenant: str, registration: str, account: str) -> Erased:
    """Erases what this platform brought of a person; the whole person, if they are here only
    through it. Raises ``NotFound("learner-unknown")``."""
    with units.write(tenant) as work:
        erased = _erase_from(
            work,
            registration,
            learner_of(work.session, account),
            courses_of(work.session, registration),
        )
        work.commit()
        return erased


def _erase_from(
    work: Work, registration: str, learner: Learner, courses: Collection[str]
) -> Erased:
    if _only_here(work.session, registration, learner.account, courses):
        return forgetting.erase(work.session, learner)
    erased = Erased()
    for course in courses:
        erased |= forgetting.forget_course(work, learner, course)
    for table in (LtiScore, LtiVisit, LtiPerson):
        work.session.execute(
            delete(table).where(table.registration == registration, table.account == learner.id)
        )
    return erased


def _each(
    units: Units,
    tenant: str,
    accounts: Collection[str],
    erase: Callable[[Work, Learner], Erased],
) -> Iterator[Erased]:
    """Erases each of these people who still exists, in a separate transaction."""
    for account in accounts:
        with units.write(tenant) as work:
            try:
                learner = learner_of(work.session, account)
            except NotFound:
                continue
            erased = erase(work, learner)
            work.commit()
        yield erased


def _only_here(unit: Session, registration: str, who: Account, these: Collection[str]) -> bool:
    """Whether an account exists only through this platform and these courses: it is no account of
    somebody invited by mail, and has no password, other role, other platform or other course."""
    platforms = set(unit.scalars(select(LtiPerson.registration).where(LtiPerson.account == who.id)))
    courses = {
        *unit.scalars(select(Membership.course).where(Membership.account == who.id)),
        *unit.scalars(select(Enrolment.course).where(Enrolment.learner == who.id)),
    }
    invited = not platforms and who.email is not None
    return not (
        who.password_hash
        or not who.roles <= {LEARNER}
        or invited
        or platforms - {registration}
        or courses.difference(these)
    )


def _within(data: dict[str, Any], courses: Collection[str]) -> dict[str, Any]:
    """The part of a person's data that belongs to these courses, without their own words."""
    experiences = [one for one in data["experiences"] if one["course"] in courses]
    ids = {one["id"] for one in experiences}
    seats = {(one["table"], one["seat"]) for one in experiences}
    prompts = [one for one in data["touch_prompts"] if one["enrolment"] in ids]
    numbers = {one["touch"] for one in prompts}
    return {
        "account": data["account"],
        "learner": data["learner"],
        "courses": [one for one in data["courses"] if one["course"] in courses],
        "experiences": experiences,
        **{
            name: [_unsaid(one) for one in data[name] if one["enrolment"] in ids]
            for name in ("answers", "memories")
        },
        "acts": [_unsaid(one) for one in data["acts"] if (one["table"], one["seat"]) in seats],
        "touches": [one for one in data["touches"] if one["number"] in numbers],
        "touch_prompts": prompts,
        "deliveries": [one for one in data["deliveries"] if one["touch"] in numbers],
    }


def _unsaid(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in OWN_WORDS}


def _rows(rows: Iterable[Base]) -> list[dict[str, Any]]:
    return [forgetting.plain(row) for row in rows]
