"""A platform's groups become cohorts here: made, renamed, filled and removed as the platform
says."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses import cohorts
from engine.storage.tables import Cohort, Course, LtiGroup
from lti.courses.contexts import ContextKey
from lti.services.groups import Group


def keep(
    unit: Session,
    key: ContextKey,
    course: Course,
    told: Collection[Group],
    members: Mapping[str, Collection[str]],
) -> None:
    """Let the cohorts of a platform's course be its groups, with ``members`` (ids of accounts)
    by group id. A group that is gone goes with its cohort; cohorts that were made here stay."""
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
        cohorts.set_members(unit, cohort, members.get(group.id, ()))
    for cohort in known.values():
        unit.delete(cohort)
    unit.flush()
