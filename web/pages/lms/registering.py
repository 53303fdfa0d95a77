"""Dynamic Registration: an LMS opens our one-time link in a frame; its administrator reads,
confirms, and the frame closes."""

from __future__ import annotations

import structlog
from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from engine.people import gate as counts
from engine.storage.tables import Tenant
from engine.values.errors import RelectureError
from lti.platforms import health, invites
from lti.platforms.dynamic import Registrar, payload
from lti.platforms.registrations import Registration
from web.pages.lms import targets
from web.site import auditing, gate
from web.site.context import current_services
from web.site.security import allow
from web.words.reasons import words

bp = Blueprint("lms_registering", __name__, url_prefix="/lti/register")


@bp.route("/<token>", methods=["GET", "POST"])
def register(token: str) -> Response:
    """Shows how the platform describes itself and what we ask of it; on POST, registers with it.
    Any LMS may frame these pages: they contain no personal data, and nothing can happen without the
    one-time token in their path."""
    allow(frame_ancestors="https: http:")
    gate.spend(current_services(), counts.registrations(gate.visitor()))
    asked = request.values.get("openid_configuration", "")
    try:
        if not asked:
            _organisation(token)
            return _page("register_by_itself.html")
        if request.method == "GET":
            return _preview(token, asked)
        return _done(_registrar().complete(token, asked, request.form.get("registration_token")))
    except RelectureError as refused:
        return _refusal(refused)


def _preview(token: str, asked: str) -> Response:
    registrar = _registrar()
    found = registrar.preview(token, asked)
    said = payload(registrar.tool, found)
    posted = {
        "openid_configuration": asked,
        "registration_token": request.args.get("registration_token", ""),
    }
    return _page(
        "register.html",
        platform=found,
        organisation=_organisation(token),
        scopes=said["scope"].split(),
        claims=registrar.tool.claims,
        posted=posted,
    )


def _organisation(token: str) -> str:
    """The name of the organisation that issued this invite. Raises ``RegistrationRefused``."""
    services = current_services()
    with services.db.across("lti-lookup") as door:
        tenant = invites.tenant_of(door, token, services.clock.wall())
        return door.get_one(Tenant, tenant).name


def _done(registration: Registration) -> Response:
    structlog.get_logger("lti").info(
        "registered", registration=registration.id, issuer=registration.issuer
    )
    its = {"connection": registration.id, "what": "registered"}
    auditing.note(registration.tenant, "connection", None, **its)
    with current_services().read(registration.tenant) as work:
        deployments = health.connection(work.session, registration.id).deployments
    return _page("registered.html", registration=registration, deployments=deployments)


def _refusal(refused: RelectureError) -> Response:
    """Tells the administrator what is wrong; the link stays valid unless the link itself is the
    problem."""
    structlog.get_logger("lti").warning(
        "registration-refused",
        code=refused.reason.code,
        why=words(refused.reason, language="en", zone="UTC"),
    )
    page = _page(
        "register_refused.html",
        reason=refused.reason,
        link_good=not refused.reason.code.startswith("invite-"),
    )
    page.status_code = 404 if refused.reason.code == "invite-unknown" else 400
    return page


def _registrar() -> Registrar:
    services = current_services()
    return Registrar(services.units, services.lti.http, targets.tool(services.settings.base_url))


def _page(name: str, **told: object) -> Response:
    page = make_response(render_template(f"lms/{name}", **told))
    # We tell the platform's window that opened us when to close; the usual policy would cut us off
    # from it.
    page.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return page
