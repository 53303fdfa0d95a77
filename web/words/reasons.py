"""Reasons in words: one sentence per code, in the reader's language, for pages, mails and commands
alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from flask import current_app, has_app_context
from flask_babel import get_locale, get_timezone

from engine.values.reasons import Reason
from web.words import i18n
from web.words.sentences import PIN, QUOTED, SENTENCES, TERMS, UNKNOWN, Plural, Sentence

_HOLE = re.compile(r"%\((\w+)\)s")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HOUR = re.compile(r"\d\d:\d\d")
_HOURS = {"hour", "opens", "closes"}
_SHARES = {"retrievability"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True)
class _Wording:
    """Formats values in one language and time zone; ``names`` gives titles to show instead of
    ids."""

    language: str
    zone: str
    names: Mapping[str, str]

    def reason(self, reason: Reason) -> str:
        sentence = _fitting(reason)
        if sentence is not None:
            return self.sentence(sentence, reason.params)
        if has_app_context() and current_app.testing:
            raise LookupError(f"no words for {reason}")
        structlog.get_logger("words").error("no-words", code=reason.code)
        return self.sentence(UNKNOWN, {"code": reason.code})

    def sentence(self, sentence: Sentence, params: Mapping[str, Any]) -> str:
        catalogue = i18n.catalogue(self.language)
        said = {name: self.value(name, value) for name, value in params.items()}
        if isinstance(sentence, Plural):
            return str(catalogue.ungettext(sentence.one, sentence.many, params[sentence.by])) % said
        return str(catalogue.ugettext(sentence)) % said

    def value(self, name: str, value: Any) -> str:
        if isinstance(value, Mapping):
            return self.reason(Reason.from_json(value))
        if isinstance(value, int | float):
            return (
                format_percent(value, locale=self.language)
                if name in _SHARES
                else format_decimal(round(value, 1), locale=self.language)
            )
        if isinstance(value, Sequence) and not isinstance(value, str):
            return self.several(name, value)
        return self.text(name, str(value))

    def several(self, name: str, values: Sequence[Any]) -> str:
        """Joins several values: sentences follow one another; pins, and phrases of several words,
        are set in quotation marks."""
        if name == "pins":
            said = [
                self.sentence(PIN, {"module": module, "section": section})
                for module, section in values
            ]
            return format_list(said, locale=self.language)
        said = [self.value(name, value) for value in values]
        if values and isinstance(values[0], Mapping):
            return " ".join(said)
        if any(" " in phrase for phrase in said):
            said = [self.sentence(QUOTED, {"phrase": phrase}) for phrase in said]
        return format_list(said, locale=self.language)

    def text(self, name: str, value: str) -> str:
        with suppress(
            ValueError, OverflowError
        ):  # typed text may look like a date without being one
            if _DAY.fullmatch(value):
                day = date.fromisoformat(value)
                return format_date(
                    day, i18n.as_written("EEEE d MMMM", day, self.language), locale=self.language
                )
            if _MOMENT.match(value):
                moment = datetime.fromisoformat(value).astimezone(ZoneInfo(self.zone))
                return format_date(
                    moment,
                    i18n.as_written("EEEE d MMMM", moment, self.language),
                    locale=self.language,
                )
        if name in _HOURS and _HOUR.fullmatch(value):
            return i18n.as_hour(value, self.language)
        term = TERMS.get(name, {}).get(value)
        return self.sentence(term, {}) if term else self.names.get(value, value)


def words(
    reason: Reason,
    *,
    language: str | None = None,
    zone: str | None = None,
    names: Mapping[str, str] | None = None,
) -> str:
    """The sentence for a reason. ``language`` and ``zone`` default to the request's; ``names``
    gives titles for ids.

    A code without words is a bug: it raises ``LookupError`` in tests; a running installation logs
    it and says so in general terms.
    """
    locale = _Wording(
        language or str(get_locale() or "en"),
        zone or (str(get_timezone()) if has_app_context() else "UTC"),
        names or {},
    )
    return locale.reason(reason)


def _fitting(reason: Reason) -> Sentence | None:
    """The first sentence for that code whose holes can all be filled, or None."""
    for sentence in SENTENCES.get(reason.code, ()):
        holes = _HOLE.findall(
            sentence.one + sentence.many if isinstance(sentence, Plural) else sentence
        )
        if all(reason.params.get(hole) not in (None, "") for hole in holes):
            return sentence
    return None
