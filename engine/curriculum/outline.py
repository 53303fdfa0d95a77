"""The values of a host course: its outline, its audience, and its sections in order. The importers
are in the modules beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from engine.values.languages import Lang
from engine.values.lines import one_line

Mode = Literal["online", "onsite", "either"]

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Audience:
    """Who takes the course: their language, how many learn together, online or on site, and how
    experienced they are with alliances (1–4). None: nobody said, and every experience suits."""

    language: Lang
    group_size: int | None = None
    mode: Mode = "either"
    maturity: int | None = None


@dataclass(frozen=True)
class Section:
    """One part of the course; its place in the outline gives its order.

    ``minutes`` is its length, 0 when unknown. ``week`` counts from 1. ``starts`` and ``ends`` are
    both inclusive. The title is one line, whoever wrote it.
    """

    id: str
    title: str
    text: str = ""
    week: int | None = None
    starts: date | None = None
    ends: date | None = None
    minutes: int = 0
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", one_line(self.title))


@dataclass(frozen=True)
class Outline:
    """A host course. ``language`` is the one it is written in; ``audience.language`` is the one its
    people learn in. The title is one line, whoever wrote it."""

    id: str
    title: str
    language: Lang
    audience: Audience
    sections: tuple[Section, ...]
    starts_on: date | None = None
    theme: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", one_line(self.title))

    def weeks(self) -> tuple[int, ...]:
        """The week of each section: the one given, else the week of its date, else the week after
        the previous section."""
        weeks: list[int] = []
        first = self.first_day()
        for section in self.sections:
            if section.week is not None:
                weeks.append(section.week)
            elif section.starts and first:
                weeks.append((section.starts - first) // WEEK + 1)
            else:
                weeks.append(weeks[-1] + 1 if weeks else 1)
        return tuple(weeks)

    def spans(self) -> tuple[tuple[date, date] | None, ...]:
        """First and last day of each section: the dates given, else its whole week; None if the
        course has no dates."""
        first = self.first_day()
        return tuple(
            _span(section, week, first)
            for section, week in zip(self.sections, self.weeks(), strict=True)
        )

    def first_days(self) -> dict[str, date | None]:
        """The day on which each section begins, by its id; None if nothing says when."""
        spans = zip(self.sections, self.spans(), strict=True)
        return {section.id: span[0] if span else None for section, span in spans}

    def section(self, section_id: str) -> Section | None:
        """The section with that id, or None."""
        return next((section for section in self.sections if section.id == section_id), None)

    def first_day(self) -> date | None:
        """The day on which its first week begins; None if nothing says when."""
        return self.starts_on or min((s.starts for s in self.sections if s.starts), default=None)


def _span(section: Section, week: int, first: date | None) -> tuple[date, date] | None:
    if section.starts or section.ends:
        starts, ends = section.starts or section.ends, section.ends or section.starts
        return (starts, ends) if starts and ends else None
    if first is None:
        return None
    monday = first + (week - 1) * WEEK
    return monday, monday + WEEK - timedelta(days=1)
