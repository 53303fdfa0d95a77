"""Invitations to a course: a facilitator asks for them and sees what became of their mails. Not
available inside an LMS, which itself decides who is in a course."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from engine.people import invitations
from engine.people.accounts import is_address
from engine.storage import audit
from engine.values.errors import Invalid
from lti.courses import placed
from web.pages import people_lists
from web.pages.reasons import NothingHandedIn
from web.site import paging
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.links import INVITATION_FOR

bp = Blueprint("invitations", __name__)
PLAIN = 100
"""So many bare addresses are invited at once."""


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
    """Invites the people with the given addresses, one per line. A longer list, and one that holds
    more than addresses, or an address that is none, is shown first as it was read."""
    services, written = current_services(), request.form.get("emails", "")
    try:
        if not _is_plain(written):
            return people_lists.handed_in(me, slug, "", written.encode("utf-8", "replace"))
        with services.write(me.tenant) as work:
            course = own_course(work.session, me, slug)
            invited = invitations.invite(work, course, _addresses(written), me.id)
            audit.record(work, "invite", me.id, course=slug, people=len(invited.asked))
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
        if tried:
            audit.record(work, "retry", me.id, course=slug, mails=1)
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
    """The addresses that somebody typed, one a line or between commas. Raises ``Invalid``."""
    if not (emails := re.split(r"[\s,;]+", written.strip(" \t\r\n,;"))) or not emails[0]:
        raise Invalid(NothingHandedIn(), field="emails")
    return emails


def _is_plain(written: str) -> bool:
    """Whether a text is a few addresses and nothing else: they are invited without a preview."""
    emails = _addresses(written)
    return len(emails) <= PLAIN and all(map(is_address, emails))
