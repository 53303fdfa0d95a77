"""A facilitator's desk: a course in figures, and what there is to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask_babel import get_timezone

from engine.courses import calendar, figures, mondays
from engine.courses.figures import Figures, InSection
from engine.courses.outlines import outline_of
from engine.curriculum.outline import Outline, Section
from engine.spacing.days import local_day, monday_of
from lti.courses import placed
from web.site import language
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course

bp = Blueprint("desk", __name__, url_prefix="/courses")


@dataclass(frozen=True)
class Row:
    """One section that has an experience, with how far people came in it."""

    section: Section
    title: str
    counts: InSection


@bp.get("/<slug>/desk")
@facilitator_required
def show(me: Person, slug: str) -> str:
    """Shows a course in figures: what there is to do first, then how far people came."""
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        zone, outline = _zone(), outline_of(course)
        counted = figures.figures(work, course, zone)
        today = local_day(work.now, zone)
        opens = calendar.opening(outline, counted.sections, monday_of(today))
        return render_template(
            "desk/show.html",
            course=course,
            figures=counted,
            rows=_rows(outline, counted),
            opens={one.id for one in opens},
            monday=mondays.wish_of(work.session, course, me.id),
            to_files=current_services().mails_are_files,
            in_lms=placed.is_in_platforms(work.session, course),
            turnout=placed.turnout(work.session, course),
        )


def _zone() -> ZoneInfo:
    return ZoneInfo(str(get_timezone()))


def _rows(outline: Outline, counted: Figures) -> list[Row]:
    """The sections that have an experience, in the order of the outline."""
    return [
        Row(section, _title(counted.sections[section.id]), counted.sections[section.id])
        for section in outline.sections
        if section.id in counted.sections
    ]


def _title(counts: InSection) -> str:
    module = current_services().library.module(counts.pack, counts.version, counts.module)
    return module.text("cover.title", language.current())
