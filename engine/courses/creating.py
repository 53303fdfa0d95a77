"""Courses made of an outline that somebody handed in: a new one, or a new outline for one that is
there."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from engine.courses.members import enrol
from engine.courses.outlines import RESERVED, import_outline, outline_of
from engine.courses.reasons import TitleMissing
from engine.curriculum.names import free_id
from engine.curriculum.outline import Audience, Outline, Section
from engine.curriculum.pasted import alike
from engine.storage.tables import Account, Course
from engine.storage.work import Work
from engine.values.errors import Invalid


def create_course(work: Work, outline: Outline, by: str) -> Course:
    """A new course with that outline, which ``by`` (an account) facilitates from now on. Its slug
    is the id that the outline says, or else one of its title, with a number where that is taken: no
    course that is there is changed. Raises ``Invalid("course-title-missing", field="title")``."""
    _need_title(outline)
    taken = set(work.session.scalars(select(Course.slug))) | RESERVED
    made = replace(outline, id=free_id(outline.id or "course", taken))
    course = import_outline(work.session, made, work.now)
    account = work.session.scalars(select(Account).where(Account.id == by)).one()
    enrol(work.session, course, account, work.now, "facilitator")
    return course


def replace_outline(work: Work, course: Course, outline: Outline) -> Course:
    """Gives a course a new outline: see ``in_place_of``. Placements, pins and bans stay where their
    section does. Raises ``Invalid("course-title-missing", field="title")``."""
    _need_title(outline)
    return import_outline(work.session, in_place_of(outline_of(course), outline), work.now)


def in_place_of(before: Outline, outline: Outline) -> Outline:
    """The outline as that of the course that had ``before``: a section of the same title keeps its
    id, and what the new one does not say of its people stays as it was."""
    there = {alike(section.title): section.id for section in reversed(before.sections)}
    kept = {n: there.pop(alike(s.title), "") for n, s in enumerate(outline.sections)}
    taken = {name for name in kept.values() if name}
    sections: list[Section] = []
    for number, section in enumerate(outline.sections):
        name = kept[number] or free_id(section.id, taken)
        taken.add(name)
        sections.append(replace(section, id=name))
    audience = _said(before.audience, outline.audience)
    return replace(outline, id=before.id, sections=tuple(sections), audience=audience)


def _said(before: Audience, now: Audience) -> Audience:
    return replace(
        now,
        group_size=now.group_size if now.group_size is not None else before.group_size,
        mode=now.mode if now.mode != "either" else before.mode,
        maturity=now.maturity if now.maturity is not None else before.maturity,
    )


def _need_title(outline: Outline) -> None:
    if not outline.title:
        raise Invalid(TitleMissing(), field="title")
