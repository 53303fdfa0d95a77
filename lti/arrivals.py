"""Arriving: what a verified launch makes of someone here (account, course, role, link), in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.programme import people, slotting
from engine.storage.library import Library
from engine.storage.tables import Account, Course, LtiLink, LtiRegistration, Membership, Placement
from lti.contexts import course_of, link_of, open_context
from lti.launch_values import Launch
from lti.people import Tongue, account_of


@dataclass(frozen=True)
class Door:
    """Through which page of ours somebody comes in: its kind, and the module (``pack/module``) of an experience."""

    item: str
    module: str | None = None


@dataclass(frozen=True)
class Arrival:
    """Who came, into which course (None: the launch named none), by which link, to which placed experience."""

    account: Account
    course: Course | None
    link: LtiLink | None
    placement: Placement | None


def arrive(unit: Session, library: Library, launch: Launch, door: Door, tongue: Tongue,
           now: datetime, wall: datetime) -> Arrival:
    """Find or make everything that a launch speaks of. Raises ``NotFound`` for a module that is not installed (any more)."""
    _one_by_one(unit, launch.registration)
    account = account_of(unit, launch.registration, launch.user, tongue, now, wall)
    context = open_context(unit, launch, tongue.language, now, wall)
    if context is None:
        return Arrival(account, None, None, None)
    course = course_of(unit, context)
    _enrol(unit, course, account, launch.course_role, now)
    link = link_of(unit, launch, context, door.item, door.module) if launch.message == "resource-link" else None
    placement = None
    if door.module is not None:
        title = launch.resource_link.title if launch.resource_link else None
        placement = slotting.settle(unit, library, course, door.module, title or "", launch.custom.get("section", ""))
    return Arrival(account, course, link, placement)


def _one_by_one(unit: Session, registration: str) -> None:
    """Hold the registration until this unit ends: who arrives at the same moment waits, then finds what this one made.

    SQLite, where one writes at a time anyway, drops the lock clause.
    """
    unit.execute(select(LtiRegistration.id).where(LtiRegistration.id == registration).with_for_update(key_share=True))


def _enrol(unit: Session, course: Course, account: Account, role: str, now: datetime) -> None:
    """A member of the course, in the role of this launch."""
    people.enrol(unit, course, account, now, role)
    member = select(Membership).where(Membership.course == course.id, Membership.account == account.id)
    unit.scalars(member).one().role = role
    unit.flush()
