"""Facilitators' pages: the outline with placements and reasons, pins and bans, minutes per week.
Figures are in ``desk``, people in ``people``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.courses import plans, slotting
from engine.courses.outlines import outline_of, paste_sections, sizes
from engine.curriculum.outline import Section
from engine.curriculum.pasted import PastedFaults, pasted
from engine.packs.model import Module
from engine.slotting.reasons import main_reason
from engine.slotting.values import Conflicts
from engine.storage.tables import Course, Placement
from engine.values.errors import Invalid, NotFound
from engine.values.reasons import Reason
from lti.courses import placed
from web.pages import replanning
from web.pages.reasons import CourseTheme
from web.site import forms, language, sessions
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course, own_courses
from web.site.reasons import PageUnknown

bp = Blueprint("facilitator", __name__, url_prefix="/courses")


@dataclass(frozen=True)
class Row:
    """One section of the outline as the facilitator sees it."""

    section: Section
    week: int
    placement: Placement | None
    module: Module | None

    @property
    def key(self) -> str:
        """``pack/module`` of the module placed here."""
        return f"{self.placement.pack}/{self.placement.module}" if self.placement else ""

    @property
    def title(self) -> str:
        """The module's title, in the reader's language."""
        return self.module.text("cover.title", language.current()) if self.module else ""

    @property
    def summary(self) -> str:
        """What learners read before they begin, in the reader's language."""
        return self.module.text("cover.summary", language.current()) if self.module else ""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why this module is here, the reason that says most first."""
        told = self.placement.reasons if self.placement else ()
        return best_first([Reason.from_json(one) for one in told])

    @property
    def is_chosen(self) -> bool:
        """Whether it stands here only because somebody chose so: nothing else links it."""
        here = self.placement
        return here is not None and here.pinned and round(100 * here.fit) == 0


def best_first(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """These reasons, the one that says most first."""
    main = main_reason(reasons)
    return (main, *(one for one in reasons if one is not main)) if main else ()


@dataclass(frozen=True)
class LeftOut:
    """A module that has no section, and why; ``module`` is None if it is no longer installed."""

    key: str
    title: str
    module: Module | None
    reasons: tuple[Reason, ...]

    @property
    def summary(self) -> str:
        """What learners would read before they begin, in the reader's language."""
        return self.module.text("cover.summary", language.current()) if self.module else ""


@bp.get("/")
@facilitator_required
def courses(me: Person) -> str:
    """Lists the courses of this facilitator: those at hand, or those that are archived."""
    archived = "archived" in request.args
    with current_services().read(me.tenant) as work:
        mine = own_courses(work.session, me, archived=archived)
        return render_template(
            "facilitator/courses.html",
            courses=mine,
            archived=archived,
            sizes=sizes(work.session, [course.id for course in mine]),
        )


@bp.get("/<slug>")
@facilitator_required
def course(me: Person, slug: str) -> str:
    """Shows the outline with its placements and the reason for each, and the modules left out, with
    reasons."""
    return _course_page(me, slug)


@bp.post("/<slug>/slot")
@facilitator_required
def slot(me: Person, slug: str) -> Response | str | tuple[str, int]:
    """Pins, unpins, bans, allows again, or changes the minutes per week: shows what this changes,
    to be kept or dropped. Conflicting limits change nothing."""
    written = request.form.get("weekly_minutes", "")
    try:
        return replanning.propose(me, slug, _wishes(request.form))
    except Conflicts as conflicts:
        return _course_page(me, slug, conflicts.reasons, written=written), 409
    except Invalid as wrong:
        return _course_page(me, slug, wrong=wrong, written=written), 422


@bp.post("/<slug>/outline")
@facilitator_required
def outline(me: Person, slug: str) -> Response | tuple[str, int]:
    """Accepts a pasted list of sections as the outline. Only inside an LMS: elsewhere an outline is
    imported from a file."""
    services, written = current_services(), request.form.get("sections", "")
    try:
        with services.write(me.tenant) as work:
            found = own_course(work.session, me, slug)
            if sessions.current() is None:
                raise NotFound(PageUnknown())
            paste_sections(work.session, found, forms.pasted(request.form), services.clock.now())
            work.commit()
    except Invalid as wrong:
        return _course_page(me, slug, wrong=wrong, sections_written=written), 422
    flash(gettext("The sections are kept. Place again to set experiences into them."))
    return redirect(url_for("facilitator.course", slug=slug), 303)


@bp.get("/<slug>/progress")
@facilitator_required
def progress(me: Person, slug: str) -> Response:
    """Where the people of a course were shown once: links of LMSs lead here."""
    with current_services().read(me.tenant) as work:
        own_course(work.session, me, slug)
    return redirect(url_for("people.listed", slug=slug), 301)


def _wishes(form: forms.Form) -> slotting.Wishes:
    minutes = forms.number(form, "weekly_minutes") if form.get("weekly_minutes") else None
    pin = [(form["pin"], form.get("section", ""))] if form.get("pin") else []
    names = {wish: [form[wish]] if form.get(wish) else [] for wish in ("unpin", "ban", "unban")}
    names["unpin"] += names["ban"]  # leaving out a pinned module also removes its pin
    return slotting.Wishes(pin=pin, weekly_minutes=minutes, **names)


def _course_page(
    me: Person,
    slug: str,
    conflicts: tuple[Reason, ...] = (),
    wrong: Invalid | None = None,
    written: str = "",
    sections_written: str | None = None,
) -> str:
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        rows = _rows(work.session, course)
        covers = {
            f"{pack.id}/{module.id}": module
            for pack in current_services().library.newest()
            for module in pack.modules.values()
        }
        names = _names(rows, covers)
        return render_template(
            "facilitator/course.html",
            course=course,
            in_lms=placed.is_in_platforms(work.session, course),
            rows=rows,
            conflicts=conflicts,
            wrong=wrong,
            written=written,
            weeks=_weeks(rows),
            theme=_theme(course),
            may_undo=plans.may_undo(work.session, course),
            faults=wrong.reasons if isinstance(wrong, PastedFaults) else (),
            maturity=request.form.get("maturity")
            or (outline_of(course).audience.maturity or forms.UNSAID),
            spoken=request.form.get("spoken") or course.language,
            sections_written=pasted(outline_of(course))
            if sections_written is None
            else sections_written,
            left_out=[
                LeftOut(
                    out["module"],
                    names.get(out["module"], out["module"]),
                    covers.get(out["module"]),
                    best_first([Reason.from_json(r) for r in out["reasons"]]),
                )
                for out in course.left_out
            ],
            sections=[(row.section.id, row.section.title) for row in rows],
            names=names,
        )


def _rows(unit: Session, course: Course) -> list[Row]:
    outline = outline_of(course)
    placed = {p.section: p for p in slotting.placements_of(unit, course)}
    found = []
    for section, week in zip(outline.sections, outline.weeks(), strict=True):
        here = placed.get(section.id)
        module = (
            current_services().library.module(here.pack, here.version, here.module)
            if here
            else None
        )
        found.append(Row(section, week, here, module))
    return found


def _theme(course: Course) -> Reason | None:
    """The course's own description of its theme."""
    theme = outline_of(course).theme
    return CourseTheme(theme=theme) if theme else None


def _weeks(rows: list[Row]) -> list[tuple[int, int]]:
    """The minutes of experiences in each week of the course."""
    minutes: dict[int, int] = {}
    for row in rows:
        minutes[row.week] = minutes.get(row.week, 0) + (
            row.placement.minutes if row.placement else 0
        )
    return sorted(minutes.items())


def _names(rows: list[Row], covers: Mapping[str, Module]) -> dict[str, str]:
    """Titles to show instead of the ids that reasons contain."""
    sections = {row.section.id: row.section.title for row in rows}
    return sections | {
        key: module.text("cover.title", language.current()) for key, module in covers.items()
    }
