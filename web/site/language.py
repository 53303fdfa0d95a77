"""The language and time zone in which a request is served."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask, g, has_request_context, request
from flask_babel import (
    Babel,
    format_date,
    format_datetime,
    get_locale,
    refresh,
    to_user_timezone,
)

from engine.values.languages import LANGUAGES
from web.site.context import current_services, person
from web.words.i18n import as_hour, as_written, catalogue

COOKIE = "lang"


def init(app: Flask) -> None:
    """Serves each request in its reader's language and time zone."""
    babel = Babel(app, default_locale="en", locale_selector=current, timezone_selector=zone)
    with app.app_context():
        # Passing the catalogues avoids compiled .mo files, which could be missing or stale.
        for code in LANGUAGES:
            babel.domain_instance.cache[code, "messages"] = catalogue(code)
    app.add_template_filter(_moment, "datetimeformat")
    app.add_template_filter(_day, "dateformat")
    app.add_template_filter(as_hour, "hour")


def read_by(language: str, zone: str) -> None:
    """Serves this request in that language and zone: a mailed link is read by the person it was
    sent to, signed in or not. A language chosen in this browser on one of our pages takes
    precedence."""
    chosen = request.cookies.get(COOKIE)
    g.read_by = chosen if chosen in LANGUAGES else language, zone
    refresh()


def current() -> str:
    """The language of the person a mailed link was sent to, else that of the account, the cookie,
    the browser, or the setting, in this order."""
    if not has_request_context():
        return current_services().settings.language
    if "read_by" in g:
        return str(g.read_by[0])
    reader = person()
    wished = reader.language if reader else request.cookies.get(COOKIE)
    if wished in LANGUAGES:
        return wished
    return request.accept_languages.best_match(LANGUAGES) or current_services().settings.language


def zone() -> str:
    """The learner's own time zone, else that of the installation."""
    if has_request_context() and "read_by" in g:
        return str(g.read_by[1])
    reader = person() if has_request_context() else None
    return (reader and reader.zone) or current_services().settings.time_zone


def _moment(when: datetime, pattern: str) -> str:
    return str(
        format_datetime(when, as_written(pattern, to_user_timezone(when), str(get_locale())))
    )


def _day(when: date, pattern: str) -> str:
    local = to_user_timezone(when) if isinstance(when, datetime) else when
    return str(format_date(when, as_written(pattern, local, str(get_locale()))))
