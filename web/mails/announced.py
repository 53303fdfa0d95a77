"""What learners are told beside questions, in words: for a mail of its own, and for that of a touch
of the same day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from engine.journey.touches import touch_of
from engine.packs.activities.mission import Mission
from engine.spacing.announcing import Item
from engine.spacing.days import zone_of
from engine.spacing.until import last_day
from engine.storage.queries import announcements, courses
from engine.storage.queries.running import rows
from engine.storage.work import Work
from engine.values.lines import one_line
from web.words import i18n


@dataclass(frozen=True)
class Told:
    """One thing that a learner is told: the subject of a mail about nothing else, and a sentence.
    ``touch`` is the number of the touch that it calls to mind, None if it is about an
    experience."""

    subject: str
    sentence: str
    touch: int | None = None


@dataclass(frozen=True)
class Reader:
    """Who is told, in which language and time zone."""

    learner: str
    language: str
    zone: str


def told(work: Work, reader: Reader, items: Iterable[Item]) -> tuple[Told, ...]:
    """Each item in words; one whose experience is placed there no more is left out, unless it goes
    on."""
    items = tuple(items)
    found = [
        *_experiences(work, reader, [item for item in items if item.kind != "reminder"]),
        *(_reminder(work, reader, item) for item in items if item.kind == "reminder"),
    ]
    return tuple(found)


def _experiences(work: Work, reader: Reader, items: list[Item]) -> Iterator[Told]:
    if not items:
        return
    titles = {
        row.id: row.title for row in rows(work.session, announcements.COURSES, **_its(reader))
    }
    placed = {
        f"{row.course}/{row.section}": row
        for row in rows(work.session, courses.PLACED_FOR_LEARNER, **_its(reader))
    }
    begun = rows(work.session, announcements.UNDER_WAY, **_its(reader))
    _ = i18n.catalogue(reader.language).ugettext
    for item in items:
        of_step = item.kind in ("table", "mission")
        row = _goes_on(work, begun, item) if of_step else placed.get(item.subject)
        if row is None or row.course not in titles:
            continue
        module = work.library.module(row.pack, row.version, row.module)
        about = {
            "title": one_line(module.text("cover.title", reader.language)),
            "course": one_line(titles[row.course]),
            "minutes": i18n.in_minutes(module.spec.minutes, reader.language),
        }
        if item.kind == "mission":
            subject = _("“%(title)s”: your day has come") % about
            said = _(
                "In your course “%(course)s”, the day has come for your mission in “%(title)s”. "
                "What to ask is written there; afterwards, come back and tell."
            )
            yield Told(subject, said % about)
            continue
        if item.kind == "table":
            subject = _("“%(title)s”: your table waits for you") % about
            said = _("In your course “%(course)s”, the table of “%(title)s” waits for your seat.")
            yield Told(subject, said % about)
            continue
        sentence = (
            _("In your course “%(course)s”, “%(title)s” is open: %(minutes)s, whenever you like.")
            if item.kind == "opened"
            else _(
                "In your course “%(course)s”, “%(title)s” is still there for you: %(minutes)s, "
                "whenever you like."
            )
        )
        yield Told("{title} · {minutes}".format(**about), sentence % about)


def _goes_on(work: Work, begun: Iterable[Row[Any]], item: Item) -> Row[Any] | None:
    """What the learner has begun and a step of which the item is about, whatever is placed in its
    section by now."""
    place, _slash, _step = item.subject.rpartition("/")
    for row in begun:
        activity = work.library.module(row.pack, row.version, row.module).spec.activity
        found = isinstance(activity, Mission) if item.kind == "mission" else bool(activity.seats)
        if found and place == f"{row.course}/{row.section}":
            return row
    return None


def _reminder(work: Work, reader: Reader, item: Item) -> Told:
    touch = touch_of(work.session, reader.learner, int(item.subject))
    last = last_day(touch.expires_at, zone_of(reader.zone))
    _ = i18n.catalogue(reader.language).ugettext
    about = {
        "day": i18n.day(last, reader.language),
        "minutes": i18n.in_minutes(touch.minutes, reader.language),
    }
    return Told(
        _("A question is open until %(day)s") % about,
        _("A question that you got is open until %(day)s: %(minutes)s, if you feel like it.")
        % about,
        touch.number,
    )


def _its(reader: Reader) -> dict[str, str]:
    return {"learner": reader.learner}
