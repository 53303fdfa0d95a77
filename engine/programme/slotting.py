"""Slotting a course: the installed modules set into its sections, within the teacher's limits, and written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.curriculum.outline import Outline, Section
from engine.curriculum.rows import outline_to_json
from engine.errors import Invalid, NotFound
from engine.programme.courses import outline_of
from engine.reasons import Reason
from engine.slotting import values as slotting
from engine.slotting.candidates import candidates
from engine.slotting.explain import why_linked
from engine.slotting.fit import fits
from engine.slotting.place import place
from engine.slotting.suggest import Suggestion, suggest
from engine.storage.library import Library
from engine.storage.tables import Course, Placement

MOST_MINUTES = 600
"""Experience minutes a week that a teacher can grant."""


@dataclass(frozen=True)
class Wishes:
    """What the teacher changes before slotting anew; None keeps what the course has."""

    pin: Iterable[slotting.Pair] = ()
    unpin: Iterable[str] = ()
    ban: Iterable[str] = ()
    unban: Iterable[str] = ()
    weekly_minutes: int | None = None


def slot(unit: Session, library: Library, course: Course, wishes: Wishes, now: datetime) -> slotting.Plan:
    """Slot a course anew, changing as little as possible. The caller commits, or not (a dry run).

    Raises ``slotting.Conflicts`` when the limits cannot all hold (nothing is changed) and ``NotFound`` for a name
    that does not exist; ``Invalid("weekly-minutes")`` for minutes below 1 or above ``MOST_MINUTES``.
    """
    limits, plan = _planned(unit, library, course, wishes)
    _write(unit, course, limits, plan, {pack.id: pack.version for pack in library.newest()}, now)
    return plan


def proposed(unit: Session, library: Library, course: Course) -> slotting.Plan:
    """The plan that ``slot`` would write if nothing else is wished for. Raises as it does."""
    return _planned(unit, library, course, Wishes())[1]


def suggested(unit: Session, library: Library, course: Course, chosen: Sequence[str] = ()) -> dict[str, Suggestion]:
    """By module, where it would go in the course as it stands. ``chosen`` ones leave each other room; none: each on its own."""
    known = _known(library, course)
    limits = slotting.Limits(weekly_minutes=course.weekly_minutes, bans=frozenset(course.bans))
    placed = frozenset((f"{row.pack}/{row.module}", row.section) for row in placements_of(unit, course))
    return suggest(outline_of(course), known, limits, placed, chosen)


def settle(unit: Session, library: Library, course: Course, name: str, title: str, wish: str = "") -> Placement:
    """The placement of that module in the course. When there is none, the module is pinned: to the section ``wish`` where that
    is there, free, and its week has the minutes; else to a section of its own at the end of the outline, called ``title`` (or
    as the module's cover). Whoever places a module no longer bans it. Raises ``NotFound("module-unknown")``.
    """
    packs = {pack.id: pack for pack in library.newest()}
    key = full_key(name, {f"{pack.id}/{module}" for pack in packs.values() for module in pack.modules})
    pack_id, _, module_id = key.partition("/")
    for placed in placements_of(unit, course):
        if (placed.pack, placed.module) == (pack_id, module_id):
            return placed
    pack = packs[pack_id]
    module = pack.modules[module_id]
    section = wish if _has_room(unit, course, wish, module.spec.minutes) else \
        _added(course, module_id, title[:200] or module.text("cover.title", course.language))
    course.pins = sorted([*(pin for pin in course.pins if pin[0] != key), [key, section]])
    course.bans = [banned for banned in course.bans if banned != key]
    fit = fits(outline_of(course), _known(library, course)).get((key, section))
    made = Placement(course=course.id, section=section, pack=pack_id, version=pack.version, module=module_id,
                     minutes=module.spec.minutes, fit=fit.value if fit else 0.0, pinned=True,
                     reasons=[reason.as_json() for reason in (Reason("pinned"), *why_linked(fit))])
    unit.add(made)
    unit.flush()
    return made


def _has_room(unit: Session, course: Course, section: str, minutes: int) -> bool:
    """Whether the course has that section, still free, in a week with that many minutes left."""
    outline = outline_of(course)
    week = dict(zip((one.id for one in outline.sections), outline.weeks(), strict=True))
    placed = placements_of(unit, course)
    pinned = {pin[1] for pin in course.pins}
    spent = sum(row.minutes for row in placed if week.get(row.section) == week.get(section))
    return (section in week and section not in pinned and section not in {row.section for row in placed}
            and spent + minutes <= course.weekly_minutes)


def _added(course: Course, wish: str, title: str) -> str:
    """Puts a new section at the end of the course's outline, under that id where it is free; gives its id."""
    outline = outline_of(course)
    section = Section(_free_id(wish, outline), title)
    course.outline = outline_to_json(replace(outline, sections=(*outline.sections, section)))
    return section.id


def _known(library: Library, course: Course) -> tuple[slotting.Candidate, ...]:
    return tuple(c for pack in library.newest() for c in candidates(pack, course.language))


def _planned(unit: Session, library: Library, course: Course, wishes: Wishes) -> tuple[slotting.Limits, slotting.Plan]:
    known = _known(library, course)
    limits = limits_with(course, wishes, {c.key for c in known})
    previous = [(f"{row.pack}/{row.module}", row.section) for row in placements_of(unit, course)]
    return limits, place(outline_of(course), known, limits, previous)


def _free_id(wish: str, outline: Outline) -> str:
    taken = {section.id for section in outline.sections}
    return next(name for n in count(1) if (name := wish if n == 1 else f"{wish[:55]}-{n}") not in taken)


def limits_with(course: Course, wishes: Wishes, keys: set[str]) -> slotting.Limits:
    """The course's limits with the wishes applied. A module may be named ``pack/module`` or, if that is clear, ``module``."""
    pins = {pin[0]: pin[1] for pin in course.pins}
    for name in wishes.unpin:
        pins.pop(full_key(name, keys), None)
    for name, section in wishes.pin:
        if outline_of(course).section(section) is None:
            raise NotFound("section-unknown", section=section)
        pins[full_key(name, keys)] = section
    bans = set(course.bans) | {full_key(name, keys) for name in wishes.ban}
    bans -= {full_key(name, keys) for name in wishes.unban}
    minutes = wishes.weekly_minutes if wishes.weekly_minutes is not None else course.weekly_minutes
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid("weekly-minutes", field="weekly_minutes", most=MOST_MINUTES)
    return slotting.Limits(weekly_minutes=minutes, pins=frozenset(pins.items()), bans=frozenset(bans))


def full_key(name: str, keys: set[str]) -> str:
    """``pack/module`` for a module named in full or by its own id. Raises ``NotFound("module-unknown" | "module-ambiguous")``."""
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


def _write(unit: Session, course: Course, limits: slotting.Limits, plan: slotting.Plan,
           versions: dict[str, str], now: datetime) -> None:
    course.pins = sorted([module, section] for module, section in limits.pins)
    course.bans, course.weekly_minutes, course.slotted_at = sorted(limits.bans), limits.weekly_minutes, now
    course.left_out = [{"module": out.module, "reasons": [r.as_json() for r in out.reasons]} for out in plan.left_out]
    for row in placements_of(unit, course):
        unit.delete(row)
    unit.flush()
    for placed in plan.placements:
        pack, _, module = placed.module.partition("/")
        unit.add(Placement(course=course.id, section=placed.section, pack=pack, version=versions[pack], module=module,
                           minutes=placed.minutes, fit=placed.fit, pinned=placed.pinned,
                           reasons=[r.as_json() for r in placed.reasons]))
    unit.flush()
