"""Mails with questions by state: what waits, what was sent, what was refused and why; tried again
or parked."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from engine.delivery import standing
from engine.storage import audit
from engine.storage.claims import DeliveryKey
from web.site import forms, paging
from web.site.context import Person, current_services
from web.site.guards import administrator_required

bp = Blueprint("admin_deliveries", __name__, url_prefix="/admin/deliveries")


@bp.get("")
@administrator_required
def index(me: Person) -> str:
    """Lists the deliveries in one state."""
    state, page = request.args.get("state", ""), request.args.get("page", 1, type=int)
    with current_services().read(me.tenant) as work:
        seen = standing.standing(work.session, state, page)
    return render_template(
        "admin/deliveries.html",
        seen=seen,
        states=standing.STATES,
        by_hand=standing.BY_HAND,
        numbers=paging.numbers(seen.page, seen.pages),
    )


@bp.post("/retry")
@administrator_required
def retry(me: Person) -> Response:
    """Tries one again that was refused for good."""
    return _act(me, "retry")


@bp.post("/park")
@administrator_required
def park(me: Person) -> Response:
    """Parks one that waits."""
    return _act(me, "park")


@bp.post("/retry-all")
@administrator_required
def retry_all(me: Person) -> Response:
    """Tries all again that were refused for good and whose question still waits."""
    with current_services().write(me.tenant) as work:
        tried = standing.retry_all(work)
        if tried:
            audit.record(work, "retry", me.id, mails=tried)
        work.commit()
    flash(
        ngettext("One mail is tried again.", "%(num)s mails are tried again.", tried)
        if tried
        else gettext("Nothing is left to be tried: none of their questions is still open.")
    )
    return redirect(url_for("admin_deliveries.index"), 303)


def _act(me: Person, action: audit.Action) -> Response:
    learner = request.form.get("learner", "").replace("\0", "")
    channel = request.form.get("channel", "").replace("\0", "")
    key = DeliveryKey(me.tenant, learner, forms.number(request.form, "touch"), channel)
    with current_services().write(me.tenant) as work:
        done = standing.retry(work, key) if action == "retry" else standing.park(work, key)
        if done:
            audit.record(work, action, me.id, learner, touch=key.touch, channel=channel)
        work.commit()
    told = {
        "retry": gettext("The mail is tried again within a minute."),
        "park": gettext("Parked. It is not sent unless somebody has it tried again."),
    }
    flash(told[action] if done else gettext("Nothing was changed: it is no longer in that state."))
    return redirect(url_for("admin_deliveries.index", state=request.form.get("state")), 303)
