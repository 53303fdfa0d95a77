"""Notices put into practice: a course that was copied on the platform has the same plan here,
and nobody's data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses import outlines
from engine.storage.database import Database
from engine.storage.tables import Course, Enrolment, LtiContext, LtiNotice
from lti.courses.contexts import ContextKey, course_of, new_course, origin_of
from lti.courses.notices import Notice, verify_notice
from lti.platforms import registrations
from lti.platforms.platform_keys import PlatformKeys
from lti.platforms.registrations import Registration
from lti.wire import names
from lti.wire.refusals import LaunchRefused


def receive(
    db: Database,
    keys: PlatformKeys,
    registration: Registration,
    token: str,
    now: datetime,
    wall: datetime,
) -> None:
    """Verify one notice and act on it, once. Raises ``LaunchRefused``, which is kept in the
    registration's health."""
    try:
        notice = verify_notice(token, registration, lambda kid: keys.key(registration, kid), wall)
        registrations.check_deployment(db, registration, notice.deployment, wall)
    except LaunchRefused as refused:
        registrations.note_failure(db, registration, wall, refused.reason)
        raise
    with db.write(registration.tenant) as unit:
        registrations.hold(unit, registration.id)
        if unit.get(LtiNotice, (registration.tenant, registration.id, notice.id)) is None:
            unit.add(LtiNotice(registration=registration.id, notice=notice.id, received_at=wall))
            if notice.kind == names.CONTEXT_COPY_NOTICE:
                copy_context(unit, registration, notice, now, wall)
            unit.commit()


def copy_context(
    unit: Session, registration: Registration, notice: Notice, now: datetime, wall: datetime
) -> None:
    """The course of a copy notice, with the plan of the first course known here that it was copied
    from; nothing when none is.

    A course that somebody opened before the notice came gets the plan as long as nobody began an
    experience in it.
    """
    if notice.context is None:
        return
    key = ContextKey(registration.id, notice.deployment, notice.context.id)
    origin, there = origin_of(unit, key, notice.copied_from), key.row(unit)
    if origin is None or origin is there:
        return
    if there is None:
        source = course_of(unit, origin)
        title = " ".join((notice.context.title or notice.context.label or source.title).split())
        made = new_course(unit, key, title, outlines.outline_of(source).language, now)
        unit.add(
            LtiContext(
                registration=key.registration,
                deployment=key.deployment,
                context=key.context,
                course=made.id,
                opened_at=wall,
            )
        )
        outlines.copy_plan(unit, source, made)
    elif not _begun(unit, course := course_of(unit, there)):
        outlines.copy_plan(unit, course_of(unit, origin), course)
    unit.flush()


def _begun(unit: Session, course: Course) -> bool:
    return (
        unit.scalars(select(Enrolment.id).where(Enrolment.course == course.id).limit(1)).first()
        is not None
    )
