"""Exceptions become pages here, and only here: the status of each kind, and words that say what to
do next.

NotFound 404 · Expired 410 · Refused, Conflict 409 · Invalid 422 · TooMany 429; HTTP's own 400, 403,
404, 405, 413, 429; a failed CSRF check 400; a database that cannot be written to 503. Anything else
is a bug: it is logged with its traceback, and the reader gets a 500 without details.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog
from flask import Flask, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from engine.people.gate import TooMany
from engine.storage.room import cannot_be_written
from engine.values.errors import Conflict, Invalid, NotFound, NotYet, Refused, RelectureError
from engine.values.faults import Faults
from web.site import sessions, unkept
from web.site.context import current_services, person
from web.site.links import Links
from web.site.reasons import LinkEnded, LinkExpired, SignedOut, VisitOver
from web.site.security import MAX_BYTES, most_bytes, own_path
from web.site.signing import Expired
from web.words.reasons import words

STATUS: tuple[tuple[type[RelectureError], int], ...] = (
    (NotFound, 404),
    (Expired, 410),
    (Refused, 409),
    (Conflict, 409),
    (Invalid, 422),
    (Faults, 422),
    (TooMany, 429),
)


HOME, SIGN_IN, BY_MAIL = "front.index", "account.sign_in", "account.magic"


@dataclass(frozen=True)
class Page:
    """What an error page says: what happened, and what to do. ``ways``: the endpoints that it
    offers, the most likely first. ``again``: whether the form, sent once more from its page, may
    go through. ``after``: the page to come to after signing in."""

    title: str
    text: str
    ways: tuple[str, ...] = (HOME,)
    again: bool = False
    after: str | None = None


def init(app: Flask) -> None:
    """Registers handlers so that every exception becomes one of our pages."""
    app.register_error_handler(RelectureError, of_domain)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(DBAPIError, of_database)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(500, of_bug)


def status_of(error: RelectureError) -> int | None:
    """The HTTP status of an expected refusal, None for a bug."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), None)


def of_domain(error: RelectureError) -> ResponseReturnValue:
    """The page for a refusal of the domain, in the words of its reason."""
    status = status_of(error)
    if status is None:
        raise error
    titles = {
        404: _("This page is not here"),
        410: _("This link is too old"),
        409: _("This could not be done"),
        422: _("Something is to be corrected"),
        429: _("A little patience"),
    }
    page = Page(titles[status], words(error.reason))
    if isinstance(error, NotYet):
        page = replace(page, title=_("Not yet"))
    elif isinstance(error.reason, VisitOver):
        page = replace(page, title=_("This visit is over"), ways=())
    elif isinstance(error.reason, SignedOut):
        page = _signed_out()
    elif isinstance(error.reason, LinkExpired | LinkEnded):
        page = replace(page, ways=(SIGN_IN, HOME), after=_asked_by_link())
    elif request.endpoint == "account.enter" and isinstance(error, TooMany):
        page = replace(page, ways=(BY_MAIL, HOME))  # which is counted apart
    elif status in (409, 422, 429):
        page = replace(page, again=True)
    return _show(page, status)


def forged(_error: CSRFError) -> ResponseReturnValue:
    """The page for a form that came without its browser's token: usually because the session has
    ended meanwhile, or cookies are disabled."""
    view = current_app.view_functions.get(request.endpoint or "")
    if person() is None and getattr(view, "guarded", False) and sessions.current() is None:
        return _show(_signed_out(), 400)
    page = Page(
        _("This form could not be sent"),
        _(
            "Its page had been open for a long time, or this browser keeps no cookies, so we could "
            "not be sure that it came from you. Nothing was changed. Open the page again and send "
            "it once more. If this returns, allow this site’s cookies: they only serve to "
            "recognise you."
        ),
        again=True,
    )
    return _show(page, 400)


def _signed_out() -> Page:
    return Page(
        _("You are no longer signed in"), words(SignedOut()), (SIGN_IN, HOME), after=_its_page()
    )


def _its_page() -> str | None:
    """The page that the form of this request is on, where that has the same address."""
    return own_path(request.path)


def _asked_by_link() -> str | None:
    """Where who signs in is asked what a mailed link asked, if this is one."""
    token = str((request.view_args or {}).get("token", ""))
    try:
        link = Links.of(current_services().settings).read_late_answer(token)
    except NotFound:
        return None
    return url_for("answer.show", number=link.touch)


def of_database(error: DBAPIError) -> ResponseReturnValue:
    """The page for what could not be saved because the disk is full, or the database takes no
    writes: what only reads goes on. Any other error of a database is a bug."""
    if not cannot_be_written(error):
        raise error
    structlog.get_logger("web").error("not-writable", exc_info=error)
    page = Page(
        _("Nothing can be saved at the moment"),
        _(
            "What you just sent was not saved; what was saved before is safe, and everything can "
            "still be read. Wait a while, then open the page again and send it once more."
        ),
        again=True,
    )
    return *_show(page, 503), {"Retry-After": "300"}


def of_http(error: HTTPException) -> ResponseReturnValue:
    """The page for an HTTP error raised by Flask or Werkzeug."""
    if error.code is None or error.code < 400:
        return error
    page = _pages().get(error.code) or _pages()[400 if error.code < 500 else 500]
    return *_show(page, error.code), [
        header for header in error.get_headers() if header[0] == "Allow"
    ]


def of_bug(error: HTTPException) -> ResponseReturnValue:
    """The page for a bug of ours. Uses nothing that could fail again: no account, no database."""
    structlog.get_logger("web").error(
        "bug", exc_info=getattr(error, "original_exception", None) or error
    )
    g.person = None
    return _show(_pages()[500], 500)


def _show(page: Page, status: int) -> tuple[str, int]:
    """Renders the page, with what its reader wrote and could not be kept."""
    shown = render_template(
        "error.html",
        page=page,
        status=status,
        back=_its_page() if page.again and request.method == "POST" else None,
        unkept=unkept.own_words(),
        held=unkept.hold(),
    )
    return shown, status


def _pages() -> dict[int, Page]:
    return {
        400: Page(
            _("This request could not be read"),
            _(
                "Something in the address or the form is malformed. Go back and try again, or "
                "start from the home page."
            ),
            again=True,
        ),
        403: Page(
            _("This is not open to you"),
            _("If you think it should be, ask the person who runs your course."),
        ),
        404: Page(
            _("This page is not here"),
            _("The address may be misspelt, or the page may have gone. Start from the home page."),
        ),
        405: Page(
            _("This address does not work that way"),
            _("It was probably opened outside its form. Start from the home page."),
        ),
        413: _too_large()
        or Page(
            _("What you wrote is too long"),
            _("It is longer than we can keep, and nothing was saved. Send it again, shorter."),
            again=True,
        ),
        429: Page(
            _("A little patience"),
            _("Many requests came from here in a short time. Wait a few minutes, then try again."),
            again=True,
        ),
        500: Page(
            _("Something broke on our side"),
            _(
                "You did nothing wrong, and what was already saved is safe. Try again in a "
                "few minutes."
            ),
            again=True,
        ),
    }


def _too_large() -> Page | None:
    """The page for a file of more bytes than its address takes; None where no file is taken."""
    most = most_bytes()
    if most <= MAX_BYTES:
        return None
    return Page(
        _("This file is too large"),
        _(
            "At most %(most)s MB are taken here, and nothing was kept. Go back and bring a smaller "
            "one: save the table alone, or make the archive of the course without its files.",
            most=most // 1_000_000,
        ),
    )
