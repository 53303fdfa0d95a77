"""The platform served by Flask: pages for a browser, services for tools. The only room of lti
that knows a web framework."""

from __future__ import annotations

from flask import Flask, Response

from lti.campus.app import pages, services
from lti.campus.campus import Campus


def create_app(campus: Campus, tool: str) -> Flask:
    """That campus as a WSGI application. ``tool``: the address whose registration link the first
    page awaits."""
    app = Flask(__name__)
    app.register_blueprint(services.blueprint(campus))
    app.register_blueprint(pages.blueprint(campus, tool))
    app.after_request(_guard)
    return app


def _guard(response: Response) -> Response:
    """Pages run no script but our own files, and are framed by nobody but ourselves."""
    response.headers.setdefault("Content-Security-Policy", pages.policy())
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "origin"
    response.headers["Cache-Control"] = "no-store"
    return response
