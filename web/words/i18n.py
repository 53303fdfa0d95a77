"""The catalogues, read straight from their ``.po`` files, and how a language writes days, hours
and minutes."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from babel.units import format_unit
from flask_babel import get_locale

LANGUAGES = ("fr", "en")
TRANSLATIONS = Path(__file__).parent / "translations"
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


def in_minutes(minutes: float, language: str | None = None) -> str:
    """« 1,5 minute », « 30 secondes »: as the reader of the request says it, or in ``language``."""
    locale = language or get_locale()
    if 0 < minutes < 1:
        return str(format_unit(round(minutes * 60), "duration-second", "long", locale=locale))
    return str(format_unit(round(minutes, 1), "duration-minute", "long", locale=locale))
