"""The state of a course in its LMS, for the people who run it: links and what counts for their
grade, scores waiting to be sent, rereading members."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.courses.outlines import outline_of
from engine.values.errors import NotFound
from lti.courses import placed
from lti.courses.scores import LinkKey
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.reasons import PageUnknown

bp = Blueprint("lms_course", __name__, url_prefix="/courses/<slug>/platform")


@bp.get("")
@facilitator_required
def show(me: Person, slug: str) -> str:
    """Shows the state of the course in its LMS. Responds 404 for a course that is in none."""
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        found = placed.in_platforms(work.session, course)
        if found is None:
            raise NotFound(PageUnknown())
        sections = {section.id: section for section in outline_of(course).sections}
        return render_template("lms/course.html", course=course, found=found, sections=sections)


@bp.post("/members")
@facilitator_required
def members(me: Person, slug: str) -> Response:
    """Makes the worker read the members again at its next tick."""
    services = current_services()
    with services.write(me.tenant) as work:
        placed.read_members_soon(
            work.session, own_course(work.session, me, slug), services.clock.wall()
        )
        work.commit()
    flash(gettext("The members are read again within a minute."))
    return redirect(url_for("lms_course.show", slug=slug), 303)


@bp.post("/counts")
@facilitator_required
def counts(me: Person, slug: str) -> Response:
    """Changes what counts for the grade of a link."""
    key = LinkKey(
        *(request.form.get(name, "")[:255] for name in ("registration", "deployment", "link"))
    )
    with current_services().write(me.tenant) as work:
        placed.let_count(
            work.session, own_course(work.session, me, slug), key, request.form.get("counts", "")
        )
        work.commit()
    flash(gettext("Kept. Scores that were sent already follow."))
    return redirect(url_for("lms_course.show", slug=slug), 303)


@bp.post("/scores")
@facilitator_required
def scores(me: Person, slug: str) -> Response:
    """Sends the scores again that no gradebook accepted."""
    with current_services().write(me.tenant) as work:
        placed.try_again(work.session, own_course(work.session, me, slug))
        work.commit()
    flash(gettext("They are sent again within a minute."))
    return redirect(url_for("lms_course.show", slug=slug), 303)
