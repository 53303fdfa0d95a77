"""Reasons in words: one sentence a code, in the reader's language, for pages, mails and commands
alike. Values are said as their kind declares them (``engine.values.reasons``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, get_args, get_origin
from zoneinfo import ZoneInfo

import structlog
from babel.lists import format_list
from babel.numbers import format_percent
from flask import has_app_context
from flask_babel import get_locale, get_timezone

from engine.values.reasons import Reason, Said, UnknownReason, Vocabulary, marks, types_of
from web.words import i18n
from web.words.sentences import PIN, QUOTED, SENTENCES, TERMS, Plural, Sentence

_HOLE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class _Wording:
    """Says values in one language and zone; ``names`` puts titles in the place of ids."""

    language: str
    zone: str
    names: Mapping[str, str]

    def reason(self, reason: Reason) -> str:
        if isinstance(reason, UnknownReason):
            structlog.get_logger("words").error("no-words", reason=str(reason))
        declared = types_of(type(reason))
        sentence = _fitting(reason)
        said = {name: self.value(declared[name], getattr(reason, name)) for name in holes(sentence)}
        by = getattr(reason, sentence.by) if isinstance(sentence, Plural) else 0
        return self.sentence(sentence, said, by)

    def sentence(self, sentence: Sentence, said: Mapping[str, str], by: int = 0) -> str:
        catalogue = i18n.catalogue(self.language)
        if isinstance(sentence, Plural):
            return str(catalogue.ungettext(sentence.one, sentence.many, by)) % said
        return str(catalogue.ugettext(sentence)) % said

    def value(self, declared: Any, value: Any) -> str:
        """A value as its type is said, ``str`` as it is."""
        for mark in marks(declared):
            if isinstance(mark, Vocabulary):
                return self.term(mark, value)
            if mark is Said.TITLE:
                return self.names.get(value, value)
            if mark is Said.SHARE:
                return format_percent(value, locale=self.language)
            if mark is Said.PIN:
                module, section = (self.names.get(name, name) for name in value)
                return self.sentence(PIN, {"module": module, "section": section})
        if isinstance(value, tuple):
            return self.several([self.value(_each(declared), one) for one in value], value)
        return self.plain(value)

    def plain(self, value: Any) -> str:
        if isinstance(value, Reason):
            return self.reason(value)
        if isinstance(value, datetime):
            return i18n.day(value.astimezone(ZoneInfo(self.zone)).date(), self.language)
        if isinstance(value, date):
            return i18n.day(value, self.language)
        if isinstance(value, time):
            return i18n.as_hour(f"{value:%H:%M}", self.language)
        if isinstance(value, int | float):
            return i18n.number(value, self.language)
        return str(value)

    def term(self, vocabulary: Vocabulary, value: str) -> str:
        """The word of an id; one that has none is said as it is."""
        word = TERMS[vocabulary.name].get(value)
        return self.sentence(word, {}) if word else value

    def several(self, said: list[str], values: tuple[Any, ...]) -> str:
        """Sentences follow each other; phrases of several words keep apart by quotation marks,
        which pins have already."""
        if any(isinstance(one, Reason) for one in values):
            return " ".join(said)
        if not any(isinstance(one, tuple) for one in values) and any(
            " " in phrase for phrase in said
        ):
            said = [self.sentence(QUOTED, {"phrase": phrase}) for phrase in said]
        return format_list(said, locale=self.language)


def words(
    reason: Reason,
    *,
    language: str | None = None,
    zone: str | None = None,
    names: Mapping[str, str] | None = None,
) -> str:
    """The sentence of a reason. ``language`` and ``zone`` are the request's when None; ``names``
    gives titles for ids.

    A reason that an older version stored and this one does not know is said in general terms, and
    logged.
    """
    locale = _Wording(
        language or str(get_locale() or "en"),
        zone or (str(get_timezone()) if has_app_context() else "UTC"),
        names or {},
    )
    return locale.reason(reason)


def holes(sentence: Sentence) -> frozenset[str]:
    """The names of the values that a sentence says."""
    text = sentence.one + sentence.many if isinstance(sentence, Plural) else sentence
    return frozenset(_HOLE.findall(text))


def _fitting(reason: Reason) -> Sentence:
    """The first sentence of that code whose holes can all be filled."""
    *first, last = SENTENCES[reason.code]
    there = (s for s in first if all(getattr(reason, hole) not in (None, "") for hole in holes(s)))
    return next(there, last)


def _each(declared: Any) -> Any:
    """The declared type of what a tuple holds."""
    if get_origin(declared) is Annotated:
        return _each(get_args(declared)[0])
    return get_args(declared)[0]
