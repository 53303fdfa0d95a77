"""Announcements by mail: a learner switches them off by a mailed link or in the settings, a
facilitator for a whole course."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.courses import announcements
from engine.journey.joining import learner_of
from engine.storage.tables import Learner
from engine.values.errors import NotFound
from lti.courses import placed
from web.site import language
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, joined_required, own_course
from web.site.links import Links

bp = Blueprint("announcements", __name__)


@bp.get("/a/<token>")
def unsubscribe_page(token: str) -> ResponseReturnValue:
    """Shows a button that stops the announcements."""
    tenant, learner_id = _read(token)
    with current_services().read(tenant) as work:
        try:
            learner = _read_by(work.session, learner_id)
        except NotFound:
            return render_template("links/forgotten.html"), 404
        return _page(token, done=not learner.announcements)


@bp.post("/a/<token>")
def unsubscribe(token: str) -> ResponseReturnValue:
    """Stops the announcements and leaves the questions alone, whether the reader pressed the button
    or their mail program posted this (RFC 8058). Repeating it changes nothing."""
    tenant, learner_id = _read(token)
    with current_services().write(tenant) as work:
        try:
            learner = _read_by(work.session, learner_id)
        except NotFound:
            return render_template("links/forgotten.html"), 404
        announcements.want(work, learner, False)
        work.commit()
    return _page(token, done=True)


@bp.post("/settings/announcements")
@joined_required
def choose(me: Person) -> Response:
    """Switches announcements on or off for the learner who is signed in."""
    wanted = request.form.get("wanted") == "yes"
    with current_services().write(me.tenant) as work:
        announcements.want(work, learner_of(work.session, me.id), wanted)
        work.commit()
    flash(
        gettext("You are told by email when an experience opens.")
        if wanted
        else gettext("No more announcements. Questions come as before.")
    )
    return redirect(url_for("learner.settings"), 303)


@bp.get("/courses/<slug>/announcements")
@facilitator_required
def of_course(me: Person, slug: str) -> str:
    """Shows what the learners of a course are told, and when."""
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        return render_template(
            "facilitator/announcements.html",
            course=course,
            seen=announcements.of_course(work, course),
            in_lms=placed.is_in_platforms(work.session, course),
        )


@bp.post("/courses/<slug>/announcements")
@facilitator_required
def switch(me: Person, slug: str) -> Response:
    """Switches the announcements of a course on or off."""
    wanted = request.form.get("wanted") == "yes"
    with current_services().write(me.tenant) as work:
        announcements.switch(work, own_course(work.session, me, slug), wanted)
        work.commit()
    flash(
        gettext("Learners are told when an experience opens.")
        if wanted
        else gettext("Learners are told nothing but the questions.")
    )
    return redirect(url_for("announcements.of_course", slug=slug), 303)


def _page(token: str, *, done: bool) -> str:
    return render_template("links/announcements.html", done=done, token=token)


def _read(token: str) -> tuple[str, str]:
    services = current_services()
    return Links.of(services.settings).read_no_announcements(token, services.clock.wall())


def _read_by(unit: Session, learner_id: str) -> Learner:
    learner = learner_of(unit, learner_id)
    language.read_by(learner.account.language, learner.zone)
    return learner
