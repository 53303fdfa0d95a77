"""Synchronises cohorts with a platform's groups: creates, renames, fills and removes them as the
platform does."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses import cohorts
from engine.storage.tables import Cohort, Course, LtiGroup, Membership
from lti.courses.contexts import ContextKey
from lti.services.groups import Group


def keep(
    unit: Session,
    key: ContextKey,
    course: Course,
    told: Collection[Group],
    members: Mapping[str, Collection[str]],
) -> None:
    """Makes the cohorts of a platform's course match its groups, with ``members`` (account ids) by
    group id, as far as they are members of the course. Removes the cohort of a group that no longer
    exists; cohorts created here stay."""
    here = set(unit.scalars(select(Membership.account).where(Membership.course == course.id)))
    rows = unit.scalars(
        select(LtiGroup).where(
            LtiGroup.registration == key.registration,
            LtiGroup.deployment == key.deployment,
            LtiGroup.context == key.context,
        )
    ).all()
    known = {row.group: unit.get_one(Cohort, (unit.info["tenant"], row.cohort)) for row in rows}
    for group in {one.id: one for one in told}.values():
        cohort = known.pop(group.id, None)
        if cohort is None:
            cohort = cohorts.make(unit, course, group.name)
            unit.add(
                LtiGroup(
                    registration=key.registration,
                    deployment=key.deployment,
                    context=key.context,
                    group=group.id,
                    cohort=cohort.id,
                )
            )
        cohort.name = group.name[:200]
        cohorts.set_members(unit, cohort, here.intersection(members.get(group.id, ())))
    for cohort in known.values():
        unit.delete(cohort)
    unit.flush()
