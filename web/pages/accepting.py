"""The link of an invitation: the trust contract, whose one button accepts both and leads into the
first experience. Whoever comes too late is mailed another link."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.courses.hosts import organisation
from engine.journey import starting
from engine.journey.joining import learner_of
from engine.journey.zones import FRENCH
from engine.people import asking, invitations
from engine.people.offers import offer_of
from engine.people.reasons import InvitationUsed
from engine.storage.tables import Account, Course
from engine.storage.work import Work
from engine.values.errors import NotFound, Refused
from engine.values.reasons import Reason
from web.mails.invitations import effort_in_words
from web.pages.account import let_in
from web.pages.front import home_of
from web.pages.learner import onward
from web.pages.zones import named
from web.site import credentials, language
from web.site.context import current_services, person
from web.site.links import InvitationLink, Links
from web.site.reasons import InvitationAskedAgain, InvitationExpired
from web.site.signing import Expired

bp = Blueprint("accepting", __name__)


@bp.get("/invitation/<token>")
def show(token: str) -> ResponseReturnValue:
    """The contract. Opening the link changes nothing (mail scanners open links)."""
    services = current_services()
    try:
        said = _read(token)
    except Expired:
        return _late(token, InvitationExpired())
    try:
        with services.read(said.tenant) as work:
            invited = invitations.open_invitation(
                work.session, said.course, said.email, said.number
            )
            offer = offer_of(work.session, invited)
            course = work.session.get(Course, (said.tenant, said.course))
            if course is not None:
                invitations.check_runs(work, course, services.settings.time_zone)
    except NotFound as used:
        return _late(token, used.reason)
    except Refused as over:
        return _late(None, over.reason)
    if offer is None:
        return _late(token, InvitationUsed())
    language.read_by(invited.language, services.settings.time_zone)
    return render_template(
        "learner/contract.html",
        offer=offer,
        effort=effort_in_words(offer, language.current(), services.clock.now()),
        rhythm=offer.rhythm,
        zones=named(dict.fromkeys((*FRENCH, offer.rhythm.zone))),
        action=url_for("accepting.accept", token=token),
    )


@bp.post("/invitation/<token>")
def accept(token: str) -> ResponseReturnValue:
    """Makes them a member who has joined, signs them in, and begins the first experience that is
    open. Who has a password, or runs something, signs in as usual before they join: an invitation
    lies in a mailbox for seven days."""
    services, enrolment = current_services(), None
    try:
        said = _read(token)
    except Expired:
        return _late(token, InvitationExpired())
    try:
        with services.write(said.tenant) as work:
            zone = organisation(work.session).zone or services.settings.time_zone
            account = invitations.accept(work, said.course, said.email, said.number, zone)
            is_theirs = _may_come_in(account, said)
            if is_theirs:
                enrolment = _join(work, account, said.course)
            work.commit()
    except NotFound as used:
        return _late(token, used.reason)
    except Refused as over:
        return _late(None, over.reason)
    if not is_theirs:
        flash(gettext("You are in the course now. Sign in to see it."))
        return redirect(url_for("account.sign_in"), 303)
    who = credentials.who(services, (said.tenant, account.id, account.epoch))
    if "change" in request.form:
        return let_in(who, url_for("learner.rhythm", first=1))
    return let_in(who, onward(enrolment))


@bp.post("/invitation/<token>/again")
def again(token: str) -> ResponseReturnValue:
    """Mails another link to the address that was invited: a new invitation, or one to sign in for
    whoever has accepted it. The answer is the same in every case."""
    services, said = current_services(), _links().read_late_invitation(token)
    credentials.may_mail(services, said.email)
    with services.write(said.tenant) as work:
        renewed = invitations.renew(work, said.course, said.email)
        work.commit()
    if not renewed:
        with services.db.shared(write=True) as unit:
            asking.ask_for_link(unit, "magic", said.email, services.clock.wall())
        services.bell.ring()
    return render_template("account/invitation.html", asked=InvitationAskedAgain())


def _may_come_in(account: Account, said: InvitationLink) -> bool:
    """Whether this browser may act as that account: signed in as it, or by the link alone."""
    reader = person()
    if reader is not None and (reader.tenant, reader.id) == (said.tenant, account.id):
        return True
    return invitations.opens(account, said.epoch)


def _join(work: Work, account: Account, course: str) -> str | None:
    """Joins; returns the experience that was begun, None if none is open, or the rhythm is changed
    first."""
    learner = learner_of(work.session, account.id)
    if learner.contract_at is None or learner.stopped_at is not None:
        starting.join(work, learner, request.form.get("zone"))
    return None if "change" in request.form else starting.begin_first(work, learner, course)


def _late(token: str | None, why: Reason) -> ResponseReturnValue:
    """Whoever is signed in goes home; others can have another link sent, if one is of any use
    (``token``)."""
    reader = person()
    if reader is not None:
        return redirect(url_for(home_of(reader)), 303)
    return render_template("account/invitation.html", asked=None, why=why, token=token), 410


def _read(token: str) -> InvitationLink:
    """What the link says. Raises ``Expired``, and ``NotFound`` for one that is not ours."""
    return _links().read_invitation(token, current_services().clock.wall())


def _links() -> Links:
    return Links.of(current_services().settings)
