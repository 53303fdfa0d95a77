"""Arriving: what a verified launch makes of someone here (account, course, role, link), in one
transaction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine.courses import slotting
from engine.storage.tables import Account, Course, LtiContext, LtiLink, LtiScore, Placement
from engine.storage.work import Work
from lti.courses.contexts import course_of, link_of, open_context
from lti.courses.members import enter
from lti.courses.people import LocaleDefaults, account_of
from lti.courses.scores import news_for
from lti.launch.values import Launch
from lti.platforms import registrations


@dataclass(frozen=True)
class LaunchTarget:
    """Through which page of ours somebody comes in: its kind, and the module (``pack/module``)
    of an experience."""

    item: str
    module: str | None = None


@dataclass(frozen=True)
class Arrival:
    """Who came, into which course (None: the launch named none), by which link, to which placed
    experience."""

    account: Account
    course: Course | None
    link: LtiLink | None
    placement: Placement | None


def arrive(work: Work, launch: Launch, target: LaunchTarget, locale: LocaleDefaults) -> Arrival:
    """Find or make everything that a launch speaks of. Raises ``NotFound`` for a module that is
    not installed (any more)."""
    registrations.hold(work.session, launch.registration)
    account = account_of(work, launch.registration, launch.user, locale)
    context = open_context(work, launch, account.id, locale.language)
    if context is None:
        return Arrival(account, None, None, None)
    course = course_of(work.session, context)
    enter(work, course, {account.id: launch.course_role})
    placement = None
    if target.module is not None:
        title = launch.resource_link.title if launch.resource_link else None
        placement = slotting.settle(
            work, course, target.module, title or "", launch.custom.get("section", "")
        )
    link = (
        _follow(work.session, launch, context, course, target)
        if launch.message == "resource-link"
        else None
    )
    return Arrival(account, course, link, placement)


def _follow(
    unit: Session, launch: Launch, context: LtiContext, course: Course, target: LaunchTarget
) -> LtiLink | None:
    """The link of this launch. When it has a column of the gradebook that it did not have before
    (a teacher switched grading on later, or made the column anew), what was reached so far is
    news."""
    key = (
        unit.info["tenant"],
        launch.registration,
        launch.deployment,
        launch.resource_link.id if launch.resource_link else "",
    )
    before = unit.get(LtiLink, key)
    graded, column = (before.graded, before.line_item) if before else (False, None)
    link = link_of(unit, launch, context, target.item, target.module)
    moved = link is not None and column is not None and link.line_item != column
    if moved:
        unit.execute(
            delete(LtiScore).where(
                LtiScore.registration == key[1],
                LtiScore.deployment == key[2],
                LtiScore.link == key[3],
            )
        )
    if link is not None and link.graded and (moved or not graded):
        news_for(unit, course)
    return link
