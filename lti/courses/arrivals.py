"""Arrivals: finds or creates what a verified launch refers to here (account, course, role, link),
in one unit of work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from engine.courses import slotting
from engine.storage.queries import courses, launches
from engine.storage.queries.running import change, entities, rows
from engine.storage.tables import LtiLink
from engine.storage.work import Work
from lti.courses import members, people
from lti.courses.contexts import (
    ContextServices,
    OpenCourse,
    PlatformLink,
    counts_of,
    key_of,
    open_again,
    open_first,
    placed_id,
)
from lti.courses.members import RoleSaid, Source
from lti.courses.people import KnownAccount, LocaleDefaults
from lti.courses.scores import LinkKey, news_for
from lti.launch.values import Launch
from lti.wire.roles import CourseRole


@dataclass(frozen=True)
class LaunchTarget:
    """The page of ours that a launch leads to: its kind, and, for an experience, its module
    (``pack/module``)."""

    item: str
    module: str | None = None


@dataclass(frozen=True)
class Arrival:
    """The account that arrived, its course (None if the launch named none), and the section where
    the experience is placed. ``role``: theirs in the course, by all that was said of it so far.
    ``preview``: somebody who runs the course looks at it as its learners do."""

    account: KnownAccount
    role: CourseRole = "learner"
    course: OpenCourse | None = None
    section: str | None = None
    preview: bool = False


def arrive(
    work: Work, launch: Launch, target: LaunchTarget, locale: LocaleDefaults
) -> Arrival | None:
    """Finds or creates everything that a launch refers to, while its registration is locked. Raises
    ``NotFound`` for a module that is not installed, or no longer.

    A preview changes nobody's role, and places nothing. Of somebody who only looks on nothing is
    stored, and None returned.
    """
    key = key_of(launch)
    found = _found(work, launch, key.context if key else None)
    if launch.looks_on and launch.message == "resource-link" and found.role != "facilitator":
        return None
    known = KnownAccount(found.account, found.epoch, found.name, found.language)
    account = people.come(
        work, launch.registration, launch.user, known if found.account else None, locale
    )
    if key is None:
        return Arrival(account, launch.course_role)
    opened = _opened(found)
    course = (
        open_again(work, launch, key, opened)
        if opened
        else open_first(work, launch, key, account.id, locale.language)
    )
    newcomer, before = found.account is None, _role(found)
    role = _role_now(launch, before)
    preview = role.role == "facilitator" and launch.role_said == "learner"
    members.come(work, course.id, account.id, role, before, newcomer=newcomer)
    section = None
    if target.module is not None and not preview:
        section = _section(work, launch, course, target)
    if launch.message == "resource-link" and launch.resource_link is not None:
        link = LinkKey(launch.registration, launch.deployment, launch.resource_link.id)
        now = PlatformLink(key.context, target.item, target.module)
        _follow(work, launch, course, link, _link(found), now)
    return Arrival(account, role.role, course, section, preview)


def _role(found: Row[Any]) -> RoleSaid | None:
    return RoleSaid(found.role, found.role_source) if found.role is not None else None


def _role_now(launch: Launch, before: RoleSaid | None) -> RoleSaid:
    """The role of whoever launches. Who runs the course and launches as a learner only looks at it
    as one."""
    source: Source = "deep-linking" if launch.message == "deep-linking" else "launch"
    if before is None:
        return RoleSaid(launch.course_role, source)
    if before.role == "facilitator" and launch.role_said == "learner":
        return before
    return before.after(launch.role_said, source)


def _found(work: Work, launch: Launch, context: str | None) -> Row[Any]:
    """The single row with what is known of everything that a launch refers to."""
    [row] = rows(
        work.session,
        launches.KNOWN,
        of_registration=launch.registration,
        of_deployment=launch.deployment,
        subject=launch.user.id,
        context=context,
        link=launch.resource_link.id if launch.resource_link else None,
    )
    return row


def _opened(found: Row[Any]) -> OpenCourse | None:
    if found.course is None:
        return None
    services = ContextServices(
        found.roster_url,
        found.line_items_url,
        found.groups_url,
        found.notices_url,
        found.notices_at,
        found.sync_at,
    )
    return OpenCourse(found.course, found.slug, services, found.opened_at)


def _link(found: Row[Any]) -> PlatformLink | None:
    if found.link is None:
        return None
    return PlatformLink(
        found.context, found.item, found.module, found.title, found.line_item, found.graded
    )


def _section(work: Work, launch: Launch, course: OpenCourse, target: LaunchTarget) -> str:
    """The section of the course where the experience is placed; places it now if necessary."""
    [row] = entities(work.session, courses.COURSE, course=course.id)
    title = launch.resource_link.title if launch.resource_link else None
    wish = launch.custom.get("section", "")
    return slotting.ensure_placed(work, row, target.module or "", title or "", wish).section


def _follow(
    work: Work,
    launch: Launch,
    course: OpenCourse,
    key: LinkKey,
    before: PlatformLink | None,
    now: PlatformLink,
) -> None:
    """Keeps the link of this launch up to date. If it has a gradebook column that it did not have
    before (a teacher enabled grading later, or recreated the column), the progress made so far
    becomes news."""
    known = before or now
    here = replace(known, context=now.context, item=now.item, module=now.module)
    link = here.learned(launch, course.services.line_items_url)
    if before is None:
        change(work.session, launches.ADD_LINK, counts=counts_of(launch), **vars(key), **vars(link))
        _adopt(work.session, key, link)
    elif before != link:
        _change_link(work, key, link)
    moved = before is not None and before.line_item not in (None, link.line_item)
    if moved:  # the new column is still empty
        change(work.session, launches.FORGET_SCORES, **_of(key))
    if link.graded and (moved or not known.graded):
        news_for(work.session, course.id)


def _adopt(unit: Session, key: LinkKey, link: PlatformLink) -> None:
    """Replaces what we noted when this link was placed; the scores that its column already has
    count as sent."""
    placed = placed_id(link.context, link.module or link.item)
    noted = unit.get(LtiLink, (unit.info["tenant"], key.registration, key.deployment, placed))
    if noted is None:
        return
    if noted.line_item is not None and noted.line_item == link.line_item:
        change(unit, launches.MOVE_SCORES, **_of(replace(key, link=placed)), new_link=key.link)
    unit.delete(noted)
    unit.flush()


def _change_link(work: Work, key: LinkKey, link: PlatformLink) -> None:
    new = {f"new_{name}": value for name, value in vars(link).items()}
    change(work.session, launches.CHANGE_LINK, **_of(key), **new)


def _of(key: LinkKey) -> dict[str, Any]:
    return {f"of_{name}": value for name, value in vars(key).items()}
