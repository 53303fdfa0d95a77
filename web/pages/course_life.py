"""The end of a course and what comes after: its last day, ending it by hand, archiving, copying,
reopening."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.courses import ending
from engine.courses.copying import copy_course
from engine.courses.members import enrol
from engine.courses.outlines import outline_of
from engine.journey.term import is_over
from engine.spacing.days import local_day, zone_of
from engine.storage import audit
from engine.storage.tables import Account, Course
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound
from lti.courses import placed
from web.site import forms
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.reasons import PageUnknown

bp = Blueprint("course_life", __name__, url_prefix="/courses/<slug>/life")


@bp.get("")
@facilitator_required
def show(me: Person, slug: str) -> str:
    """Shows where the course stands and what can be done with it."""
    return _page(me, slug)


@bp.post("/<action>")
@facilitator_required
def act(me: Person, slug: str, action: str) -> Response | tuple[str, int]:
    """Handles one button each for: the last day, end, reopen, archive, bring back, copy."""
    onward = slug
    try:
        with current_services().write(me.tenant) as work:
            course = own_course(work.session, me, slug)
            if action == "copy":
                onward = _copy(work, me, course)
            else:
                _do(work, course, action)
            audit.record(work, "course", me.id, course=slug, what=action)
            work.commit()
    except Invalid as wrong:
        return _page(me, slug, wrong), 422
    flash(_done(action))
    page = "facilitator.course" if action == "copy" else "course_life.show"
    return redirect(url_for(page, slug=onward), 303)


def _do(work: Work, course: Course, action: str) -> None:
    form = request.form
    match action:
        case "day":
            day = forms.day(form, "ends_on") if form.get("ends_on") else None
            ending.end_on(work, course, day, form.get("at_end", ""), _today())
        case "end":
            ending.end(work, course, form.get("at_end", ""))
        case "reopen":
            ending.reopen(work, course)
        case "archive":
            ending.archive(work, course)
        case "bring-back":
            ending.bring_back(work, course)
        case _:
            raise NotFound(PageUnknown())


def _copy(work: Work, me: Person, course: Course) -> str:
    """Whoever copies a course runs the copy."""
    monday = forms.day(request.form, "monday") if request.form.get("monday") else None
    made = copy_course(work, course, request.form.get("title", ""), monday)
    account = work.session.get_one(Account, (me.tenant, me.id))
    enrol(work.session, made, account, work.now, "facilitator")
    return made.slug


def _done(action: str) -> str:
    said: dict[str, str] = {
        "day": gettext("Kept."),
        "end": gettext("The course has ended. Nothing new opens in it, and nobody new joins."),
        "reopen": gettext("The course goes on, and so do the debriefs that it had stopped."),
        "archive": gettext("Archived: it is out of the list, and stays readable."),
        "bring-back": gettext("It is in the list again."),
        "copy": gettext("This is the copy. Nobody is in it yet, besides you."),
    }
    return said[action]


def _today() -> date:
    services = current_services()
    return local_day(services.clock.now(), zone_of(services.settings.time_zone))


def _page(me: Person, slug: str, wrong: Invalid | None = None) -> str:
    services = current_services()
    with services.read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        return render_template(
            "facilitator/life.html",
            course=course,
            state=ending.state_of(course),
            over=is_over(course, work.now, services.settings.time_zone),
            open=ending.open_debriefs(work, course),
            dated=outline_of(course).first_day() is not None,
            in_lms=placed.is_in_platforms(work.session, course),
            today=_today().isoformat(),
            wrong=wrong,
            written=request.form,
        )
