"""Slots a course: places the installed modules in its sections, within the teacher's limits, and
stores the plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses import plans
from engine.courses.outlines import outline_of
from engine.courses.reasons import (
    ModuleAmbiguous,
    SectionUnknown,
    SlottingOvertaken,
    WeeklyMinutesOutOfRange,
)
from engine.curriculum.names import free_id
from engine.curriculum.outline import Outline, Section
from engine.curriculum.rows import outline_to_json
from engine.journey.looking import look_at_course
from engine.packs.model import Pack
from engine.packs.reasons import ModuleUnknown
from engine.slotting import values as slotting
from engine.slotting.candidates import candidates
from engine.slotting.deadline import SECONDS, Deadline
from engine.slotting.reasons import TeacherPin
from engine.storage.tables import Course, Placement
from engine.storage.work import Units, Work
from engine.values.errors import Conflict, Invalid, NotFound

MAX_MINUTES = 600
"""The most experience minutes per week that a teacher can allow."""


TRIES = 3
"""How many times a course is planned if it keeps changing meanwhile."""


@dataclass(frozen=True)
class Wishes:
    """What the teacher changes before slotting again; ``weekly_minutes`` None keeps the
    course's."""

    pin: Collection[slotting.Pair] = ()
    unpin: Collection[str] = ()
    ban: Collection[str] = ()
    unban: Collection[str] = ()
    weekly_minutes: int | None = None


@dataclass(frozen=True)
class CurrentPlan:
    """The current state of a course: what a plan is made from, besides the wishes."""

    outline: Outline
    limits: slotting.Limits
    placed: frozenset[slotting.Pair]


@dataclass(frozen=True)
class DraftPlan:
    """A plan that is not stored yet, with what it was made from, the limits it respects, and the
    version of each pack."""

    standing: CurrentPlan
    limits: slotting.Limits
    plan: slotting.Plan
    versions: Mapping[str, str]


def slot(
    units: Units,
    tenant: str,
    find: Callable[[Session], Course],
    wishes: Wishes,
    agree: Callable[[slotting.Plan], None] = lambda plan: None,
    tell: slotting.Tell = lambda progress: None,
    timer: Callable[[], float] = monotonic,
) -> slotting.Plan:
    """Slots the course that ``find`` returns again, changing as little as possible.

    Planning may take seconds, so it holds no transaction: the plan is stored afterwards if the
    course has not changed, else the course is planned again. ``agree`` raises if a plan is not
    acceptable; ``tell`` is called with the progress. ``SECONDS`` by ``timer`` is the limit for all
    attempts together. Raises as ``draft_plan`` does, and ``Conflict("slotting-overtaken")`` if the
    course changed during every attempt; nothing is changed then.
    """
    deadline = Deadline.after(SECONDS, timer)
    for _ in range(TRIES):
        with units.read(tenant) as work:
            made = draft_plan(work, find(work.session), wishes, deadline.left(), tell)
        agree(made.plan)
        with units.write(tenant) as work:
            if store_plan(work, find(work.session), made):
                work.commit()
                return made.plan
    raise Conflict(SlottingOvertaken())


def draft_plan(
    work: Work,
    course: Course,
    wishes: Wishes,
    seconds: float = SECONDS,
    tell: slotting.Tell = lambda progress: None,
) -> DraftPlan:
    """Plans the course as it is, with these wishes, searching for up to ``seconds``.

    Raises ``slotting.Conflicts`` if the limits cannot all hold, ``NotFound`` for a name that does
    not exist, ``Invalid("weekly-minutes")`` for minutes below 1 or above ``MAX_MINUTES``, and
    ``Refused("slotting-out-of-time")``.
    """
    packs, standing = work.library.newest(), standing_of(work.session, course)
    known = _known(packs, course)
    limits = limits_with(course, wishes, {c.key for c in known})
    from engine.slotting.place import place  # loads the solver, which only planning needs

    plan = place(standing.outline, known, limits, standing.placed, seconds, tell=tell)
    return DraftPlan(standing, limits, plan, {pack.id: pack.version for pack in packs})


def preview_plan(
    packs: Sequence[Pack],
    outline: Outline,
    standing: CurrentPlan | None = None,
    seconds: float = SECONDS,
) -> slotting.Plan:
    """What slotting would make of an outline that nobody has kept; ``standing`` is the course that
    it would replace. Wishes that name sections which are gone do not count, as when it is kept.

    Raises ``slotting.Conflicts`` and ``Refused("slotting-out-of-time")``.
    """
    from engine.slotting.place import place  # as in ``draft_plan``

    known = tuple(c for pack in packs for c in candidates(pack, outline.language))
    keys, sections = {one.key for one in known}, {one.id for one in outline.sections}
    limits = standing.limits if standing else slotting.Limits()
    pins = {pin for pin in limits.pins if pin[0] in keys and pin[1] in sections}
    placed = {pair for pair in (standing.placed if standing else ()) if pair[1] in sections}
    limits = replace(limits, pins=frozenset(pins), bans=limits.bans & keys)
    return place(outline, known, limits, placed, seconds)


def store_plan(work: Work, course: Course, made: DraftPlan) -> bool:
    """Stores a plan, and what it replaces for an undo; the caller commits. Returns False, changing
    nothing, if the course has changed since the plan was made."""
    work.session.refresh(course, with_for_update=True)
    if standing_of(work.session, course) != made.standing:
        return False
    write_plan(work, course, made)
    return True


def suggest_sections(
    work: Work, course: Course, chosen: Sequence[str] = ()
) -> dict[str, slotting.Suggestion]:
    """Where each module would go in the course as it is, by module. ``chosen`` modules leave room
    for each other; if there are none, each is placed on its own."""
    from engine.slotting.suggest import suggest  # as in ``draft_plan``

    standing = standing_of(work.session, course)
    return suggest(
        standing.outline,
        _known(work.library.newest(), course),
        standing.limits,
        standing.placed,
        chosen,
    )


def ensure_placed(work: Work, course: Course, name: str, title: str, wish: str = "") -> Placement:
    """Returns the placement of that module in the course, pinning the module if it has none.

    It is pinned to section ``wish`` if that exists, is free, and its week has enough minutes;
    otherwise to a new section at the end of the outline, named ``title`` (or, if empty, after the
    module's cover). A module placed like this is no longer banned. Raises
    ``NotFound("module-unknown")``.
    """
    packs = {pack.id: pack for pack in work.library.newest()}
    key = full_key(
        name, {f"{pack.id}/{module}" for pack in packs.values() for module in pack.modules}
    )
    pack_id, _, module_id = key.partition("/")
    for placed in placements_of(work.session, course):
        if (placed.pack, placed.module) == (pack_id, module_id):
            return placed
    pack = packs[pack_id]
    module = pack.modules[module_id]
    section = (
        wish
        if _has_room(work.session, course, wish, module.spec.minutes)
        else _added(course, module_id, title[:200] or module.text("cover.title", course.language))
    )
    course.pins = sorted([*(pin for pin in course.pins if pin[0] != key), [key, section]])
    course.bans = [banned for banned in course.bans if banned != key]
    from engine.slotting.explain import why_linked  # as in ``draft_plan``
    from engine.slotting.fit import fits

    fit = fits(outline_of(course), _known(tuple(packs.values()), course)).get((key, section))
    made = Placement(
        course=course.id,
        section=section,
        pack=pack_id,
        version=pack.version,
        module=module_id,
        minutes=module.spec.minutes,
        fit=fit.value if fit else 0.0,
        pinned=True,
        reasons=[reason.as_json() for reason in (TeacherPin(), *why_linked(fit))],
    )
    work.session.add(made)
    work.session.flush()
    return made


def _has_room(unit: Session, course: Course, section: str, minutes: int) -> bool:
    """Whether the course has that section, still free, in a week with that many minutes left."""
    outline = outline_of(course)
    week = dict(zip((one.id for one in outline.sections), outline.weeks(), strict=True))
    placed = placements_of(unit, course)
    pinned = {pin[1] for pin in course.pins}
    spent = sum(row.minutes for row in placed if week.get(row.section) == week.get(section))
    return (
        section in week
        and section not in pinned
        and section not in {row.section for row in placed}
        and spent + minutes <= course.weekly_minutes
    )


def _added(course: Course, wish: str, title: str) -> str:
    """Appends a section to the course's outline, with id ``wish`` if that is free, and returns its
    id."""
    outline = outline_of(course)
    section = Section(free_id(wish, [one.id for one in outline.sections]), title)
    course.outline = outline_to_json(replace(outline, sections=(*outline.sections, section)))
    return section.id


def _known(packs: Iterable[Pack], course: Course) -> tuple[slotting.Candidate, ...]:
    return tuple(c for pack in packs for c in candidates(pack, course.language))


def standing_of(unit: Session, course: Course) -> CurrentPlan:
    """The course as it is."""
    pins = frozenset((module, section) for module, section in course.pins)
    placed = frozenset(
        (f"{row.pack}/{row.module}", row.section) for row in placements_of(unit, course)
    )
    return CurrentPlan(
        outline_of(course),
        slotting.Limits(course.weekly_minutes, pins, frozenset(course.bans)),
        placed,
    )


def limits_with(course: Course, wishes: Wishes, keys: set[str]) -> slotting.Limits:
    """The course's limits with the wishes applied. A module may be named ``pack/module`` or, if
    unambiguous, ``module``.

    A new pin replaces the module's existing one; two new pins for one module are both kept, and
    conflict.
    """
    unpinned = {full_key(name, keys) for name in wishes.unpin}
    outline = outline_of(course)
    for _, section in wishes.pin:
        if outline.section(section) is None:
            raise NotFound(SectionUnknown(section=section))
    wished = {(full_key(name, keys), section) for name, section in wishes.pin}
    moved = unpinned | {module for module, _ in wished}
    pins = {(module, section) for module, section in course.pins if module not in moved} | wished
    bans = set(course.bans) | {full_key(name, keys) for name in wishes.ban}
    bans -= {full_key(name, keys) for name in wishes.unban}
    minutes = wishes.weekly_minutes if wishes.weekly_minutes is not None else course.weekly_minutes
    if not 1 <= minutes <= MAX_MINUTES:
        raise Invalid(WeeklyMinutesOutOfRange(most=MAX_MINUTES), field="weekly_minutes")
    return slotting.Limits(weekly_minutes=minutes, pins=frozenset(pins), bans=frozenset(bans))


def full_key(name: str, keys: set[str]) -> str:
    """The key ``pack/module`` of a module given in full or by its own id. Raises
    ``NotFound("module-unknown" | "module-ambiguous")``."""
    found = [key for key in sorted(keys) if key == name or key.partition("/")[2] == name]
    if not found:
        raise NotFound(ModuleUnknown(module=name))
    if len(found) > 1 and name not in found:
        raise NotFound(ModuleAmbiguous(module=name, candidates=tuple(found)))
    return name if name in found else found[0]


def placements_of(unit: Session, course: Course) -> list[Placement]:
    """The placements of a course, in the order of its outline."""
    order = {section.id: i for i, section in enumerate(outline_of(course).sections)}
    rows = unit.scalars(select(Placement).where(Placement.course == course.id))
    return sorted(rows, key=lambda row: order.get(row.section, len(order)))


def write_plan(work: Work, course: Course, made: DraftPlan) -> None:
    """Stores a plan of the course as it is, and what it replaces for an undo."""
    limits, plan, before = made.limits, made.plan, plans.snapshot(work.session, course)
    course.pins = sorted([module, section] for module, section in limits.pins)
    course.bans, course.weekly_minutes, course.slotted_at = (
        sorted(limits.bans),
        limits.weekly_minutes,
        work.now,
    )
    course.left_out = [
        {"module": out.module, "reasons": [r.as_json() for r in out.reasons]}
        for out in plan.left_out
    ]
    placed = [_as_row(one, made.versions) for one in plan.placements]
    plans.replace_placements(work.session, course, placed)
    plans.remember(work.session, course, before)
    look_at_course(work.session, course.id, work.now)


def _as_row(placed: slotting.Placement, versions: Mapping[str, str]) -> dict[str, Any]:
    pack, _, module = placed.module.partition("/")
    return {
        "section": placed.section,
        "pack": pack,
        "version": versions[pack],
        "module": module,
        "minutes": placed.minutes,
        "fit": placed.fit,
        "pinned": placed.pinned,
        "reasons": [r.as_json() for r in placed.reasons],
    }
