"""Protects every response and every unsafe request: headers, cookies, CSRF, size limits, safe
redirects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, IntegerConverter, RequestRedirect

from web.settings import Settings
from web.site.sessions import KEY, frame_ancestors

View = TypeVar("View", bound=Callable[..., Any])

CSRF_FREE: Mapping[str, str] = {
    "lms_launching.log_in": "an LMS begins it; it signs nobody in, its state checks the rest",
    "lms_launching.launch": "an LMS posts it; state, nonce and signature authorise it",
    "lms_registering.register": "an LMS opens it, cookieless; its one-time token authorises",
    "lms_notices.receive": "an LMS's server posts it; a signature authorises each notice",
    "hooks.bounces": "a mail service posts it; a signature and its time authorise each report",
    "links.unsubscribe": "RFC 8058: the mail program posts it; its token authorises",
    "announcements.unsubscribe": "RFC 8058: the mail program posts it; its token authorises",
    "mondays.stop": "RFC 8058: the mail program posts it; its token authorises",
}
"""Endpoints whose POST carries no CSRF token, each with the reason why that is safe. Nothing
else is exempt."""

POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "font-src": "'none'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
MAX_BYTES = 256 * 1024


def loosen(**directives: str) -> Callable[[View], View]:
    """Replaces directives of the content security policy for one view
    (``style_src="'unsafe-inline'"``)."""

    def mark(view: View) -> View:
        vars(view)["policy"] = {name.replace("_", "-"): value for name, value in directives.items()}
        return view

    return mark


def allow(**directives: str) -> None:
    """Replaces directives of the content security policy for the response to this request."""
    g.policy = {name.replace("_", "-"): value for name, value in directives.items()}


def takes_files(most: int) -> Callable[[View], View]:
    """Lets the requests to one view hold ``most`` bytes, as a file or as a text."""

    def mark(view: View) -> View:
        vars(view)["most_bytes"] = most
        return view

    return mark


def most_bytes() -> int:
    """How many bytes this request may hold."""
    view = current_app.view_functions.get(request.endpoint or "")
    return int(getattr(view, "most_bytes", MAX_BYTES))


def keep_when_going_back(view: View) -> View:
    """Lets the browser keep this page for its back button, so that text entered in a form is not
    lost."""
    vars(view)["caching"] = "private, no-cache"
    return view


def ask_again(view: View) -> View:
    """Lets the browser keep this view's response, and ask each time whether it still stands."""
    vars(view)["caching"] = "private, no-cache"
    return view


def keep_for_a_day(view: View) -> View:
    """Lets the browser cache this view's response: it never changes at a given address."""
    vars(view)["caching"] = "private, max-age=86400, immutable"
    return view


class Number(IntegerConverter):
    """A whole number in an address, small enough for any table."""

    regex = r"[0-9]{1,9}"


class Text(BaseConverter):
    """A part of an address without the one character that PostgreSQL can neither store nor look
    up."""

    regex = r"[^/\0]+"


def protect(app: Flask, settings: Settings) -> None:
    """Sets up limits, cookies, CSRF, proxies and headers of the app, before its routes."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-relecture" if settings.https else "relecture",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BYTES,
        MAX_FORM_PARTS=200,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        # Pages whose path contains a token send no referrer; the token bound to the session
        # protects them.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.url_map.converters["int"] = Number
    app.url_map.converters["default"] = app.url_map.converters["string"] = Text
    # Redirects that add or merge slashes would go to whatever host the request claims to be for.
    app.url_map.strict_slashes = app.url_map.merge_slashes = False
    csrf = CSRFProtect(app)

    @app.before_request
    def refuse_forged_requests() -> None:
        request.max_content_length = request.max_form_memory_size = most_bytes()
        if request.endpoint and request.endpoint not in CSRF_FREE:
            csrf.protect()

    app.after_request(set_headers)


def set_headers(response: Response) -> Response:
    """Sets these headers on every response, including errors and static files."""
    endpoint, parts = request.endpoint, request.view_args or {}
    view = current_app.view_functions.get(endpoint or "")
    policy = {
        **POLICY,
        "frame-ancestors": frame_ancestors(),
        **getattr(view, "policy", {}),
        **g.get("policy", {}),
    }
    # A path that may contain a token is never disclosed.
    nameless = endpoint is None or "token" in parts or KEY in request.environ
    everybody = _for_everybody(endpoint, parts)
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer" if nameless else "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Resource-Policy": "cross-origin" if everybody else "same-origin",
        "Cache-Control": _caching(response, endpoint, getattr(view, "caching", "no-store")),
    }
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    response.headers.update(headers)
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response


def _for_everybody(endpoint: str | None, parts: Mapping[str, Any]) -> bool:
    """Whether other sites may show or fetch this: our icons, which an LMS shows beside our links,
    and our public keys."""
    icon = endpoint == "static" and str(parts.get("filename", "")).startswith("favicon.")
    return icon or endpoint == "lms_launching.keys"


def _caching(response: Response, endpoint: str | None, of_view: str) -> str:
    if endpoint == "static" and response.status_code == 200:
        return (
            "public, max-age=31536000, immutable" if "v" in request.args else "public, max-age=300"
        )
    return of_view if response.status_code == 200 else "no-store"


def own_path(target: str | None) -> str | None:
    """``target`` if it is a path of ours that can be requested with GET, else None: redirects never
    leave the site, nor a visit."""
    if (
        not target
        or not target.startswith("/")
        or target.startswith("//")
        or "\\" in target
        or not target.isprintable()
    ):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return None
    try:
        current_app.url_map.bind("localhost").match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return request.script_root + target
