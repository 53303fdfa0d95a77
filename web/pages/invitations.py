"""Invitations to a course: a facilitator asks for them and sees what became of their mails; whoever
was invited accepts. Not available inside an LMS, which itself decides who is in a course."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from engine.people import invitations
from engine.people.accounts import is_address
from engine.storage.tables import Course
from engine.values.errors import Invalid, NotFound
from web.pages import people_lists
from web.pages.account import let_in
from web.pages.reasons import NothingHandedIn
from web.site import credentials, language, paging
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.links import InvitationLink, Links
from web.site.reasons import InvitationExpired
from web.site.signing import Expired

bp = Blueprint("invitations", __name__)
PLAIN = 100
"""So many bare addresses are invited at once."""


@bp.get("/courses/<slug>/invitations")
@facilitator_required
def listed(me: Person, slug: str) -> str:
    """Shows the invitations of a course that nobody accepted yet, with what became of their
    mails."""
    return _page(me, slug)


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
            work.commit()
    except Invalid as wrong:
        return _page(me, slug, wrong, written), 422
    flash(" ".join(_said(invited)))
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


@bp.get("/invitation/<token>")
def show(token: str) -> ResponseReturnValue:
    """Opening the link changes nothing (mail scanners open links); its button accepts."""
    said = _read(token)
    try:
        with current_services().read(said.tenant) as work:
            invited = invitations.open_invitation(
                work.session, said.course, said.email, said.number
            )
            course = work.session.get_one(Course, (said.tenant, said.course))
    except NotFound as used:
        return _used(used)
    language.read_by(invited.language, current_services().settings.time_zone)
    return render_template("account/invitation.html", token=token, course=course)


@bp.post("/invitation/<token>")
def accept(token: str) -> ResponseReturnValue:
    """Makes them a member and signs them in, once. Who has a password, or runs something, signs in
    as usual: an invitation lies in a mailbox for seven days."""
    services, said = current_services(), _read(token)
    try:
        with services.write(said.tenant) as work:
            account = invitations.accept(
                work, said.course, said.email, said.number, services.settings.time_zone
            )
            work.commit()
    except NotFound as used:
        return _used(used)
    if not invitations.opens(account, said.epoch):
        flash(gettext("You are in the course now. Sign in to see it."))
        return redirect(url_for("account.sign_in"), 303)
    return let_in(credentials.who(services, (said.tenant, account.id, account.epoch)))


def _used(used: NotFound) -> tuple[str, int]:
    page = render_template("account/invitation.html", token=None, course=None, used=used.reason)
    return page, 410


def _read(token: str) -> InvitationLink:
    services = current_services()
    try:
        return Links.of(services.settings).read_invitation(token, services.clock.wall())
    except Expired as late:  # who was invited has no account yet to sign in to
        raise Expired(InvitationExpired()) from late


def _page(me: Person, slug: str, wrong: Invalid | None = None, written: str = "") -> str:
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        seen = invitations.invitations_of(
            work.session, course, request.args.get("page", 1, type=int)
        )
        return render_template(
            "facilitator/invitations.html",
            course=course,
            seen=seen,
            numbers=paging.numbers(seen.page, seen.pages),
            wrong=wrong,
            written=written,
        )


def _said(invited: invitations.Invited) -> Iterator[str]:
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
