"""Acts on notices: a course that was copied on the platform gets the same plan here, and nobody's
data."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses import outlines
from engine.storage.tables import Course, Enrolment, LtiNotice
from engine.storage.work import Units, Work
from lti.courses.contexts import ContextKey, course_of, new_course, origin_of
from lti.courses.notices import Notice, verify_notice
from lti.platforms import registrations
from lti.platforms.platform_keys import PlatformKeys
from lti.platforms.registrations import Registration
from lti.wire import names
from lti.wire.refusals import LaunchRefused


def receive(units: Units, keys: PlatformKeys, registration: Registration, token: str) -> None:
    """Verifies one notice and acts on it, once. Raises ``LaunchRefused``, which is recorded in the
    registration's health."""
    notice = None
    try:
        wall = units.clock.wall()
        notice = verify_notice(token, registration, lambda kid: keys.key(registration, kid), wall)
        with units.write(registration.tenant) as work:
            registrations.hold(work, registration.id)
            registrations.admit(work, registration, notice.deployment)
            _act_once(work, registration, notice)
            work.commit()
    except LaunchRefused as refused:
        seen = notice.deployment if notice else None
        registrations.note_refusal(units, registration, refused.reason, seen)
        raise


def _act_once(work: Work, registration: Registration, notice: Notice) -> None:
    session = work.session
    if session.get(LtiNotice, (work.tenant, registration.id, notice.id)) is None:
        session.add(
            LtiNotice(registration=registration.id, notice=notice.id, received_at=work.wall)
        )
        if notice.kind == names.CONTEXT_COPY_NOTICE:
            copy_context(work, registration, notice)


def copy_context(work: Work, registration: Registration, notice: Notice) -> None:
    """Creates the course of a copy notice, with the plan of the first course known here that it was
    copied from; does nothing if none is known.

    A course that was opened before the notice came gets the plan only if nobody has begun an
    experience in it.
    """
    if notice.context is None:
        return
    key = ContextKey(registration.id, notice.deployment, notice.context.id)
    origin, there = origin_of(work.session, key, notice.copied_from), key.row(work.session)
    if origin is None or origin is there:
        return
    if there is None:
        source = course_of(work.session, origin)
        title = notice.context.title or notice.context.label or source.title
        made = new_course(work, key, title, outlines.outline_of(source).language)
        outlines.copy_plan(work.session, source, made)
    elif not _begun(work.session, course := course_of(work.session, there)):
        outlines.copy_plan(work.session, course_of(work.session, origin), course)
    work.session.flush()


def _begun(unit: Session, course: Course) -> bool:
    return (
        unit.scalars(select(Enrolment.id).where(Enrolment.course == course.id).limit(1)).first()
        is not None
    )
