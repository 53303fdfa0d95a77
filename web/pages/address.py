"""Adds an e-mail address for a learner who came from an LMS without one, or whose mails come back:
asked for and confirmed by mail, after which questions are sent there."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.journey.refused import refusal_of
from engine.people import accounts, asking
from engine.people import gate as counts
from engine.storage.tables import AddressClaim
from engine.values.errors import Invalid
from web.site import gate, language, sessions
from web.site.context import Person, current_services
from web.site.guards import joined_required
from web.site.links import Links

bp = Blueprint("address", __name__)


@bp.route("/address", methods=["GET", "POST"])
@joined_required
def ask(me: Person) -> ResponseReturnValue:
    """Shows the form and handles it. The answer is the same whether or not another person has that
    address. An address that the mail server refused for good is shown with its words."""
    visit, services = sessions.current(), current_services()
    with services.read(me.tenant) as work:
        comes_back = refusal_of(work.session, me.id) is not None
    if me.email is not None and not comes_back:
        return redirect(url_for("learner.settings"), 303)
    wrong, written = None, request.form.get("email") or (visit and visit.about["email"]) or ""
    if request.method == "POST":
        try:
            email = accounts.normalise_email(written)
            gate.spend(services, counts.confirmations(me.tenant, me.id, email))
        except Invalid as refused:
            wrong = Invalid(refused.reason, field="email")
        else:
            with services.write(me.tenant) as work:
                asking.claim_address(work, me.id, email, language.current())
                work.commit()
            services.bell.ring()
            return _form(asked=email)
    with services.read(me.tenant) as work:
        claim = asking.claimed(work.session, me.id)
    refused_at = claim if claim and claim.state == "parked" else None
    return _form(wrong=wrong, written=written, refused=refused_at), 422 if wrong else 200


def _form(
    asked: str | None = None,
    wrong: Invalid | None = None,
    written: str = "",
    refused: AddressClaim | None = None,
) -> str:
    return render_template(
        "account/address.html", asked=asked, wrong=wrong, written=written, refused=refused
    )


@bp.get("/address/<token>")
def link(token: str) -> str:
    """Opening the link changes nothing (mail scanners open links); its button confirms."""
    _tenant, _account, email = _read(token)
    return render_template("account/address_link.html", token=token, email=email, done=False)


@bp.post("/address/<token>")
def confirm(token: str) -> str:
    """Confirms the address when the button is pressed: from now on questions are sent there too."""
    tenant, account, email = _read(token)
    with current_services().write(tenant) as work:
        accounts.add_address(work.session, account, email)
        work.commit()
    return render_template("account/address_link.html", token=token, email=email, done=True)


def _read(token: str) -> tuple[str, str, str]:
    services = current_services()
    return Links.of(services.settings).read_address(token, services.clock.wall())
