"""The platform served by Flask: pages for a browser, services for tools. The only room of lti that
uses a web framework."""

from __future__ import annotations

from flask import Flask, Response

from lti.campus.app import pages, services
from lti.campus.app.answers import policy
from lti.campus.campus import Campus


def create_app(campus: Campus, tool: str) -> Flask:
    """Serves that campus as a WSGI application. ``tool`` is the address shown as an example in the
    first page's registration form."""
    app = Flask(__name__)
    app.register_blueprint(services.blueprint(campus))
    app.register_blueprint(pages.blueprint(campus, tool))
    app.after_request(_guard)
    return app


def _guard(response: Response) -> Response:
    """Pages run only our own script files, and may only be framed by ourselves."""
    response.headers.setdefault("Content-Security-Policy", policy())
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "origin"
    response.headers["Cache-Control"] = "no-store"
    return response
