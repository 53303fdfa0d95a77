"""Signing in by password or mailed link, setting a new password, signing out, and the language of
the pages."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from engine.courses.reasons import LanguageUnknown
from engine.people import accounts, asking
from engine.people.reasons import LinkUsed
from engine.storage.tables import Account
from engine.values.errors import Invalid, NotFound
from engine.values.languages import LANGUAGES
from web.pages.front import home_of
from web.site import credentials, gate, signing, unkept
from web.site.context import Person, current_services, person
from web.site.language import COOKIE
from web.site.links import MAGIC, RESET
from web.site.reasons import LinkUnknown, MailOnItsWay, SignInUnknown
from web.site.security import own_path

bp = Blueprint("account", __name__)
YEAR = 365 * 24 * 3600
ASKED = "organisation-asked"
"""Where a session keeps which question about organisations this browser was asked last."""


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Shows the sign-in form."""
    reader = person()
    return redirect(url_for(home_of(reader))) if reader else _sign_in_page()


@bp.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Signs in with e-mail and password."""
    try:
        people = credentials.check_password(
            current_services(),
            request.form.get("email", ""),
            request.form.get("password", ""),
        )
    except Invalid as wrong:
        return _sign_in_page(_at("email", wrong)), 422
    if not people:
        return _sign_in_page(Invalid(SignInUnknown(), field="password")), 422
    return _welcome(people)


@bp.post("/sign-in/organisation")
def choose() -> ResponseReturnValue:
    """Signs in to the chosen organisation when one address belongs to several: once, in the browser
    that was asked, whose session forgets the question when it is answered."""
    token = request.form.get("token", "")
    good = credentials.keys(current_services(), credentials.CHOOSE, token)
    if session.get(ASKED) != _mark(token):
        raise NotFound(LinkUsed())
    wanted = next((key for key in good if key[0] == request.form.get("organisation")), None)
    if wanted is None:
        raise NotFound(LinkUnknown())
    return let_in(credentials.who(current_services(), wanted))


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Signs out, and clears everything personal from the browser's cache."""
    logout_user()
    session.clear()
    unkept.forget()
    response = redirect(url_for("front.index"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.route("/sign-in/mail", methods=["GET", "POST"])
def magic() -> ResponseReturnValue:
    """Requests a mailed link that signs in without a password."""
    return _ask_for_mail("magic")


@bp.route("/password", methods=["GET", "POST"])
def reset() -> ResponseReturnValue:
    """Requests a mailed link for setting a new password."""
    return _ask_for_mail("reset")


@bp.get("/sign-in/mail/<token>")
def magic_link(token: str) -> ResponseReturnValue:
    """Opening the link changes nothing (mail scanners open links); its button signs in."""
    credentials.keys(current_services(), MAGIC, token)
    return render_template("account/magic_link.html", token=token)


@bp.post("/sign-in/mail/<token>")
def use_magic_link(token: str) -> ResponseReturnValue:
    """Signs in when the button is pressed, once."""
    return _welcome(
        credentials.spend_links(
            current_services(), credentials.keys(current_services(), MAGIC, token)
        )
    )


@bp.get("/password/<token>")
def reset_link(token: str) -> ResponseReturnValue:
    """Shows the form for a new password."""
    credentials.keys(current_services(), RESET, token)
    return render_template(
        "account/reset_link.html", token=token, wrong=None, least=accounts.MIN_PASSWORD
    )


@bp.post("/password/<token>")
def use_reset_link(token: str) -> ResponseReturnValue:
    """Stores the new password, ends all other sessions, and signs in."""
    good = credentials.keys(current_services(), RESET, token)
    try:
        people = credentials.set_passwords(
            current_services(), good, request.form.get("password", "")
        )
    except Invalid as wrong:
        return render_template(
            "account/reset_link.html",
            token=token,
            wrong=_at("password", wrong),
            least=accounts.MIN_PASSWORD,
        ), 422
    return _welcome(people)


@bp.post("/language")
def language() -> ResponseReturnValue:
    """Changes the reader's language: stored with the account, or in a cookie for visitors."""
    wished = request.form.get("language", "")
    if wished not in LANGUAGES:
        raise Invalid(LanguageUnknown(), field="language")
    reader = person()
    if reader:
        with current_services().write(reader.tenant) as work:
            accounts.choose_language(work.session, reader.id, wished)
            work.commit()
    response = redirect(own_path(request.form.get("next")) or url_for("front.index"), 303)
    response.set_cookie(
        COOKIE,
        wished,
        max_age=YEAR,
        secure=current_services().settings.https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _sign_in_page(wrong: Invalid | None = None) -> str:
    after = own_path(request.values.get("next")) or ""
    return render_template(
        "account/sign_in.html",
        wrong=wrong,
        email=request.form.get("email", ""),
        next=after,
        unkept=unkept.just_written(after),
    )


def _welcome(people: Sequence[Account]) -> ResponseReturnValue:
    """Signs in, or first asks which organisation."""
    if len(people) == 1:
        return let_in(
            credentials.who(current_services(), (people[0].tenant, people[0].id, people[0].epoch))
        )
    token = credentials.choice(current_services(), people)
    session[ASKED] = _mark(token)
    choices = credentials.organisations(
        current_services(), [(a.tenant, a.id, a.epoch) for a in people]
    )
    return render_template(
        "account/choose.html",
        token=token,
        organisations=choices,
        next=own_path(request.form.get("next")) or "",
    )


def _mark(token: str) -> str:
    """What a session keeps of a token: short, however many organisations it opens."""
    return signing.blind(current_services().settings.secret_key, f"{ASKED}:{token}")


def let_in(reader: Person, onward: str | None = None) -> ResponseReturnValue:
    """Signs the reader in, and goes ``onward``, where they wanted to, or to their home; the browser
    is known from then on."""
    sign_person_in(reader)
    wanted = onward or own_path(request.form.get("next"))
    page = redirect(wanted or url_for(home_of(reader)), 303)
    return gate.remember(page, reader.email)


def sign_person_in(reader: Person) -> None:
    """Starts a fresh session: nothing of the visitor's session, CSRF token included, is carried
    over."""
    session.clear()
    session.permanent = True
    login_user(reader)


def _at(field: str, wrong: Invalid) -> Invalid:
    """The same refusal, to be shown beside that field."""
    return Invalid(wrong.reason, field=field)


def _ask_for_mail(kind: asking.Kind) -> ResponseReturnValue:
    """Shows one form and gives one answer, the same whether or not anybody has that address; the
    worker finds out, and sends the mail."""
    wrong, asked, services = None, False, current_services()
    if request.method == "POST":
        try:
            email = credentials.may_mail(services, request.form.get("email", ""))
            with services.db.shared(write=True) as unit:
                asking.ask_for_link(unit, kind, email, services.clock.wall())
            services.bell.ring()
            asked = True
        except Invalid as refusal:
            wrong = _at("email", refusal)
    page = render_template(
        "account/ask_mail.html",
        kind=kind,
        wrong=wrong,
        asked=asked and MailOnItsWay(),
        email=request.form.get("email", ""),
    )
    return page, 422 if wrong else 200
