"""A course taken once more, for other people: its outline, plan, pins, bans and minutes, at other
dates, and nobody in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses import plans
from engine.courses.outlines import import_outline, outline_of
from engine.courses.reasons import NoMonday
from engine.curriculum.names import free_id
from engine.curriculum.shifting import is_monday, shifted
from engine.storage.tables import Course
from engine.storage.work import Work
from engine.values.errors import Invalid

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


def copy_course(work: Work, course: Course, title: str, monday: date | None) -> Course:
    """Makes a copy named ``title`` whose first week is that of ``monday``; None: its days stay as
    they are. Each experience is placed in the newest version that has it. Raises
    ``Invalid("no-monday", field="monday")``."""
    if monday is not None and not (is_monday(monday) and EARLIEST <= monday <= LATEST):
        raise Invalid(NoMonday(), field="monday")
    outline = outline_of(course)
    outline = shifted(outline, monday) if monday else outline
    named = replace(
        outline, id=_free_slug(work.session, course), title=title.strip() or course.title
    )
    made = import_outline(work.session, named, work.now)
    kept = plans.snapshot(work.session, course)
    for name in ("pins", "bans", "weekly_minutes", "left_out"):
        setattr(made, name, kept[name])
    made.slotted_at = work.now if course.slotted_at else None
    newest = {pack.id: pack for pack in work.library.newest()}
    placed = []
    for row in kept["placements"]:
        pack = newest.get(row["pack"])
        version = pack.version if pack and row["module"] in pack.modules else row["version"]
        placed.append({**row, "version": version})
    plans.replace_placements(work.session, made, placed)
    return made


def _free_slug(unit: Session, course: Course) -> str:
    return free_id(course.slug, list(unit.scalars(select(Course.slug))))
