"""The contexts and placed links that a course has on its platforms, for the teacher who manages
them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, distinct, func, select
from sqlalchemy.orm import Session

from engine.journey.news import renew
from engine.storage.tables import (
    Account,
    Course,
    Enrolment,
    LtiContext,
    LtiLink,
    LtiPerson,
    LtiScore,
    Membership,
    Outbox,
    Placement,
)
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound
from engine.values.reasons import Reason
from lti.courses.contexts import COUNTS, PLACED, placed_id
from lti.courses.reasons import ChoiceCounts, PlacedLinkUnknown
from lti.courses.rosters import AWAKE
from lti.courses.scores import LinkKey, news_for
from lti.launch.deep_linking import Item
from lti.platforms.reasons import RosterUnknown

SHOWN = 20
"""How many refused scores are shown at most."""


@dataclass(frozen=True)
class PlacedLink:
    """A link, how many of its scores the platform has accepted, and the ``section`` of our course
    that it belongs to (None: to no single one)."""

    link: LtiLink
    scores: int
    section: str | None = None

    @property
    def followed(self) -> bool:
        """Whether somebody has followed it since it was placed."""
        return not self.link.link.startswith(PLACED)

    @property
    def key(self) -> LinkKey:
        """The key that identifies the link."""
        return LinkKey(self.link.registration, self.link.deployment, self.link.link)


@dataclass(frozen=True)
class Turnout:
    """How many learners a course has on its platforms, as counted at ``counted_at`` (wall time;
    the oldest count, where there are several platforms), and how many of our learners in it came
    from there."""

    listed: int
    come: int
    counted_at: datetime


@dataclass(frozen=True)
class InPlatforms:
    """``synced_at``: when members were last read (None: never, or no platform allows it).
    ``reads``: whether any platform allows it. ``waiting`` and ``parked``: how many experiences have
    news still to be sent to a gradebook, or that cannot be sent without help. ``refused``: of the
    latter, whose and why, ``SHOWN`` of them at most."""

    links: tuple[PlacedLink, ...]
    reads: bool
    synced_at: datetime | None
    waiting: int
    parked: int
    refused: tuple[tuple[str, Reason], ...] = ()


def is_in_platforms(unit: Session, course: Course) -> bool:
    """Whether that course was ever opened from a platform."""
    return (
        unit.scalars(
            select(LtiContext.course).where(LtiContext.course == course.id).limit(1)
        ).first()
        is not None
    )


def in_platforms(unit: Session, course: Course) -> InPlatforms | None:
    """The state of that course on its platforms; None if it is on none."""
    contexts = unit.scalars(select(LtiContext).where(LtiContext.course == course.id)).all()
    if not contexts:
        return None
    states = {
        row[0]: row[1]
        for row in unit.execute(
            select(Outbox.state, func.count())
            .join(
                Enrolment, and_(Enrolment.tenant == Outbox.tenant, Enrolment.id == Outbox.enrolment)
            )
            .where(Enrolment.course == course.id)
            .group_by(Outbox.state)
        )
    }
    return InPlatforms(
        _links(unit, course),
        any(c.roster_url for c in contexts),
        max((c.synced_at for c in contexts if c.synced_at), default=None),
        states.get("waiting", 0) + states.get("sending", 0),
        states.get("parked", 0),
        _refused(unit, course),
    )


def _refused(unit: Session, course: Course) -> tuple[tuple[str, Reason], ...]:
    rows = unit.execute(
        select(Account.name, Outbox.error)
        .join(Enrolment, and_(Enrolment.tenant == Account.tenant, Enrolment.learner == Account.id))
        .join(Outbox, and_(Outbox.tenant == Enrolment.tenant, Outbox.enrolment == Enrolment.id))
        .where(Enrolment.course == course.id, Outbox.state == "parked", Outbox.error.is_not(None))
        .order_by(Account.name, Enrolment.id)
        .limit(SHOWN)
    )
    return tuple((row.name, Reason.from_json(json.loads(row.error))) for row in rows)


def turnout(unit: Session, course: Course) -> Turnout | None:
    """How many of the learners whom platforms list for that course have come; None if none of them
    was counted."""
    counted = unit.execute(
        select(LtiContext.registration, LtiContext.learners, LtiContext.counted_at).where(
            LtiContext.course == course.id, LtiContext.learners.is_not(None)
        )
    ).all()
    if not counted:
        return None
    of_account = and_(
        LtiPerson.tenant == Membership.tenant, LtiPerson.account == Membership.account
    )
    come = select(func.count(distinct(Membership.account))).join(LtiPerson, of_account)
    its = unit.scalars(
        come.where(
            Membership.course == course.id,
            Membership.role == "learner",
            LtiPerson.registration.in_({row.registration for row in counted}),
        )
    ).one()
    return Turnout(
        sum(row.learners for row in counted), its, min(row.counted_at for row in counted)
    )


def read_members_soon(unit: Session, course: Course, wall: datetime) -> None:
    """Makes the worker read the members of that course at its next tick. Raises
    ``NotFound("roster-unknown")`` if no platform allows it, or nobody has opened the course there
    for months."""
    rows = [
        row
        for row in unit.scalars(select(LtiContext).where(LtiContext.course == course.id))
        if row.roster_url and wall - row.opened_at < AWAKE
    ]
    if not rows:
        raise NotFound(RosterUnknown())
    for row in rows:
        row.sync_at = wall
    unit.flush()


def note_placed(
    work: Work, registration: str, deployment: str, course: Course, items: Iterable[Item]
) -> None:
    """Notes the graded links that a teacher has just placed, so that their columns are found even
    before somebody follows them. One to what another link of that context opens is not noted: it
    would be taken for that other."""
    unit, tenant = work.session, work.session.info["tenant"]
    contexts = unit.scalars(
        select(LtiContext).where(
            LtiContext.registration == registration,
            LtiContext.deployment == deployment,
            LtiContext.course == course.id,
        )
    ).all()
    its = LtiLink.context.in_([context.context for context in contexts])
    of_links = select(LtiLink.context, LtiLink.module, LtiLink.item).where(
        LtiLink.registration == registration, LtiLink.deployment == deployment, its
    )
    there = {(row.context, row.module or row.item) for row in unit.execute(of_links)}
    for context in contexts:
        for item in items:
            module = item.custom.get("module")
            opens = context.context, module or "course"
            if item.grade is None or opens in there:
                continue
            there.add(opens)
            unit.add(
                LtiLink(
                    tenant=tenant,
                    registration=registration,
                    deployment=deployment,
                    link=placed_id(*opens),
                    context=context.context,
                    title=item.title[:200],
                    item="experience" if module else "course",
                    module=module,
                    counts=item.grade.tag or "both",
                    graded=True,
                )
            )
    unit.flush()


def let_count(unit: Session, course: Course, key: LinkKey, counts: str) -> None:
    """Changes what counts for the grade of a link; scores are updated later. Raises
    ``NotFound("placed-link-unknown")`` for a link that is not in this course, and
    ``Invalid("choice-counts")``."""
    found = next((one.link for one in _links(unit, course) if one.key == key), None)
    if found is None:
        raise NotFound(PlacedLinkUnknown())
    if counts not in COUNTS:
        raise Invalid(ChoiceCounts(), field="counts")
    found.counts = counts
    unit.flush()
    news_for(unit, course.id)


def try_again(unit: Session, course: Course) -> None:
    """Schedules the scores that no gradebook accepted to be sent again, with the count of tries
    reset."""
    parked = select(Outbox.enrolment).join(
        Enrolment, and_(Enrolment.tenant == Outbox.tenant, Enrolment.id == Outbox.enrolment)
    )
    renew(
        unit,
        unit.scalars(parked.where(Enrolment.course == course.id, Outbox.state == "parked")).all(),
    )


def _links(unit: Session, course: Course) -> tuple[PlacedLink, ...]:
    its_context = and_(
        LtiContext.tenant == LtiLink.tenant,
        LtiContext.registration == LtiLink.registration,
        LtiContext.deployment == LtiLink.deployment,
        LtiContext.context == LtiLink.context,
    )
    scored = {
        LinkKey(row[0], row[1], row[2]): row[3]
        for row in unit.execute(
            select(
                LtiScore.registration, LtiScore.deployment, LtiScore.link, func.count()
            ).group_by(LtiScore.registration, LtiScore.deployment, LtiScore.link)
        )
    }
    rows = unit.scalars(
        select(LtiLink)
        .join(LtiContext, its_context)
        .where(LtiContext.course == course.id)
        .order_by(LtiLink.title, LtiLink.link)
    ).all()
    where = {
        f"{row.pack}/{row.module}": row.section
        for row in unit.scalars(select(Placement).where(Placement.course == course.id))
    }
    return tuple(
        PlacedLink(
            link,
            scored.get(LinkKey(link.registration, link.deployment, link.link), 0),
            where.get(link.module or ""),
        )
        for link in rows
    )
