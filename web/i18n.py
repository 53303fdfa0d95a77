"""Languages of the pages: the catalogues, read straight from their ``.po`` files, and whose language a request is served in."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from babel.units import format_unit
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, format_date, format_datetime, get_locale, refresh, to_user_timezone

from web.context import person, services
from web.settings import LANGUAGES

TRANSLATIONS = Path(__file__).parent / "translations"
COOKIE = "lang"
OWN_NAMES = {"fr": "Français", "en": "English"}


@lru_cache
def catalogue(language: str) -> Translations:
    """The words of a language. English is what the code is written in, so it has no file."""
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return Translations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled, "messages")


def init(app: Flask) -> None:
    """Serve each request in its reader's language and time zone."""
    babel = Babel(app, default_locale="en", locale_selector=language, timezone_selector=zone)
    with app.app_context():
        # Handing over the catalogues spares compiled .mo files, which could be missing or stale.
        for code in LANGUAGES:
            babel.domain_instance.cache[code, "messages"] = catalogue(code)
    app.add_template_filter(_moment, "datetimeformat")
    app.add_template_filter(_day, "dateformat")
    app.add_template_filter(as_hour, "hour")


def read_by(language: str, zone: str) -> None:
    """Serve this request in that language and zone: a mailed link is read by whom it was sent to, signed in or not. A language
    that this browser was asked for on one of our pages comes first."""
    chosen = request.cookies.get(COOKIE)
    g.read_by = chosen if chosen in LANGUAGES else language, zone
    refresh()


def language() -> str:
    """Whom a mailed link was sent to, then account, then cookie, then browser, then setting."""
    if not has_request_context():
        return services().settings.language
    if "read_by" in g:
        return str(g.read_by[0])
    reader = person()
    wished = reader.language if reader else request.cookies.get(COOKIE)
    if wished in LANGUAGES:
        return wished
    return request.accept_languages.best_match(LANGUAGES) or services().settings.language


def zone() -> str:
    """The learner's own zone, else that of the installation."""
    if has_request_context() and "read_by" in g:
        return str(g.read_by[1])
    reader = person() if has_request_context() else None
    return (reader and reader.zone) or services().settings.time_zone


def as_written(pattern: str, when: date, language: str) -> str:
    """The pattern of a date (CLDR) as its language writes that day: « 1er décembre, 8 h 40 »."""
    if language != "fr":
        return pattern
    pattern = pattern.replace("HH:mm", "H'\u202fh\u202f'mm")
    return pattern.replace("d MMMM", "d'er' MMMM") if when.day == 1 else pattern


def as_hour(hour: str, language: str | None = None) -> str:
    """« 8 h 40 » in French, 08:40 in English, of ``HH:MM``."""
    if (language or str(get_locale())) != "fr":
        return hour
    hours, minutes = hour.split(":")
    return f"{int(hours)}\u202fh\u202f{minutes}"


def _moment(when: datetime, pattern: str) -> str:
    return str(format_datetime(when, as_written(pattern, to_user_timezone(when), str(get_locale()))))


def _day(when: date, pattern: str) -> str:
    local = to_user_timezone(when) if isinstance(when, datetime) else when
    return str(format_date(when, as_written(pattern, local, str(get_locale()))))


def in_minutes(minutes: float, language: str | None = None) -> str:
    """« 1,5 minute », « 30 secondes »: as the reader of the request says it, or in ``language``."""
    locale = language or get_locale()
    if 0 < minutes < 1:
        return str(format_unit(round(minutes * 60), "duration-second", "long", locale=locale))
    return str(format_unit(round(minutes, 1), "duration-minute", "long", locale=locale))
