"""Tables of several, as a learner comes to one: how to begin, leaving and coming back, and whether
anything has changed since their page was made."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine.journey import playing, tables
from engine.journey.joining import held_learner
from engine.values.errors import NotFound
from web.site import language
from web.site.context import Person, current_services
from web.site.guards import joined_required
from web.site.reasons import PageUnknown

bp = Blueprint("tables", __name__)


@bp.get("/courses/<course>/<section>/table")
@joined_required
def ways(me: Person, course: str, section: str) -> AnyResponse | str:
    """Asks how an experience for several is to be begun: alone, with others who wait, or at a table
    that was opened for a cohort."""
    with current_services().read(me.tenant) as work:
        found = tables.ways(work, held_learner(work.session, me.id), course, section)
        if found is None:
            raise NotFound(PageUnknown())
        return render_template(
            "learner/ways.html",
            ways=found,
            course=course,
            section=section,
            title=found.module.text("cover.title", language.current()),
            summary=found.module.text("cover.summary", language.current()),
        )


@bp.post("/courses/<course>/<section>/table")
@joined_required
def sit_down(me: Person, course: str, section: str) -> AnyResponse:
    """Gives the learner a seat, or begins alone."""
    with current_services().write(me.tenant) as work:
        learner, where = held_learner(work.session, me.id), request.form.get("where", "")
        if where == "alone":
            found = playing.begin(work, learner, course, section)
        else:
            found = tables.sit_down(work, learner, course, section, where)
        work.commit()
        return redirect(url_for("player.show", enrolment=found.id), 303)


@bp.get("/experience/<enrolment>/table")
@joined_required
def now(me: Person, enrolment: str) -> AnyResponse:
    """Whether anything has changed at the table: its tag, or nothing if the browser has it."""
    with current_services().read(me.tenant) as work:
        answer = Response(mimetype="text/plain")
        answer.set_etag(tables.tag(work, me.id, enrolment))
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


@bp.post("/experience/<enrolment>/table")
@joined_required
def change(me: Person, enrolment: str) -> AnyResponse:
    """Begins with those who are there, gets up, or takes one's seat again."""
    with current_services().write(me.tenant) as work:
        learner = held_learner(work.session, me.id)
        gone = False
        match request.form.get("do"):
            case "begin":
                tables.begin_now(work, learner, enrolment)
            case "leave":
                gone = tables.get_up(work, learner, enrolment)
            case "back":
                tables.come_back(work, learner, enrolment)
            case _:
                playing.scene(work, learner, enrolment)
        work.commit()
    if gone:
        return redirect(url_for("learner.home"), 303)
    return redirect(url_for("player.show", enrolment=enrolment, _anchor="now"), 303)
