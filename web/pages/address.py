"""Adds an e-mail address for a learner who came from an LMS without one: asked for and confirmed by
mail, after which questions are sent there too."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.people import accounts
from engine.people import gate as counts
from engine.values.errors import Invalid
from web.mails import account_mail
from web.site import gate, language, sessions, signing
from web.site.context import Person, current_services
from web.site.guards import joined_required

bp = Blueprint("address", __name__)
PURPOSE = "address"
LASTS = timedelta(days=1)


@bp.route("/address", methods=["GET", "POST"])
@joined_required
def ask(me: Person) -> ResponseReturnValue:
    """Shows the form and handles it. The answer is the same whether or not another person has that
    address."""
    if me.email is not None:
        return redirect(url_for("learner.settings"), 303)
    visit = sessions.current()
    wrong, written = None, request.form.get("email") or (visit and visit.about["email"]) or ""
    if request.method == "POST":
        services = current_services()
        try:
            email = accounts.normalise_email(written)
            gate.spend(services, counts.confirmations(f"{me.tenant}:{me.id}", email))
        except Invalid as refused:
            wrong = Invalid(refused.reason, field="email")
        else:
            token = signing.sign(
                services.settings.secret_key,
                PURPOSE,
                [me.tenant, me.id, email],
                services.clock.wall() + LASTS,
            )
            link = url_for("address.link", token=token).removeprefix(request.script_root)
            services.mailer.post(
                account_mail.to_confirm(services, email, link, language.current(), me.id)
            )
            return render_template("account/address.html", asked=email, wrong=None, written="")
    return render_template(
        "account/address.html", asked=None, wrong=wrong, written=written
    ), 422 if wrong else 200


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
    tenant, account, email = signing.read(
        services.settings.secret_key, PURPOSE, token, services.clock.wall()
    )
    return str(tenant), str(account), str(email)
