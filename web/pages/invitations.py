"""Invitations to a course: a facilitator asks for them and sees what became of their mails. Not
available inside an LMS, which itself decides who is in a course."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from engine.people import invitations
from engine.values.errors import Invalid
from lti.courses import placed
from web.pages.reasons import InviteCount
from web.site import paging
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.links import INVITATION_FOR

bp = Blueprint("invitations", __name__)
MAX_INVITED = 200
IN_BRACKETS = re.compile(r"<([^<>\s]+)>")


@bp.get("/courses/<slug>/invite")
@facilitator_required
def ask(me: Person, slug: str) -> str:
    """Shows the form by which people are invited."""
    return _form(me, slug)


@bp.get("/courses/<slug>/invitations")
@facilitator_required
def listed(me: Person, slug: str) -> str:
    """Shows the invitations of a course that nobody accepted yet, with what became of their
    mails."""
    services, page = current_services(), request.args.get("page", 1, type=int)
    with services.read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        lapsed = work.wall - INVITATION_FOR
        seen = invitations.invitations_of(work.session, course, page, lapsed)
        return render_template(
            "desk/invitations.html",
            course=course,
            seen=seen,
            numbers=paging.numbers(seen.page, seen.pages),
            in_lms=placed.is_in_platforms(work.session, course),
            to_files=services.mails_are_files,
        )


@bp.post("/courses/<slug>/invitations")
@facilitator_required
def invite(me: Person, slug: str) -> Response | tuple[str, int]:
    """Invites the people with the given addresses, one per line. A single malformed address stops
    everything."""
    services, written = current_services(), request.form.get("emails", "")
    try:
        with services.write(me.tenant) as work:
            course = own_course(work.session, me, slug)
            invited = invitations.invite(work, course, _addresses(written), me.id)
            work.commit()
    except Invalid as wrong:
        return _form(me, slug, wrong, written), 422
    flash(" ".join(said_of(invited)))
    return redirect(url_for("invitations.listed", slug=slug), 303)


@bp.post("/courses/<slug>/invitations/again")
@facilitator_required
def again(me: Person, slug: str) -> Response:
    """Tries an invitation again that the mail server refused for good."""
    with current_services().write(me.tenant) as work:
        course = own_course(work.session, me, slug)
        tried = invitations.try_again(work, course, request.form.get("email", ""))
        work.commit()
    if tried:
        flash(gettext("The email is tried again within a minute."))
    return redirect(url_for("invitations.listed", slug=slug), 303)


def _form(me: Person, slug: str, wrong: Invalid | None = None, written: str = "") -> str:
    services = current_services()
    with services.read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        return render_template(
            "desk/invite.html",
            course=course,
            in_lms=placed.is_in_platforms(work.session, course),
            to_files=services.mails_are_files,
            wrong=wrong,
            written=written,
        )


def said_of(invited: invitations.Invited) -> Iterator[str]:
    """What became of the addresses. Nothing has left yet: the worker sends the mails."""
    if invited.asked:
        yield ngettext(
            "One invitation is on its way.",
            "%(num)s invitations are on their way.",
            len(invited.asked),
        )
    else:
        yield gettext("No new email is sent.")
    if invited.again:
        yield ngettext(
            "One of these people was invited before; the newest link is the one that works.",
            "%(num)s of these people were invited before; the newest link is the one that works.",
            invited.again,
        )
    if invited.today:
        yield ngettext(
            "One person gets no email today: an address is invited only so often.",
            "%(num)s people get no email today: an address is invited only so often.",
            invited.today,
        )
    if invited.here:
        yield ngettext(
            "One person is already in the course.",
            "%(num)s people are already in the course.",
            invited.here,
        )


def _addresses(written: str) -> list[str]:
    """The addresses as people paste them: one a line, or with names as mail programs copy them
    (``Name <address>``)."""
    emails = [
        email
        for line in written.splitlines()
        for email in (IN_BRACKETS.findall(line) or line.replace(",", " ").replace(";", " ").split())
    ]
    if not emails or len(emails) > MAX_INVITED:
        raise Invalid(InviteCount(most=MAX_INVITED), field="emails")
    return emails
