"""Composes mails: a touch as a complete message, and the short mails of accounts; text and HTML, in
the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import Row

from engine.debrief.values import EarlierAnswer, Question
from engine.delivery.announcing import items_of
from engine.delivery.message import Message, id_of, message_id
from engine.forms.base import Option
from engine.journey.course_words import Word, words_of
from engine.journey.reasons import LearnerUnknown
from engine.journey.showing import AskedPrompt, ShownTouch, TouchView, touch_view
from engine.spacing.until import last_day
from engine.storage.claims import DeliveryKey
from engine.storage.queries import announcements, journeys
from engine.storage.queries.running import rows
from engine.storage.work import Work
from engine.values.errors import NotFound
from engine.values.lines import one_line
from engine.values.reasons import Reason
from web.mails.announced import Reader, Told, told
from web.settings import Settings
from web.site.links import AnswerLink, Links
from web.words import i18n, markdown
from web.words.reasons import words

GENERATED = {"Auto-Submitted": "auto-generated"}
"""RFC 3834: keeps holiday replies and the like from being sent."""
NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Addressed:
    """To whom a touch is written, in which language and time zone, as whom (``sender``), who reads
    replies (``reply_to``, "" for whoever gets the sender's mail), what is announced ``beside`` it,
    which ``course_words`` go with it, and where its links lead: ``answer`` to its questions,
    ``stop`` to the end of the mails, ``quiet`` to the end of announcements."""

    to: str
    language: str
    zone: str
    answer: str
    stop: str
    message_id: str = ""
    about: tuple[str, ...] = ()
    sender: str = ""
    beside: tuple[str, ...] = ()
    quiet: str = ""
    course_words: tuple[Word, ...] = ()
    reply_to: str = ""


@dataclass(frozen=True)
class Letters:
    """Composes the mails of one installation."""

    settings: Settings

    @property
    def links(self) -> Links:
        """Builds links to this installation."""
        return Links.of(self.settings)

    def touch(self, work: Work, key: DeliveryKey, to: str) -> Message:
        """The mail of a touch: its first question in full, the moment it is about, and how
        to answer."""
        learner_id, wall = key.learner, work.wall
        found = rows(work.session, journeys.WRITTEN_TO, learner=learner_id)
        if not found:
            raise NotFound(LearnerUnknown())
        [person] = found
        language = person.language
        link = AnswerLink(key.tenant, learner_id, key.touch, person.link_epoch)
        view = touch_view(work, learner_id, key.touch, language)
        news = _beside(work, learner_id, person, view.touch)
        return self.of_view(
            view,
            Addressed(
                to,
                language,
                person.zone,
                self.links.answer(link, wall),
                self.links.unsubscribe(key.tenant, learner_id, wall),
                message_id(self.settings.secret_key, key, self._domain),
                (learner_id, *dict.fromkeys(asked.enrolment for asked in view.asked)),
                person.sender,
                tuple(one.sentence for one in news),
                self.links.no_announcements(key.tenant, learner_id, wall) if news else "",
                words_of(work, learner_id, key.touch),
                person.contact or "",
            ),
        )

    def of_view(self, view: TouchView, whom: Addressed) -> Message:
        """The mail of a touch in words. A touch that nobody was sent, shown to whoever runs a
        course, is written by the same lines."""
        touch, language = view.touch, whom.language
        first = view.left[0] if view.left else None
        minutes = i18n.in_minutes(view.minutes_left or touch.minutes, language)
        last = last_day(touch.expires_at, ZoneInfo(whom.zone))
        return _message(
            "touch",
            language,
            sender=whom.sender,
            to=whom.to,
            subject=_subject(first, minutes, language),
            message_id=whom.message_id,
            headers={
                **GENERATED,
                "List-Unsubscribe": f"<{whom.stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                **({"Reply-To": whom.reply_to} if whom.reply_to else {}),
            },
            about=whom.about,
            values={
                "view": view,
                "first": first,
                "minutes": minutes,
                "until": i18n.day(last, language),
                "earlier": _earlier(first.question, language) if first else None,
                "invitation": _invitation(first.question, language) if first else None,
                "options": _options(first.question, language) if first else (),
                "why": _why(view, first, language, whom.zone),
                "course_words": whom.course_words,
                "answer": whom.answer,
                "settings": self.links.settings_page(),
                "stop": whom.stop,
                "beside": whom.beside,
                "home": self.links.home_page(),
                "quiet": whom.quiet,
            },
        )

    def plain(
        self,
        to: str,
        language: str,
        subject: str,
        paragraphs: Sequence[str],
        button: tuple[str, str],
        *,
        key: Sequence[str],
        about: Sequence[str],
        sender: str = "",
        headers: Mapping[str, str] = NO_HEADERS,
        small: Sequence[tuple[str, str]] = (),
    ) -> Message:
        """A short mail about these accounts (ids): paragraphs without markup, one button (its
        words, its address), and ``small`` links beneath. ``key`` names the mail: one that is sent
        again has the same. ``sender``: as whom it is sent; ``headers``: more of them."""
        return _message(
            "plain",
            language,
            to=to,
            subject=subject,
            message_id=id_of(self.settings.secret_key, key, self._domain),
            headers={**GENERATED, **headers},
            about=tuple(about),
            sender=sender,
            values={"paragraphs": paragraphs, "button": button, "small_links": small},
        )

    def monday(
        self,
        to: str,
        language: str,
        subject: str,
        told: Mapping[str, Any],
        stop: str,
        *,
        key: Sequence[str],
        about: Sequence[str],
    ) -> Message:
        """The mail that tells somebody of a course on Monday; ``stop`` is the address where no more
        of them are asked for."""
        return _message(
            "monday",
            language,
            to=to,
            subject=subject,
            message_id=id_of(self.settings.secret_key, key, self._domain),
            headers={
                **GENERATED,
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
            about=tuple(about),
            values={**told, "stop": stop},
        )

    @property
    def _domain(self) -> str:
        return _domain_of(self.settings.mail_from)


@lru_cache(maxsize=4)
def _domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


def _beside(work: Work, learner_id: str, person: Row[Any], touch: ShownTouch) -> tuple[Told, ...]:
    """What the mail of a touch tells as well. Nothing is looked up for who was never told."""
    if person.announced_on is None:
        return ()
    its = {"learner": learner_id, "day": person.announced_on, "touch": touch.number}
    found = rows(work.session, announcements.BESIDE, **its)
    reader = Reader(learner_id, person.language, person.zone)
    return told(work, reader, items_of(found[0].items)) if found else ()


def _subject(first: AskedPrompt | None, minutes: str, language: str) -> str:
    """The experience's cover title and the time it takes: never its real subject."""
    if first is None:
        return str(i18n.catalogue(language).ugettext("Keep this rhythm, or slow down?"))
    return f"{first.cover} · {minutes}"


def _why(view: TouchView, first: AskedPrompt | None, language: str, zone: str) -> list[str]:
    reasons = (*view.reasons, *(first.reasons if first else ()))
    return [words(reason, language=language, zone=zone) for reason in reasons]


def _options(question: Question, language: str) -> Sequence[tuple[str, str]]:
    """The answers that one tap can give: (query that selects it on the answer page, its words).
    Empty for questions that need more."""
    return [
        (f"{field}={option.id}", _in_words(_label(question, option), language))
        for field, option in question.form.taps()
    ]


def _label(question: Question, option: Option) -> str | Reason:
    return question.said[option.label] if isinstance(option.label, str) else option.label


def _invitation(question: Question, language: str) -> str | None:
    """The introduction to the taps, as Markdown."""
    if not question.form.taps():
        return None
    reason = question.form.fields[0].invitation(question.said.__getitem__)
    return _in_words(reason, language) if reason else None


def _earlier(question: Question, language: str) -> EarlierAnswer | None:
    """The answer that the question returns to, in words."""
    earlier = question.earlier
    return earlier and replace(earlier, words=_in_words(earlier.words, language))


def _in_words(said: str | Reason, language: str) -> str:
    return said if isinstance(said, str) else words(said, language=language, zone="UTC")


def _message(
    template: str,
    language: str,
    *,
    to: str,
    subject: str,
    message_id: str,
    headers: Mapping[str, str],
    about: tuple[str, ...],
    values: Mapping[str, Any],
    sender: str = "",
) -> Message:
    subject = one_line(subject)
    text, html = (
        _templates(language)
        .get_template(f"mail/{template}.{kind}")
        .render(subject=subject, **values)
        for kind in ("txt", "html")
    )
    return Message(to, subject, text, html, message_id, headers, about, one_line(sender))


@lru_cache
def _templates(language: str) -> Environment:
    """The template environment of mails in one language, since mails are composed outside any
    request."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html",)),
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = i18n.catalogue(language)
    put_in: Any = vars(made)[
        "install_gettext_callables"
    ]  # the extension adds it to the environment
    put_in(catalogue.ugettext, catalogue.ungettext, newstyle=True)
    made.globals |= {"language": language}
    made.filters |= {
        "plain": markdown.plain,
        "markdown": markdown.render,
        "inline": markdown.inline,
        "quoted": _quoted,
    }
    return made


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in markdown.plain(text).split("\n"))
