"""Slotting a course: the installed modules set into its sections, within the teacher's limits,
and written down."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from time import monotonic

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses.outlines import outline_of
from engine.curriculum.outline import Outline, Section
from engine.curriculum.rows import outline_to_json
from engine.packs.model import Pack
from engine.slotting import values as slotting
from engine.slotting.candidates import candidates
from engine.slotting.deadline import SECONDS, Deadline
from engine.storage.tables import Course, Placement
from engine.storage.work import Units, Work
from engine.values.errors import Conflict, Invalid, NotFound
from engine.values.reasons import Reason

MOST_MINUTES = 600
"""Experience minutes a week that a teacher can grant."""


TRIES = 3
"""How often a course is planned anew when it is changed meanwhile."""


@dataclass(frozen=True)
class Wishes:
    """What the teacher changes before slotting anew; None keeps what the course has."""

    pin: Collection[slotting.Pair] = ()
    unpin: Collection[str] = ()
    ban: Collection[str] = ()
    unban: Collection[str] = ()
    weekly_minutes: int | None = None


@dataclass(frozen=True)
class CurrentPlan:
    """How a course stands: what a plan is made from, besides what is wished for."""

    outline: Outline
    limits: slotting.Limits
    placed: frozenset[slotting.Pair]


@dataclass(frozen=True)
class DraftPlan:
    """A plan that is not written down yet, with what it was made from, the limits that it keeps,
    and the version of each pack."""

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
    """Slot the course that ``find`` finds anew, changing as little as possible.

    Nobody waits while a plan is looked for, which may take seconds: it is written down afterwards,
    if the course still stands as it did; else it is planned again. ``agree`` raises what speaks
    against a plan; ``tell`` is told how far it has come. ``SECONDS`` by ``timer`` hold for all the
    planning together. Raises as ``planned`` does, and ``Conflict("slotting-overtaken")`` when the
    course was changed each time; nothing is changed then.
    """
    deadline = Deadline.after(SECONDS, timer)
    for _ in range(TRIES):
        with units.read(tenant) as work:
            made = planned(work, find(work.session), wishes, deadline.left(), tell)
        agree(made.plan)
        with units.write(tenant) as work:
            if keep(work, find(work.session), made):
                work.commit()
                return made.plan
    raise Conflict("slotting-overtaken")


def planned(
    work: Work,
    course: Course,
    wishes: Wishes,
    seconds: float = SECONDS,
    tell: slotting.Tell = lambda progress: None,
) -> DraftPlan:
    """The plan of a course as it stands, with these wishes, looked for during ``seconds``.

    Raises ``slotting.Conflicts`` when the limits cannot all hold, ``NotFound`` for a name that does
    not exist, ``Invalid("weekly-minutes")`` for minutes below 1 or above ``MOST_MINUTES``, and
    ``Refused("slotting-out-of-time")``.
    """
    packs, standing = work.library.newest(), _standing(work.session, course)
    known = _known(packs, course)
    limits = limits_with(course, wishes, {c.key for c in known})
    from engine.slotting.place import place  # the solver is loaded when a course is planned

    plan = place(standing.outline, known, limits, standing.placed, seconds, tell=tell)
    return DraftPlan(standing, limits, plan, {pack.id: pack.version for pack in packs})


def keep(work: Work, course: Course, made: DraftPlan) -> bool:
    """Write a plan down; the caller commits. False when the course no longer stands as it did:
    nothing is changed then."""
    work.session.refresh(course, with_for_update=True)
    if _standing(work.session, course) != made.standing:
        return False
    _write(work, course, made)
    return True


def suggested(
    work: Work, course: Course, chosen: Sequence[str] = ()
) -> dict[str, slotting.Suggestion]:
    """By module, where it would go in the course as it stands. ``chosen`` ones leave each other
    room; none: each on its own."""
    from engine.slotting.suggest import suggest  # as in ``planned``

    standing = _standing(work.session, course)
    return suggest(
        standing.outline,
        _known(work.library.newest(), course),
        standing.limits,
        standing.placed,
        chosen,
    )


def settle(work: Work, course: Course, name: str, title: str, wish: str = "") -> Placement:
    """The placement of that module in the course. When there is none, the module is pinned: to the
    section ``wish`` where that is there, free, and its week has the minutes; else to a section of
    its own at the end of the outline, called ``title`` (or as the module's cover). Whoever places a
    module no longer bans it. Raises ``NotFound("module-unknown")``.
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
    from engine.slotting.explain import why_linked  # as in ``planned``
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
        reasons=[reason.as_json() for reason in (Reason("pinned"), *why_linked(fit))],
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
    """Puts a new section at the end of the course's outline, under that id where it is free;
    gives its id."""
    outline = outline_of(course)
    section = Section(_free_id(wish, outline), title)
    course.outline = outline_to_json(replace(outline, sections=(*outline.sections, section)))
    return section.id


def _known(packs: Iterable[Pack], course: Course) -> tuple[slotting.Candidate, ...]:
    return tuple(c for pack in packs for c in candidates(pack, course.language))


def _standing(unit: Session, course: Course) -> CurrentPlan:
    pins = frozenset((module, section) for module, section in course.pins)
    placed = frozenset(
        (f"{row.pack}/{row.module}", row.section) for row in placements_of(unit, course)
    )
    return CurrentPlan(
        outline_of(course),
        slotting.Limits(course.weekly_minutes, pins, frozenset(course.bans)),
        placed,
    )


def _free_id(wish: str, outline: Outline) -> str:
    taken = {section.id for section in outline.sections}
    return next(
        name for n in count(1) if (name := wish if n == 1 else f"{wish[:55]}-{n}") not in taken
    )


def limits_with(course: Course, wishes: Wishes, keys: set[str]) -> slotting.Limits:
    """The course's limits with the wishes applied. A module may be named ``pack/module`` or, if
    that is clear, ``module``.

    A pin that is wished for takes the place of the one there was; two for one module both stand,
    and conflict.
    """
    unpinned = {full_key(name, keys) for name in wishes.unpin}
    for _, section in wishes.pin:
        if outline_of(course).section(section) is None:
            raise NotFound("section-unknown", section=section)
    wished = {(full_key(name, keys), section) for name, section in wishes.pin}
    moved = unpinned | {module for module, _ in wished}
    pins = {(module, section) for module, section in course.pins if module not in moved} | wished
    bans = set(course.bans) | {full_key(name, keys) for name in wishes.ban}
    bans -= {full_key(name, keys) for name in wishes.unban}
    minutes = wishes.weekly_minutes if wishes.weekly_minutes is not None else course.weekly_minutes
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid("weekly-minutes", field="weekly_minutes", most=MOST_MINUTES)
    return slotting.Limits(weekly_minutes=minutes, pins=frozenset(pins), bans=frozenset(bans))


def full_key(name: str, keys: set[str]) -> str:
    """``pack/module`` for a module named in full or by its own id. Raises
    ``NotFound("module-unknown" | "module-ambiguous")``."""
    found = [key for key in sorted(keys) if key == name or key.partition("/")[2] == name]
    if not found:
        raise NotFound("module-unknown", module=name)
    if len(found) > 1 and name not in found:
        raise NotFound("module-ambiguous", module=name, candidates=found)
    return name if name in found else found[0]


def placements_of(unit: Session, course: Course) -> list[Placement]:
    """The placements of a course, in the order of its outline."""
    order = {section.id: i for i, section in enumerate(outline_of(course).sections)}
    rows = unit.scalars(select(Placement).where(Placement.course == course.id))
    return sorted(rows, key=lambda row: order.get(row.section, len(order)))


def _write(work: Work, course: Course, made: DraftPlan) -> None:
    limits, plan = made.limits, made.plan
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
    for row in placements_of(work.session, course):
        work.session.delete(row)
    work.session.flush()
    for placed in plan.placements:
        pack, _, module = placed.module.partition("/")
        work.session.add(
            Placement(
                course=course.id,
                section=placed.section,
                pack=pack,
                version=made.versions[pack],
                module=module,
                minutes=placed.minutes,
                fit=placed.fit,
                pinned=placed.pinned,
                reasons=[r.as_json() for r in placed.reasons],
            )
        )
    work.session.flush()
