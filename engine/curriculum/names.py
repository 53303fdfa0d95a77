"""The names that people give to the fields of a course, in French or English, and ids made of titles."""

from __future__ import annotations

from collections.abc import Mapping

from engine.faults import nearest
from engine.folding import fold

COURSE: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "identifiant"),
    "title": ("title", "titre", "course", "cours", "parcours"),
    "language": ("language", "langue"),
    "theme": ("theme",),
    "starts_on": ("starts on", "starts", "start", "debut", "commence le"),
    "audience": ("audience", "public"),
    "sections": ("sections",),
}
AUDIENCE: Mapping[str, tuple[str, ...]] = {
    "language": ("language", "langue"),
    "group_size": ("group size", "group", "groupe", "taille du groupe", "effectif"),
    "mode": ("mode", "modalite"),
    "maturity": ("maturity", "maturite"),
}
SECTION: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "identifiant", "section id", "section"),
    "title": ("title", "titre", "intitule", "heading"),
    "text": ("text", "texte", "description", "contenu", "content"),
    "week": ("week", "semaine"),
    "starts": ("starts", "start", "debut", "from", "du"),
    "ends": ("ends", "end", "fin", "to", "au"),
    "minutes": ("minutes", "duree", "duration", "duree en minutes"),
    "tags": ("tags", "tag", "etiquettes", "etiquette", "mots cles", "keywords"),
}
MODES: Mapping[str, tuple[str, ...]] = {
    "online": ("online", "en ligne", "a distance", "distanciel"),
    "onsite": ("onsite", "on site", "sur place", "presentiel", "en presence"),
    "either": ("either", "both", "hybrid", "hybride", "mixte", "les deux"),
}


def slug(text: str) -> str:
    """``"L’équipe, à deux"`` gives ``"l-equipe-a-deux"``: 60 characters at most, empty when nothing is left."""
    return fold(text).replace(" ", "-")[:60].strip("-")


def named(word: str, known: Mapping[str, tuple[str, ...]]) -> str | None:
    """Which of the known names a written word stands for, accents and case aside; None when it is none of them."""
    folded = fold(word)
    return next((name for name, words in known.items() if folded in words), None)


def hint(word: str, known: Mapping[str, tuple[str, ...]]) -> str:
    """What to do about a word that is none of them: ``did you mean “x”?``, else the names there are."""
    return nearest(fold(word), spellings(known), f"use one of: {', '.join(known)}")


def spellings(known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Every word that stands for one of the known names."""
    return tuple(word for words in known.values() for word in words)
