"""Large made-up courses for the bench of slotting: subjects with their own words, weeks, dates,
prerequisites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from engine.curriculum.outline import Audience, Outline, Section
from engine.slotting.values import Candidate, Limits

STARTS = date(2027, 1, 11)
A_WEEK = 4
"""Sections a week."""
SYLLABLES = ("ba", "co", "di", "fe", "gu", "la", "mar", "ni", "po", "ru", "sa", "te", "vi", "zon")
KINDS = ("scenario", "dilemma", "case", "sorting", "dialogue")
AIMS = ("balance", "hybridise", "lead", "co-construct")


@dataclass(frozen=True)
class Course:
    """What ``place`` is asked."""

    outline: Outline
    modules: tuple[Candidate, ...]
    limits: Limits


@dataclass(frozen=True)
class Subject:
    """What sections and modules speak of: its words and its tags."""

    words: tuple[str, ...]
    tags: tuple[str, ...]


def course(sections: int, modules: int, seed: int = 1) -> Course:
    """A course of so many sections, four a week, and so many modules, most of which suit it. The
    same seed gives the same."""
    random = Random(seed)
    subjects = [_subject(random) for _ in range(max(6, sections // 10))]
    common = _words(random, 150)
    audience = Audience("fr", group_size=18, mode="online", maturity=2)
    outline = Outline(
        "cours",
        "Cours",
        "fr",
        audience,
        tuple(_section(random, n, subjects, common) for n in range(sections)),
        starts_on=STARTS,
    )
    made = tuple(_module(random, n, subjects, common) for n in range(modules))
    return Course(outline, made, Limits(weekly_minutes=15))


def _subject(random: Random) -> Subject:
    words = _words(random, 40)
    return Subject(words, words[:5])


def _words(random: Random, count: int) -> tuple[str, ...]:
    return tuple("".join(random.choices(SYLLABLES, k=3)) for _ in range(count))


def _text(random: Random, about: list[Subject], common: tuple[str, ...], length: int) -> str:
    return " ".join(
        random.choice(common)
        if random.random() < 0.6
        else random.choice(random.choice(about).words)
        for _ in range(length)
    )


def _section(
    random: Random, number: int, subjects: list[Subject], common: tuple[str, ...]
) -> Section:
    about = [random.choice(subjects), random.choice(subjects)]
    week = number // A_WEEK + 1
    day = STARTS + timedelta(days=7 * (week - 1) + number % A_WEEK)
    dated = random.random() < 0.3
    return Section(
        f"s{number:03}",
        _text(random, about, common, 5),
        _text(random, about, common, random.randint(40, 80)),
        week=None if dated else week,
        starts=day if dated else None,
        ends=day if dated else None,
        minutes=random.choice((0, 7, 45, 60, 90)),
        tags=tuple(tag for one in about for tag in random.sample(one.tags, 2)),
    )


def _module(
    random: Random, number: int, subjects: list[Subject], common: tuple[str, ...]
) -> Candidate:
    about = random.sample(subjects, random.choice((1, 1, 2)))
    after = (f"p/m{random.randrange(number):03}",) if number and random.random() < 0.2 else ()
    return Candidate(
        key=f"p/m{number:03}",
        kind=random.choices(KINDS, (5, 3, 2, 1, 1))[0],
        minutes=random.choice((4, 5, 6, 7, 8, 8, 9, 10, 12)),
        group_size=random.choice(((1, 1), (1, 1), (1, 1), (4, 12), (20, 40))),
        mode=random.choice(("online", "online", "either")),
        maturity=random.choice(((1, 3), (1, 2), (1, 4), (2, 4), (2, 2), (3, 4))),
        after=after,
        tags=tuple(tag for one in about for tag in random.sample(one.tags, 2)),
        aims=tuple(random.sample(AIMS, random.choice((0, 1, 1, 2)))),
        languages=("fr", "en"),
        text=_text(random, about, common, random.randint(20, 40)),
    )
