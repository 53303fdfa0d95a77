"""The message catalogues, read directly from their ``.po`` files, and the formats of dates, times
and minutes in each language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from io import BytesIO

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations
from babel.units import format_unit
from flask_babel import get_locale

from engine.values.languages import Lang
from web.words.messages import TRANSLATIONS

KEPT = 1024
"""How many of each kind of figures and days are kept in words: composing them costs more than
most of a mail does."""
OWN_NAMES: Mapping[Lang, str] = {"fr": "Français", "en": "English"}


@lru_cache
def catalogue(language: str) -> Translations:
    """The catalogue of a language. English is the language of the code, so it has no file."""
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return Translations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled, "messages")


def as_written(pattern: str, when: date, language: str) -> str:
    """A date pattern (CLDR) adapted to how the language writes that day: « 1er décembre, 8 h 40
    »."""
    if language != "fr":
        return pattern
    pattern = pattern.replace("HH:mm", "H'\u202fh\u202f'mm")
    return pattern.replace("d MMMM", "d'er' MMMM") if when.day == 1 else pattern


def as_hour(hour: str, language: str | None = None) -> str:
    """A time given as ``HH:MM`` in a language's format: « 8 h 40 » in French, 08:40 in English."""
    if (language or str(get_locale())) != "fr":
        return hour
    hours, minutes = hour.split(":")
    return f"{int(hours)}\u202fh\u202f{minutes}"


def in_minutes(minutes: float, language: str | None = None) -> str:
    """A duration in words: « 1,5 minute », « 30 secondes », in ``language`` or that of the
    request."""
    return _in_minutes(minutes, language or str(get_locale() or "en"))


@lru_cache(maxsize=KEPT, typed=True)
def _in_minutes(minutes: float, language: str) -> str:
    if 0 < minutes < 1:
        return str(format_unit(round(minutes * 60), "duration-second", "long", locale=language))
    return str(format_unit(round(minutes, 1), "duration-minute", "long", locale=language))


@lru_cache(maxsize=KEPT, typed=True)
def number(value: float, language: str) -> str:
    """A number with one decimal at most, as the language writes it."""
    return str(format_decimal(round(value, 1), locale=language))


@lru_cache(maxsize=KEPT, typed=True)
def day(when: date, language: str) -> str:
    """A day without its year: « mardi 1er décembre »."""
    pattern = as_written("EEEE d MMMM", when, language)
    return str(format_date(when, pattern, locale=language))
