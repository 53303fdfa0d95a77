"""The cohorts of a course: made, renamed and removed; those of an LMS's groups are only shown."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.courses import cohorts
from engine.values.errors import Invalid, NotFound
from lti.courses import placed
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.reasons import PageUnknown

bp = Blueprint("cohorts", __name__, url_prefix="/courses")


@bp.get("/<slug>/cohorts")
@facilitator_required
def listed(me: Person, slug: str) -> str:
    """Shows the cohorts of a course, and how many people are in each."""
    return _page(me, slug)


@bp.post("/<slug>/cohorts")
@facilitator_required
def change(me: Person, slug: str) -> ResponseReturnValue:
    """Makes a cohort, or renames or removes one: the pressed button says which."""
    form, called = request.form, request.form.get("called", "")
    try:
        with current_services().write(me.tenant) as work:
            course = own_course(work.session, me, slug)
            match form.get("do"):
                case "make":
                    cohorts.create(work.session, course, called)
                    done = gettext("The cohort is made. Under People you move people to it.")
                case "rename":
                    cohorts.rename(work.session, course, form.get("cohort", ""), called)
                    done = gettext("The cohort has its new name.")
                case "remove":
                    cohorts.remove(work.session, course, form.get("cohort", ""))
                    done = gettext("The cohort is removed. Its people stay in the course.")
                case _:
                    raise NotFound(PageUnknown())
            work.commit()
    except Invalid as wrong:
        return _page(me, slug, wrong), 422
    flash(done)
    return redirect(url_for("cohorts.listed", slug=slug), 303)


def _page(me: Person, slug: str, wrong: Invalid | None = None) -> str:
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        return render_template(
            "desk/cohorts.html",
            course=course,
            cohorts=cohorts.cohorts_of(work.session, course),
            in_lms=placed.is_in_platforms(work.session, course),
            wrong=wrong,
            about=request.form.get("cohort", "") if request.form.get("do") == "rename" else "",
            written=request.form.get("called", ""),
        )
