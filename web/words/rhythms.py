"""A rhythm in one sentence, for who is about to accept it."""

from __future__ import annotations

from babel.lists import format_list
from flask_babel import get_locale, gettext, ngettext

from engine.spacing.values import Rhythm
from web.words import i18n

WEEKEND = frozenset({6, 7})


def in_words(rhythm: Rhythm) -> str:
    """When questions come, and when never."""
    when: str = ngettext(
        "Questions come around %(hour)s, once a day at most.",
        "Questions come around %(hour)s, at least %(num)s days apart.",
        rhythm.gap_days,
        hour=i18n.as_hour(f"{rhythm.hour:%H:%M}"),
    )
    off = _off(rhythm)
    if not off:
        return when
    days = format_list(off, locale=get_locale())
    return " ".join((when, gettext("Never on: %(days)s.", days=days)))


def _off(rhythm: Rhythm) -> list[str]:
    """The days on which no question comes."""
    names = get_locale().days["stand-alone"]["wide"]
    found = [gettext("weekends")] if rhythm.days_off >= WEEKEND else []
    left = rhythm.days_off - WEEKEND if found else rhythm.days_off
    found += [names[day - 1] for day in sorted(left)]
    return found + ([gettext("public holidays")] if rhythm.country else [])
