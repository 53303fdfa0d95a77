"""What the heading of a column means, as teachers write it in French or English. What the cells
below hold has the last word: see ``columns.py``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.curriculum.durations import Unit
from engine.curriculum.vocabulary import (
    CLOCKS,
    CODES,
    FIELDS,
    HEADS_AT,
    HOURS,
    MINUTES,
    NAMES,
    NUMBERS,
    OTHERS,
    SMALL,
    TELLING,
    WEAK_TITLES,
    Field,
)
from engine.values.folding import fold
from engine.values.languages import LANGUAGES, Lang

LONGEST = 400
"""More characters are no heading."""


@dataclass(frozen=True)
class Meaning:
    """What a heading may mean. ``rank``: 0 as people head it first of all, 1 with other words
    beside it, 2 where nothing better is there."""

    field: Field
    rank: int
    languages: tuple[Lang, ...]


def meanings(heading: str) -> tuple[Meaning, ...]:
    """What a heading may mean, the likeliest first; none if nothing is known of it."""
    return _meanings(heading) if len(heading) <= LONGEST else ()


@lru_cache(maxsize=4096)
def _meanings(heading: str) -> tuple[Meaning, ...]:
    inside = {fold(one) for one in re.findall(r"\(([^)]*)\)", heading)}
    said = fold(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", heading))
    if inside & CODES:
        return ()
    if not said and heading.strip() in ("#", "N°", "n°", "№"):
        return (Meaning("number", 0, ()),)
    if not said or len(said) > 60:
        return ()
    found = [*_exact(said), *_beside(said), *_weak(said)]
    unlike = {one.field: one for one in reversed(found)}
    return tuple(sorted(unlike.values(), key=lambda one: one.rank))


def _exact(said: str) -> Iterable[Meaning]:
    for field in FIELDS:
        forms = {said, _singular(said)}
        spoken: tuple[Lang, ...] = tuple(
            lang for lang in NAMES if field and forms & NAMES[lang][field]
        )
        if spoken:
            yield Meaning(field, 0, spoken)


def _beside(said: str) -> Iterable[Meaning]:
    """By the one word that tells, among words that say of what: « Intitulé de la séance »."""
    words = [re.sub(r"\d+$", "", word) for word in said.split()]
    if OTHERS & set(words) or len(words) > 6:
        return
    if words[0] in NUMBERS and set(words[1:]) <= SMALL:
        yield Meaning("number", 0, ())
        return
    telling = [word for word in words if word and word not in SMALL]
    if not telling or (len(telling) == 1 and words == telling and said == telling[0]):
        return
    rank = 1 if len(telling) == 1 else 2
    at_end = bool(set(telling) & {"fin", "end"})
    if at_end and set(telling) & {"date", "jour", "day"}:
        yield Meaning("ends", 1, ())
    for field in TELLING:
        for lang, one in ((lang, telling[at]) for lang, ats in HEADS_AT.items() for at in ats):
            if {one, _singular(one)} & NAMES[lang][field] and not (at_end and field == "starts"):
                yield Meaning(field, rank, (lang,))
                break


def _weak(said: str) -> Iterable[Meaning]:
    words = said.split()
    if OTHERS & set(words):
        return
    heads = {lang: words[ats[0]] for lang, ats in HEADS_AT.items()}
    spoken: tuple[Lang, ...] = tuple(
        lang
        for lang, known in WEAK_TITLES.items()
        if {said, _singular(said), heads[lang], _singular(heads[lang])} & known
    )
    if spoken:
        yield Meaning("title", 2, spoken)


def unit_of(heading: str) -> Unit:
    """The unit of bare numbers below this heading, where it says one."""
    words = set(fold(heading).split())
    return "min" if words & MINUTES else "h" if words & HOURS else ""


def says_hours_of_day(heading: str) -> bool:
    """Whether a heading asks when rather than how long: « Horaire », “Time”."""
    words = set(fold(heading).split())
    return bool(words & CLOCKS) and not words & {"duree", "duration", "nombre", "nb", "volume"}


def is_of_others(heading: str) -> bool:
    """Whether a heading is of something else than the sections: the day of a homework, a link."""
    return bool(OTHERS & {re.sub(r"\d+$", "", word) for word in fold(heading).split()})


def spoken(headings: Iterable[str]) -> Lang | None:
    """The language of most headings; None if that is undecided."""
    votes = [
        one.languages[0]
        for heading in headings
        for one in meanings(heading)[:1]
        if len(one.languages) == 1
    ]
    return most({lang: votes.count(lang) for lang in LANGUAGES})


def most(votes: Mapping[Lang, int]) -> Lang | None:
    """The language with most votes; None if two have as many."""
    ranked = sorted(votes, key=lambda lang: -votes[lang])
    return ranked[0] if votes[ranked[0]] > votes[ranked[1]] else None


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") else word
