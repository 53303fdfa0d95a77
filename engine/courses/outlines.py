"""Host courses: importing an outline, all or nothing, and finding courses by slug."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.courses.reasons import CourseUnknown, LanguageUnknown, MaturityUnknown
from engine.curriculum.outline import Outline
from engine.curriculum.pasted import read_pasted, renewed
from engine.curriculum.rows import outline_from_json, outline_to_json
from engine.journey.looking import look_at_course
from engine.storage.tables import Course, Membership, Placement
from engine.values.errors import Invalid, NotFound
from engine.values.languages import LANGUAGES, Lang

RESERVED = frozenset(("new",))
"""What stands in the place of a course's slug in addresses of pages."""


def import_outline(unit: Session, outline: Outline, now: datetime) -> Course:
    """Creates the course of that outline, or updates it if one has the same ``outline.id``.

    Placements in sections that no longer exist are deleted; other placements, pins and bans stay.
    Slot again afterwards. An id that is the address of a page of ours gets a second word.
    """
    if outline.id in RESERVED:
        outline = replace(outline, id=f"{outline.id}-course")
    course = unit.scalars(select(Course).where(Course.slug == outline.id)).one_or_none()
    if course is None:
        course = Course(slug=outline.id)
        unit.add(course)
    course.title, course.language, course.outline, course.imported_at = (
        outline.title,
        outline.language,
        outline_to_json(outline),
        now,
    )
    unit.flush()
    sections = {section.id for section in outline.sections}
    course.pins = [pin for pin in course.pins if pin[1] in sections]
    for placement in unit.scalars(select(Placement).where(Placement.course == course.id)):
        if placement.section not in sections:
            unit.delete(placement)
    look_at_course(unit, course.id, now)
    return course


@dataclass(frozen=True)
class PastedList:
    """A pasted list of sections (see ``read_pasted``), its language (empty: unchanged), and its
    audience's maturity (1–4, None: nobody said)."""

    text: str
    language: str
    maturity: int | None


def paste_sections(unit: Session, course: Course, said: PastedList, now: datetime) -> Course:
    """Replaces the course's outline with the sections of that list; returns the course.

    Sections with the same title as before keep their ids, and those with a pin stay. Raises
    ``PastedFaults`` and ``Invalid("maturity" | "language-unknown")``; nothing is changed then.
    """
    if said.maturity is not None and not 1 <= said.maturity <= 4:
        raise Invalid(MaturityUnknown(), field="maturity")
    before = outline_of(course)
    if said.language not in ("", *LANGUAGES):
        raise Invalid(LanguageUnknown(), field="spoken")
    language = cast(Lang, said.language) if said.language else before.language
    outline = renewed(before, read_pasted(said.text), {section for _module, section in course.pins})
    audience = replace(before.audience, maturity=said.maturity, language=language)
    return import_outline(
        unit, replace(outline, id=course.slug, language=language, audience=audience), now
    )


def course_by_slug(unit: Session, slug: str) -> Course:
    """The course with that slug. Raises ``NotFound("course-unknown")``."""
    course = unit.scalars(select(Course).where(Course.slug == slug)).one_or_none()
    if course is None:
        raise NotFound(CourseUnknown(course=slug))
    return course


def outline_of(course: Course) -> Outline:
    """The outline of a course as a value."""
    return outline_from_json(course.outline)


@dataclass(frozen=True)
class Size:
    """How many experiences are placed in a course, and how many people take it."""

    placed: int
    learners: int


def sizes(unit: Session, of: Collection[str]) -> dict[str, Size]:
    """The size of each course, by id. Two queries, however many courses there are."""
    placed = unit.execute(
        select(Placement.course, func.count())
        .where(Placement.course.in_(of))
        .group_by(Placement.course)
    )
    learners = unit.execute(
        select(Membership.course, func.count())
        .where(Membership.course.in_(of), Membership.role == "learner")
        .group_by(Membership.course)
    )
    counts = {row[0]: row[1] for row in placed}, {row[0]: row[1] for row in learners}
    return {course: Size(*(count.get(course, 0) for count in counts)) for course in of}


def copy_plan(unit: Session, source: Course, target: Course) -> None:
    """Copies the outline, limits and placements of ``source`` to ``target``, which keeps its own id
    and title. No one's data are copied."""
    outline = replace(outline_of(source), id=target.slug, title=target.title)
    target.outline, target.language, target.weekly_minutes = (
        outline_to_json(outline),
        source.language,
        source.weekly_minutes,
    )
    target.pins, target.bans, target.left_out = (
        list(source.pins),
        list(source.bans),
        list(source.left_out),
    )
    target.slotted_at = source.slotted_at
    for placed in unit.scalars(select(Placement).where(Placement.course == target.id)):
        unit.delete(placed)
    unit.flush()
    for placed in unit.scalars(select(Placement).where(Placement.course == source.id)):
        unit.add(
            Placement(
                course=target.id,
                section=placed.section,
                pack=placed.pack,
                version=placed.version,
                module=placed.module,
                minutes=placed.minutes,
                fit=placed.fit,
                pinned=placed.pinned,
                reasons=list(placed.reasons),
            )
        )
    unit.flush()
