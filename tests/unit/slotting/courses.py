"""Courses and modules for the tests of slotting: a few by hand, any number by hypothesis."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from engine.curriculum.outline import Audience, Outline, Section
from engine.slotting.values import Candidate, Limits

AUDIENCE = Audience("fr", group_size=18, mode="online", maturity=2)


def module(key: str, text: str = "", tags: tuple[str, ...] = (), minutes: int = 8, after: tuple[str, ...] = (),
           aims: tuple[str, ...] = ("hybridise",), kind: str = "scenario", **other: object) -> Candidate:
    """A module that suits ``AUDIENCE`` unless told otherwise."""
    values: dict[str, object] = {"format": "mooc-unit", "group_size": (1, 1), "mode": "online", "maturity": (1, 3),
                                 "keywords": (), "languages": ("fr", "en")}
    return Candidate(key=key, text=text, tags=tags, minutes=minutes, after=after, aims=aims, kind=kind,
                     **{**values, **other})  # type: ignore[arg-type]


def outline(*sections: Section, audience: Audience = AUDIENCE, **other: object) -> Outline:
    """A French course of these sections."""
    return Outline("cours", "Cours", "fr", audience, sections, **other)  # type: ignore[arg-type]


HALLE = module("p/halle", "Boucler le budget de la halle : subventions et marché", ("budget", "financement"))
EPICERIE = module("p/epicerie", "Choisir le mode de gestion d’une épicerie : régie ou association", ("gouvernance",),
                  kind="dilemma", aims=("co-construct",))
EQUIPE = module("p/equipe", "Une équipe réduite, des compétences, une charge trop lourde", ("equipe",), aims=("balance",))
MODULES = (HALLE, EPICERIE, EQUIPE)

COURSE = outline(
    Section("equipe", "L’équipe", "Les compétences présentes et la charge de chacun.", tags=("Équipe",)),
    Section("argent", "L’argent", "Le budget d’une halle, ses subventions, son marché.", tags=("budget",)),
    Section("gestion", "La gestion", "Régie ou association, le mode de gestion d’une épicerie.", tags=("gouvernance",)),
    Section("bilan", "Le bilan", "Lire les comptes.", tags=("bilan",)),
)


@dataclass(frozen=True)
class Case:
    """One placement problem."""

    outline: Outline
    modules: tuple[Candidate, ...]
    limits: Limits


WORDS = ("budget", "halle", "régie", "équipe", "marché", "bilan", "épicerie", "charge")
_texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
_tags = st.lists(st.sampled_from(WORDS[:5]), max_size=2, unique=True).map(tuple)


@st.composite
def cases(draw: st.DrawFn, with_pins: bool = True) -> Case:
    """Small problems in which everything can be scarce: sections, minutes, links, prerequisites; pins that may conflict."""
    weeks = draw(st.lists(st.none() | st.integers(1, 4), min_size=1, max_size=6))
    sections = [Section(f"s{n}", "Titre", draw(_texts), week=week, minutes=draw(st.sampled_from((0, 0, 7))), tags=draw(_tags))
                for n, week in enumerate(weeks)]
    modules = []
    for n in range(draw(st.integers(0, 6))):
        after = draw(st.lists(st.integers(0, 6), max_size=1)) if draw(st.booleans()) else []
        modules.append(module(
            f"p/m{n}", draw(_texts), draw(_tags), draw(st.sampled_from((5, 6, 8, 12))), tuple(f"p/m{a}" for a in after),
            tuple(draw(st.lists(st.sampled_from(("balance", "hybridise", "lead")), max_size=2, unique=True))),
            draw(st.sampled_from(("scenario", "dilemma"))), maturity=draw(st.sampled_from(((1, 3), (1, 3), (3, 4))))))
    keys, ids = [m.key for m in modules], [s.id for s in sections]
    pins = draw(st.sets(st.tuples(st.sampled_from(keys), st.sampled_from(ids)), max_size=3)) if modules and with_pins else set()
    bans = draw(st.sets(st.sampled_from(keys), max_size=2)) if modules else set()
    limits = Limits(draw(st.sampled_from((5, 12, 18))), frozenset(pins), frozenset(bans))
    return Case(outline(*sections), tuple(modules), limits)
