"""People: searched by name, address and role; invited with the roles that they are to have."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.courses.hosts import organisation as organisation_of
from engine.people import register
from engine.storage import audit
from engine.storage.work import Work
from engine.values.errors import Invalid
from engine.values.roles import ROLES, in_order
from web.site import language, paging
from web.site.context import Person, current_services
from web.site.guards import administrator_required

bp = Blueprint("admin_people", __name__, url_prefix="/admin/people")


@bp.get("")
@administrator_required
def index(_me: Person) -> str:
    """Lists the people found, fifty a page."""
    return _page(_me)


@bp.post("/invite")
@administrator_required
def invite(me: Person) -> Response | tuple[str, int]:
    """Makes an account with these roles; its owner gets a mail to choose a password."""
    services = current_services()
    roles = request.form.getlist("roles")
    try:
        with services.write(me.tenant) as work:
            made = register.invite_person(
                work,
                request.form.get("email", ""),
                request.form.get("name", "")[:120],
                roles,
                *_place(work),
            )
            audit.record(work, "invite", me.id, made.id, roles=list(in_order(roles)))
            work.commit()
    except Invalid as wrong:
        return _page(me, wrong), 422
    services.bell.ring()
    flash(gettext("Invited. An email with a link to come in is on its way."))
    return redirect(url_for("admin_person.show", account=made.id), 303)


def _place(work: Work) -> tuple[str, str]:
    """The language and time zone of people who have not chosen theirs."""
    own = organisation_of(work.session)
    return own.language or language.current(), own.zone or current_services().settings.time_zone


def _page(me: Person, wrong: Invalid | None = None) -> str:
    words, role = request.args.get("q", ""), request.args.get("role", "")
    with current_services().read(me.tenant) as work:
        seen = register.search(work.session, words, role, request.args.get("page", 1, type=int))
    return render_template(
        "admin/people.html",
        seen=seen,
        numbers=paging.numbers(seen.page, seen.pages),
        q=words,
        role=role if role in ROLES else "",
        roles=ROLES,
        in_order=in_order,
        wrong=wrong,
        written=request.form,
    )
