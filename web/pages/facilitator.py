"""Facilitators' pages: the outline with placements and reasons, pins and bans, minutes per week,
progress as counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.courses import progress as people
from engine.courses import slotting
from engine.courses.outlines import outline_of, paste_sections, sizes
from engine.curriculum.outline import Section
from engine.curriculum.pasted import PastedFaults, pasted
from engine.packs.model import Module
from engine.slotting.values import Conflicts, Plan
from engine.storage.tables import Course, Placement
from engine.values.errors import Invalid, NotFound
from engine.values.reasons import Reason
from lti.courses import placed
from web.pages.reasons import CourseTheme
from web.site import forms, language, paging, sessions
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
        """Why this module is here."""
        return tuple(Reason.from_json(r) for r in self.placement.reasons) if self.placement else ()


@dataclass(frozen=True)
class LeftOut:
    """A module that has no section, and why; ``module`` is None if it is no longer installed."""

    key: str
    title: str
    module: Module | None
    reasons: list[Reason]

    @property
    def summary(self) -> str:
        """What learners would read before they begin, in the reader's language."""
        return self.module.text("cover.summary", language.current()) if self.module else ""


@bp.get("/")
@facilitator_required
def courses(me: Person) -> str:
    """Lists the courses of this facilitator."""
    with current_services().read(me.tenant) as work:
        mine = own_courses(work.session, me)
        return render_template(
            "facilitator/courses.html",
            courses=mine,
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
def slot(me: Person, slug: str) -> Response | tuple[str, int]:
    """Pins, unpins, bans, allows again, or changes the minutes per week; then slots again.
    Conflicting limits change nothing."""
    services = current_services()
    try:
        wishes = _wishes(request.form)
        plan = slotting.slot(
            services.units, me.tenant, lambda unit: own_course(unit, me, slug), wishes
        )
    except Conflicts as conflicts:
        return _course_page(
            me, slug, conflicts.reasons, written=request.form.get("weekly_minutes", "")
        ), 409
    except Invalid as wrong:
        return _course_page(
            me, slug, wrong=wrong, written=request.form.get("weekly_minutes", "")
        ), 422
    flash(" ".join(_replaced(plan)))
    return redirect(url_for("facilitator.course", slug=slug), 303)


def _replaced(plan: Plan) -> Iterator[str]:
    yield gettext("Placed again. Whatever could stay where it was has stayed.")
    if plan.left_out:
        yield ngettext(
            "One experience is left out; the list below says why.",
            "%(num)s experiences are left out; the list below says why.",
            len(plan.left_out),
        )


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
def progress(me: Person, slug: str) -> str:
    """Shows learners' progress as counts and states; never a word that a learner wrote."""
    state, order = request.args.get("state", ""), request.args.get("sort", "name")
    page = request.args.get("page", 1, type=int)
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        seen = people.progress(work, course, state, order, page)
        return render_template(
            "facilitator/progress.html",
            course=course,
            progress=seen,
            state=state,
            order=order,
            in_lms=placed.is_in_platforms(work.session, course),
            turnout=placed.turnout(work.session, course),
            numbers=paging.numbers(seen.page, seen.pages),
        )


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
                    [Reason.from_json(r) for r in out["reasons"]],
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
