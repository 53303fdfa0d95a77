"""Answers to a browser: pages, their policies, refusals."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template

from lti.campus.refusals import PlatformRefused


def policy(**directives: str) -> str:
    """The content security policy of a page, with these directives set
    (``frame_src="'self'"``)."""
    said = {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self' data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
        **{name.replace("_", "-"): value for name, value in directives.items()},
    }
    return "; ".join(f"{name} {value}" for name, value in said.items())


def page(template: str, loose: str | None = None, **values: Any) -> Response:
    """A page; ``loose`` is a content security policy of its own, if it needs one."""
    response = make_response(render_template(template, **values))
    if loose:
        response.headers["Content-Security-Policy"] = loose
    return response


def back(path: str) -> Response:
    """Sends the browser back after a form."""
    return make_response(redirect(path, 303))


def refused(why: PlatformRefused) -> Response:
    """The page of a refusal."""
    response = page("refused.html", refused=why)
    response.status_code = why.status
    return response
