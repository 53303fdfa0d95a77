"""Courses and modules for the tests of slotting: a few by hand, any number by hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

from engine.curriculum.outline import Audience, Outline, Section
from engine.slotting.values import Candidate, Limits

AUDIENCE = Audience("fr", group_size=18, mode="online", maturity=2)


def module(
    key: str,
    text: str = "",
    tags: tuple[str, ...] = (),
    minutes: int = 8,
    after: tuple[str, ...] = (),
    aims: tuple[str, ...] = ("hybridise",),
    kind: str = "scenario",
    **other: object,
) -> Candidate:
    """A module that suits ``AUDIENCE`` unless told otherwise."""
    values: dict[str, object] = {
        "group_size": (1, 1),
        "mode": "online",
        "maturity": (1, 3),
        "languages": ("fr", "en"),
    }
    return Candidate(
        key=key,
        text=text,
        tags=tags,
        minutes=minutes,
        after=after,
        aims=aims,
        kind=kind,
        **{**values, **other},
    )


def outline(*sections: Section, audience: Audience = AUDIENCE, **other: object) -> Outline:
    """A French course of these sections."""
    return Outline("cours", "Cours", "fr", audience, sections, **other)


HALLE = module(
    "p/halle", "Boucler le budget de la halle : subventions et marché", ("budget", "financement")
)
EPICERIE = module(
    "p/epicerie",
    "Choisir le mode de gestion d’une épicerie : régie ou association",
    ("gouvernance",),
    kind="dilemma",
    aims=("co-construct",),
)
EQUIPE = module(
    "p/equipe",
    "Une équipe réduite, des compétences, une charge trop lourde",
    ("equipe",),
    aims=("balance",),
)
MODULES = (HALLE, EPICERIE, EQUIPE)

COURSE = outline(
    Section(
        "equipe", "L’équipe", "Les compétences présentes et la charge de chacun.", tags=("Équipe",)
    ),
    Section(
        "argent",
        "L’argent",
        "Le budget d’une halle, ses subventions, son marché.",
        tags=("budget",),
    ),
    Section(
        "gestion",
        "La gestion",
        "Régie ou association, le mode de gestion d’une épicerie.",
        tags=("gouvernance",),
    ),
    Section("bilan", "Le bilan", "Lire les comptes.", tags=("bilan",)),
)


@dataclass(frozen=True)
class Case:
    """One placement problem."""

    outline: Outline
    modules: tuple[Candidate, ...]
    limits: Limits


WORDS = ("budget", "halle", "régie", "équipe", "marché", "bilan", "épicerie", "charge")


def cases(with_pins: bool = True, most: int = 7) -> st.SearchStrategy[Case]:
    """Small problems, of at most so many modules and sections, in which everything is scarce:
    sections, minutes, links, prerequisites; pins that may conflict.

    They come from a seed: drawn value by value, hypothesis would make most of them empty.
    """
    return st.integers(0, 2**32).map(lambda seed: _case(Random(seed), with_pins, most))


def _case(random: Random, with_pins: bool, most: int) -> Case:
    sections = [
        Section(
            f"s{n}",
            "Titre",
            _text(random),
            week=random.choice((None, 1, 2, 3)),
            minutes=random.choice((0, 0, 0, 9)),
            tags=tuple(random.sample(WORDS, random.randint(0, 2))),
        )
        for n in range(random.randint(1, most))
    ]
    modules = [_module(random, n, most) for n in range(random.randint(1, most))]
    pairs = [(m.key, s.id) for m in modules for s in sections]
    pins = (
        random.sample(pairs, min(len(pairs), random.choice((0, 0, 0, 1, 2, 3))))
        if with_pins
        else []
    )
    bans = [m.key for m in modules if random.random() < 0.1]
    limits = Limits(random.choice((8, 12, 18)), frozenset(pins), frozenset(bans))
    return Case(outline(*sections), tuple(modules), limits)


def crowded_weeks() -> st.SearchStrategy[Case]:
    """Eight modules for one week that has minutes for about three: each fits one section, more or
    less, and serves some of the aims."""
    return st.integers(0, 2**32).map(lambda seed: _crowded(Random(seed)))


def _crowded(random: Random) -> Case:
    sections, modules = [], []
    for name in (f"s{n}" for n in range(8)):
        aims = tuple(random.sample(("balance", "hybridise", "lead"), random.randint(0, 2)))
        tags = tuple(f"{name} {n}" for n in range(random.randint(1, 4)))
        minutes = random.randint(5, 12)
        sections.append(Section(name, "Titre", week=1, tags=tags))
        modules.append(module(f"p/{name}", "", tags, minutes, aims=aims, kind=name))
    return Case(outline(*sections), tuple(modules), Limits(random.randint(20, 30)))


def _module(random: Random, number: int, most: int) -> Candidate:
    after = (f"p/m{random.randint(0, most - 1)}",) if random.random() < 0.25 else ()
    aims = tuple(random.sample(("balance", "hybridise", "lead"), random.randint(0, 2)))
    tags = tuple(random.sample(WORDS, random.randint(0, 2)))
    return module(
        f"p/m{number}",
        _text(random),
        tags,
        random.choice((5, 6, 8, 12)),
        after,
        aims,
        random.choice(("scenario", "dilemma")),
        maturity=random.choice(((1, 2), (1, 3), (2, 2), (2, 4), (3, 4))),
    )


def _text(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=random.randint(2, 7)))
