"""The front page: what this is, in three sentences, and the ways to sign in. People who are signed
in go straight to their home page."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.people import first_run
from web.site.context import Person, current_services, person

bp = Blueprint("front", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Shows the three sentences and the ways to sign in, or redirects to the reader's own home
    page."""
    reader = person()
    if reader is not None:
        return redirect(url_for(home_of(reader)))
    services = current_services()
    with services.db.across("sign-in") as door:
        is_new = not services.settings.demo and first_run.is_needed(door)
    return render_template("front.html", with_demo=services.settings.demo, is_new=is_new)


def home_of(reader: Person) -> str:
    """The endpoint of this person's home page."""
    return "facilitator.courses" if reader.facilitates else "learner.home"
