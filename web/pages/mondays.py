"""Monday's mail about a course: its switch on the desk, and the link in each mail that ends it
without signing in. Opening the link changes nothing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.courses import mondays
from engine.storage.tables import Account, MondayMail
from engine.storage.work import Work
from engine.values.errors import NotFound
from web.site import language
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.links import Links
from web.site.reasons import PageUnknown

bp = Blueprint("mondays", __name__)


@bp.post("/courses/<slug>/monday")
@facilitator_required
def switch(me: Person, slug: str) -> ResponseReturnValue:
    """Turns the mail on or off: the pressed button says which."""
    wanted = request.form.get("wanted")
    if wanted not in ("yes", "no"):
        raise NotFound(PageUnknown())
    with current_services().write(me.tenant) as work:
        course = own_course(work.session, me, slug)
        if wanted == "no":
            mondays.wish_no_more(work, course.id, me.id)
            said = gettext("You get no more mail about this course on Mondays.")
        elif mondays.wish(work, course, me.id):
            said = gettext("On Monday morning you get a mail if there is something to tell.")
        else:
            said = gettext("Your account has no email address. Give it one first.")
        work.commit()
    flash(said)
    return redirect(url_for("desk.show", slug=slug), 303)


@bp.get("/m/<token>")
def ask(token: str) -> str:
    """Shows a button that ends these mails."""
    tenant, course, account = _link(token)
    with current_services().read(tenant) as work:
        _read_by(work, account)
        done = work.session.get(MondayMail, (tenant, course, account)) is None
        return render_template("desk/no_monday.html", done=done, token=token)


@bp.post("/m/<token>")
def stop(token: str) -> str:
    """Ends these mails, whether the reader pressed the button or their mail program posted this
    (RFC 8058). Repeating it changes nothing."""
    tenant, course, account = _link(token)
    with current_services().write(tenant) as work:
        _read_by(work, account)
        mondays.wish_no_more(work, course, account)
        work.commit()
    return render_template("desk/no_monday.html", done=True, token=token)


def _link(token: str) -> tuple[str, str, str]:
    services = current_services()
    return Links.of(services.settings).read_no_monday(token, services.clock.wall())


def _read_by(work: Work, account: str) -> None:
    """The page is served in the language of whom the mail was sent to, if they are still here."""
    found = work.session.get(Account, (work.tenant, account))
    if found is not None:
        language.read_by(found.language, current_services().settings.time_zone)
