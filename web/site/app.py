"""The Flask app: services in, app out. Contains no decisions; assembles the groups of pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    Flask,
    Request,
    Response,
    current_app,
    has_request_context,
    request,
    url_for,
)
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from web.services import Services
from web.site import compressing, drafts, errors, language, logs, security, sessions
from web.site.conformity import conformity, in_words
from web.site.context import KEY, login_manager, person
from web.site.health import EXAMINATION, Examination
from web.site.mailing import mail_stays_here
from web.site.proxies import forwarded
from web.site.requests import BoundedRequest
from web.words import faults, i18n, markdown, rhythms
from web.words.reasons import words

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class RelectureApp(Flask):
    """Our Flask app: static files have the same address inside an LMS and outside, and even errors
    found while routing become pages of ours. What ``trusted_proxies`` say of a request is believed
    before anything else looks at it."""

    trusted_proxies = 0

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.trusted_proxies:
            environ.update(forwarded(environ, self.trusted_proxies))
        sessions.mount(environ)
        return super().wsgi_app(environ, start_response)

    request_class = BoundedRequest

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        try:
            return super().create_url_adapter(request)
        except (
            HTTPException
        ) as refused:  # such as an invalid host name, for which no page could build URLs
            if request is None:
                raise
            request.routing_exception = refused
            return self.url_map.bind("localhost")

    def send_static_file(self, filename: str) -> Response:
        plain = super().send_static_file(filename)
        return compressing.static_file(plain, Path(self.static_folder or "", filename))

    def url_for(self, endpoint: str, **values: Any) -> str:
        made = super().url_for(endpoint, **values)
        inside = request.script_root if endpoint == "static" and has_request_context() else ""
        return made.removeprefix(inside)


def create_app(services: Services, rooms: Iterable[Blueprint]) -> Flask:
    """Creates a WSGI app that serves these groups of pages on these services."""
    app = RelectureApp("web", root_path=str(Path(__file__).parents[1]))
    app.extensions[KEY] = services
    app.trusted_proxies = services.settings.trusted_proxies
    app.extensions[EXAMINATION] = Examination(services)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=60)
    configure_templates(app)
    logs.follow_requests(app)
    sessions.init(app)
    compressing.init(app)
    security.protect(app, services.settings)
    login_manager().init_app(app)
    language.init(app)
    errors.init(app)
    app.context_processor(in_every_page)
    for room in rooms:
        app.register_blueprint(room)
    return app


def configure_templates(app: Flask) -> None:
    """Configures Jinja for our templates: undefined names are errors, Markdown is available, and
    static files are addressed by their hash."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters |= {"markdown": markdown.render, "inline": markdown.inline}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_defaults(version_of_static_files)


def in_every_page() -> dict[str, Any]:
    """Names that every template may use."""
    reader = person()
    return {
        "person": reader,
        "conformity": lambda: in_words(conformity(reader)),
        "drafts": drafts.owner(reader.tenant, reader.id) if reader else None,
        "offline_worker": offline_worker,
        "visit": sessions.current(),
        "back_to_lms": sessions.back,
        "languages": i18n.OWN_NAMES,
        "language": language.current(),
        "words": words,
        "fault_said": faults.said,
        "minutes": i18n.in_minutes,
        "rhythm_in_words": rhythms.in_words,
        "mail_stays_here": mail_stays_here,
        "demo": None,
    }


def offline_worker() -> str | None:
    """The address of the service worker for this reader's language and our stylesheet: another
    address makes browsers keep both anew. None where there is none, such as in a visit."""
    if sessions.current() is not None or "offline.worker" not in current_app.view_functions:
        return None
    style = _hash(Path(current_app.static_folder or "") / "style.css")
    return url_for("offline.worker", lang=language.current(), v=style)


def version_of_static_files(endpoint: str, values: dict[str, Any]) -> None:
    """Adds a hash of the content to the address of a static file, so that browsers may cache it for
    a year."""
    if endpoint == "static" and "filename" in values:
        values.setdefault("v", _hash(Path(current_app.static_folder or "") / values["filename"]))


@lru_cache
def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "0"
