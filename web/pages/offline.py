"""What a browser shows when the network is gone: a page that is the same for everybody, and the
service worker that keeps it (``static/offline/worker.js``)."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import force_locale

from engine.values.languages import LANGUAGES
from web.site.context import current_services
from web.site.security import ask_again

bp = Blueprint("offline", __name__)


@bp.get("/worker.js")
@ask_again
def worker() -> Response:
    """The service worker. Its address is at the root, so that it serves every page."""
    script = Path(current_app.static_folder or "", "offline", "worker.js").read_bytes()
    return Response(script, mimetype="text/javascript")


@bp.get("/offline")
@ask_again
def page() -> str:
    """The page without a network, in the language of the worker that keeps it. It names nobody."""
    asked = request.args.get("lang")
    language = asked if asked in LANGUAGES else current_services().settings.language
    with force_locale(language):
        return render_template("offline/page.html", language=language)
