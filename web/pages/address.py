"""An address for who came from an LMS without one: asked for, confirmed by mail, then questions come there too."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import Invalid
from engine.programme import accounts
from web import account_mail, doorway, signing
from web.context import Person, services
from web.guards import joined_required
from web.i18n import language
from web.lms import mount
from web.security import address_of_visitor

bp = Blueprint("address", __name__)
PURPOSE = "address"
LASTS = timedelta(days=1)


@bp.route("/address", methods=["GET", "POST"])
@joined_required
def ask(me: Person) -> ResponseReturnValue:
    """The form. Its answer is the same whether or not somebody else has that address."""
    if me.email is not None:
        return redirect(url_for("learner.settings"), 303)
    visit = mount.current()
    wrong, written = None, request.form.get("email") or (visit and visit.about["email"]) or ""
    if request.method == "POST":
        the = services()
        try:
            email = doorway.may_mail(the, written, address_of_visitor())
        except Invalid as refused:
            wrong = Invalid(refused.reason.code, **{**refused.reason.params, "field": "email"})
        else:
            token = signing.sign(the.settings.secret_key, PURPOSE, [me.tenant, me.id, email], the.clock.wall() + LASTS)
            link = url_for("address.link", token=token).removeprefix(request.script_root)
            the.mailer.post(account_mail.to_confirm(the, email, link, language()))
            return render_template("account/address.html", asked=email, wrong=None, written="")
    return render_template("account/address.html", asked=None, wrong=wrong, written=written), 422 if wrong else 200


@bp.get("/address/<token>")
def link(token: str) -> str:
    """Opening the link changes nothing (mail scanners open links); its button confirms."""
    _tenant, _account, email = _read(token)
    return render_template("account/address_link.html", token=token, email=email, done=False)


@bp.post("/address/<token>")
def confirm(token: str) -> str:
    """The button: from now on questions come to this address too."""
    tenant, account, email = _read(token)
    with services().db.write(tenant) as unit:
        accounts.add_address(unit, account, email)
        unit.commit()
    return render_template("account/address_link.html", token=token, email=email, done=True)


def _read(token: str) -> tuple[str, str, str]:
    the = services()
    tenant, account, email = signing.read(the.settings.secret_key, PURPOSE, token, the.clock.wall())
    return str(tenant), str(account), str(email)
