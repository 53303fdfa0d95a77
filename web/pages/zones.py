"""Where a learner is: a browser in another time zone than theirs brings up a question, once."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from engine.journey import zones
from engine.journey.joining import learner_of
from engine.journey.rhythms import ZONES, country_of
from web.site.context import Person, current_services
from web.site.guards import joined_required
from web.site.security import own_path

bp = Blueprint("zones", __name__)
REFUSED = "zone-refused"
"""The cookie of a browser whose reader said that their hours stay: the zone that they were asked
about."""
YEAR = 365 * 24 * 3600


@bp.get("/zone")
@joined_required
def ask(me: Person) -> str | tuple[str, int]:
    """The question whether the learner is where their browser is, for the page that they are on; or
    nothing, if its clocks show the same, or they have said no."""
    seen, now = request.args.get("seen", ""), current_services().clock.now()
    refused = seen in (request.cookies.get(REFUSED), session.get(REFUSED))
    if me.zone is None or refused or not zones.is_elsewhere(me.zone, seen, now):
        return "", 204
    return render_template(
        "learner/_zone.html",
        seen=seen,
        place=zones.place_of(seen),
        before=zones.place_of(me.zone),
        onward=own_path(request.args.get("next")) or url_for("learner.home"),
    )


@bp.post("/zone")
@joined_required
def answer(me: Person) -> Response:
    """Moves the learner there, or remembers in this browser that they are not asked again."""
    seen = request.form.get("zone", "")
    page = redirect(own_path(request.form.get("next")) or url_for("learner.settings"), 303)
    if request.form.get("answer") == "yes":
        with current_services().write(me.tenant) as work:
            zones.move(work, learner_of(work.session, me.id), seen)
            work.commit()
        flash(gettext("Kept: your hours are those of %(place)s.", place=zones.place_of(seen)))
    elif seen in ZONES:
        session[REFUSED] = seen  # frames of an LMS keep no cookie
        https = current_services().settings.https
        page.set_cookie(REFUSED, seen, max_age=YEAR, secure=https, httponly=True, samesite="Lax")
    return page


def listed(zone: str) -> list[tuple[str, str]]:
    """Every zone to choose from, for somebody in that one: those of its country first, each named,
    then the others by their names."""
    near = zones.zones_first(country_of(zone))
    return [*named(near), *((one, one) for one in sorted(ZONES.difference(near)))]


def named(near: Iterable[str]) -> list[tuple[str, str]]:
    """These zones, each with its territory and its town."""
    names = get_locale().territories
    territories = ((zone, country_of(zone)) for zone in near)
    return [
        (zone, f"{names[code]} ({zones.place_of(zone)})" if code else zones.place_of(zone))
        for zone, code in territories
    ]
