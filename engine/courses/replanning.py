"""A new plan is shown before it is kept: what it would change, and for how many who have begun. It
is then kept as it was shown, or dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine.courses import plans
from engine.courses.reasons import PlanStale
from engine.courses.slotting import DraftPlan, Wishes, draft_plan, standing_of, write_plan
from engine.slotting import values as slotting
from engine.slotting.difference import Difference, difference
from engine.storage.queries import courses
from engine.storage.queries.running import rows
from engine.storage.tables import Course
from engine.storage.work import Units, Work
from engine.values.errors import Conflict
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Proposal:
    """A plan that is not kept yet: what it changes, how many people began each module that would
    move or go, and all of it as JSON, to be handed to ``keep``."""

    difference: Difference
    begun: Mapping[str, int]
    plan: slotting.Plan
    data: dict[str, Any]


def propose(
    units: Units, tenant: str, find: Callable[[Session], Course], wishes: Wishes
) -> Proposal:
    """Plans the course that ``find`` returns with these wishes, and stores nothing. Raises as
    ``draft_plan`` does."""
    with units.read(tenant) as work:
        course = find(work.session)
        made = draft_plan(work, course, wishes)
        changes = difference(
            [section.id for section in made.standing.outline.sections],
            made.standing.placed,
            made.plan.pairs,
            made.standing.limits,
            made.limits,
        )
        begun = begun_in(work, course) if changes.touched else {}
        data = _as_json(made) | {"of": plans.fingerprint(work.session, course)}
    return Proposal(changes, begun, made.plan, data)


def keep(work: Work, course: Course, data: Mapping[str, Any]) -> None:
    """Stores a plan as it was proposed; the caller commits. Raises ``Conflict("plan-stale")`` if
    the course has changed since; nothing is changed then."""
    work.session.refresh(course, with_for_update=True)
    if plans.fingerprint(work.session, course) != data["of"]:
        raise Conflict(PlanStale())
    write_plan(work, course, _from_json(work.session, course, data))


def begun_in(work: Work, course: Course) -> dict[str, int]:
    """How many people began each module in that course, by ``pack/module``."""
    found = rows(work.session, courses.BEGUN, course=course.id)
    return {f"{row.pack}/{row.module}": row.people for row in found}


def _as_json(made: DraftPlan) -> dict[str, Any]:
    return {
        "minutes": made.limits.weekly_minutes,
        "pins": sorted(made.limits.pins),
        "bans": sorted(made.limits.bans),
        "placed": [
            [one.section, one.module, one.minutes, one.fit, _json(one.reasons), one.pinned]
            for one in made.plan.placements
        ],
        "left_out": [[out.module, _json(out.reasons)] for out in made.plan.left_out],
        "versions": dict(made.versions),
    }


def _from_json(unit: Session, course: Course, data: Mapping[str, Any]) -> DraftPlan:
    pins = frozenset((module, section) for module, section in data["pins"])
    plan = slotting.Plan(
        tuple(
            slotting.Placement(section, module, minutes, fit, _reasons(why), pinned)
            for section, module, minutes, fit, why, pinned in data["placed"]
        ),
        tuple(slotting.LeftOut(module, _reasons(why)) for module, why in data["left_out"]),
    )
    limits = slotting.Limits(data["minutes"], pins, frozenset(data["bans"]))
    return DraftPlan(standing_of(unit, course), limits, plan, data["versions"])


def _json(reasons: tuple[Reason, ...]) -> list[Any]:
    return [reason.as_json() for reason in reasons]


def _reasons(told: list[Any]) -> tuple[Reason, ...]:
    return tuple(Reason.from_json(one) for one in told)
