"""What a learner shares with their courses: seen in one place, taken back at any time."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.journey import sharing
from web.site import forms, language
from web.site.context import Person, current_services
from web.site.guards import joined_required, learner_required
from web.words.sentences import TERMS

bp = Blueprint("sharing", __name__)


@bp.post("/touch/<int:number>/shared")
@joined_required
def of_touch(me: Person, number: int) -> Response:
    """Shares an answer with its course, or takes it back, from the page of its touch."""
    _turn(me, number)
    return redirect(url_for("answer.show", number=number), 303)


@bp.get("/shared")
@learner_required
def mine(me: Person) -> str:
    """Lists what the learner shares. Who has stopped, or left a course, finds it here as well."""
    with current_services().read(me.tenant) as work:
        found = sharing.own_sentences(work, me.id, language.current())
    return render_template("learner/shared.html", sentences=found, stages=TERMS["stage"])


@bp.post("/shared")
@learner_required
def take_back(me: Person) -> Response:
    """Takes one of them back."""
    _turn(me, 0)
    flash(gettext("It is no longer shared. Your answer stays yours."))
    return redirect(url_for("sharing.mine"), 303)


def _turn(me: Person, number: int) -> None:
    with current_services().write(me.tenant) as work:
        asking = forms.asking(number, request.form)
        do = sharing.share if request.form.get("do") == "share" else sharing.take_back
        do(work, me.id, asking)
        work.commit()
