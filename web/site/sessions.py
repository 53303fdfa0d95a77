"""Serves a visit's pages under its own path, ``/in/KEY/…``: the same pages as elsewhere, with the
visit as their session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, Request, Response, abort, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError

from engine.storage.room import cannot_be_written
from lti.wire.urls import with_query
from web.site import visits
from web.site.context import current_services
from web.site.reasons import VisitOver
from web.site.signing import Expired
from web.site.visits import Visit

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PREFIX = "/in/"
KEY = "relecture.visit"
COOKIE = "__Host-relecture-lms"
"""The cookie that recognises a browser inside an LMS. Browsers accept it over TLS, and from their
own machine."""
HELD: Mapping[str, Any] = {
    "secure": True,
    "httponly": True,
    "samesite": "None",
    "partitioned": True,
}
"""How browsers hold it: inside a frame, one in that LMS's own partition (CHIPS)."""
OUTSIDE = (
    "account.",
    "address.link",
    "address.confirm",
    "demo.",
    "guests.",
    "health.",
    "invitations.",
    "links.",
    "offline.",
    "people_lists.",
    "lms_launching.",
    "lms_notices.",
    "lms_registering.",
    "lms_connections.",
)
"""Groups of pages that are not part of a visit, although changing the language is."""


def mount(environ: WSGIEnvironment) -> None:
    """Moves ``/in/KEY`` from the path of a request to its script name, so that every link on the
    pages keeps it."""
    environ.pop(KEY, None)
    path = str(environ.get("PATH_INFO", ""))
    if path.startswith(PREFIX):
        key, slash, rest = path[len(PREFIX) :].partition("/")
        environ[KEY] = key
        environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}{PREFIX}{key}"
        environ["PATH_INFO"] = slash + rest


class Session(SecureCookieSession):
    """The session of a visit, stored with it in the database."""


class Sessions(SecureCookieSessionInterface):
    """Uses a visit's own session under its path, and the signed cookie everywhere else."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        key = request.environ.get(KEY)
        if key is None:
            if app.config["SESSION_COOKIE_NAME"] not in request.cookies:
                return self.session_class()  # and no signature has to be prepared
            return super().open_session(app, request)
        services = current_services()
        g.visit = visits.find(services.db, key, request.cookies.get(COOKIE), services.clock.wall())
        if g.visit and not g.visit.bound and _from_elsewhere(request):
            g.visit = replace(g.visit, open=False)
        return Session(g.visit.session if g.visit and g.visit.open else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, Session):
            super().save_session(app, session, response)
        elif session.modified and (visit := current()) is not None:
            _keep(visit, session)


def _keep(visit: Visit, session: Session) -> None:
    """Stores the session. If nothing can be stored, the page is shown all the same."""
    try:
        visits.keep(current_services().db, visit, session)
    except DBAPIError as wrong:
        if not cannot_be_written(wrong):
            raise
        structlog.get_logger("web").error("not-writable", exc_info=wrong)


def _from_elsewhere(request: Request) -> bool:
    """Whether another site, or an address that somebody passed on, opened this page in a whole
    window (Fetch Metadata): people with a key that needs no cookie must not be able to let others
    in as themselves."""
    return request.headers.get("Sec-Fetch-Dest") == "document" and request.headers.get(
        "Sec-Fetch-Site"
    ) in ("cross-site", "none")


def current() -> Visit | None:
    """The open visit that this request belongs to, None outside an LMS."""
    visit: Visit | None = g.get("visit")
    return visit if visit is not None and visit.open else None


def end(visit: Visit) -> None:
    """Ends the visit of this request; nothing of it is open to what is shown next."""
    services = current_services()
    visits.end(services.db, visit, services.clock.wall())
    g.visit, g.person = replace(visit, open=False), None


def forget_browser(response: Response) -> None:
    """Takes back the cookie that recognises a browser inside an LMS: none of its visits opens to it
    any more."""
    response.delete_cookie(COOKIE, **HELD)


def init(app: Flask) -> None:
    """Serves visits, and refuses requests that do not belong to one."""
    app.session_interface = Sessions()

    @app.before_request
    def only_open_visits() -> None:
        if KEY not in request.environ:
            return
        if current() is None:
            raise Expired(VisitOver())
        if (request.endpoint or "").startswith(OUTSIDE) and request.endpoint != "account.language":
            abort(404)


def frame_ancestors() -> str:
    """The origins that may frame this page: those of the LMS of its visit, even if the visit has
    ended; outside visits, none."""
    visit: Visit | None = g.get("visit")
    return " ".join(visit.about.get("frames", ())) or "'none'" if visit is not None else "'none'"


def back(visit: Visit, message: str = "") -> str:
    """The address where the LMS wants people to continue, with a message that it may show them (LTI
    1.3 core, section 5.4.4)."""
    return with_query(
        str(visit.about["return_url"]),
        lti_msg=message or gettext("What you did in Relecture is kept."),
    )
